// Rows that are each rated on one scale; `of` tells what is stored for a row's point from its place, from 0.
import { attribute, checked, pick } from "./common.mjs";

export const rate = async (form, hand, turn, of) => {
  const labels = {};
  for (const [n, row] of (await form.$$(".rating-row")).entries()) {
    const points = await row.$$("input[type=radio]");
    const place = pick(points, turn + n);
    await hand.choose(points[place]);
    labels[await attribute(points[place], "label_name")] = await of(points[place], place);
  }
  return { labels };
};

export const seen = async (page, form) => ({ labels: await checked(form) });
