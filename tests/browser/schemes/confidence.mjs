import { checked, filled, pick, slide } from "./common.mjs";

export const answer = async (page, form, hand, turn) => {
  const range = await form.$("input[type=range]");
  if (range) return { labels: { confidence_level: await slide(form, hand, range, turn ? 0.25 : 0.98) } };
  const points = await form.$$("input[type=radio]");
  const place = pick(points, turn);
  await hand.choose(points[place]);
  return { labels: { [`${place + 1}`]: `${place + 1}` } };
};

export const seen = async (page, form) => ({
  labels: (await form.$("input[type=range]")) ? await filled(form) : await checked(form),
});
