import { checked, pick } from "./common.mjs";

// Points are numbered from 1, as text.
export const answer = async (page, form, hand, turn) => {
  const points = await form.$$(".scale-points input");
  const place = pick(points, turn);
  await hand.choose(points[place]);
  return { labels: { [`${place + 1}`]: `${place + 1}` } };
};

export const seen = async (page, form) => ({ labels: await checked(form) });
