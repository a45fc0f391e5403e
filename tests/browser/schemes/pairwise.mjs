import { checked, filled, pick, slide } from "./common.mjs";
import * as rows from "./rows.mjs";

const SIDES = ["A", "B", "tie"];

// One choice, a point between both, or one choice for each dimension.
export const answer = async (page, form, hand, turn) => {
  const range = await form.$("input[type=range]");
  if (range) return { labels: { scale_value: await slide(form, hand, range, turn) } };
  if (await form.$(".rating-row")) return rows.rate(form, hand, turn, (_, place) => SIDES[place]);
  const radios = await form.$$("input[type=radio]");
  const place = pick(radios, turn);
  await hand.choose(radios[place]);
  return { labels: { selection: SIDES[place] } };
};

export const seen = async (page, form) => ({
  labels: (await form.$("input[type=range]")) ? await filled(form) : await checked(form),
});
