import { filled, slide } from "./common.mjs";

export const answer = async (page, form, hand, turn) => {
  const [low, high] = await form.$$("input[type=range]");
  const range_low = await slide(form, hand, low, turn ? 0 : 0.2);
  return { labels: { range_low, range_high: await slide(form, hand, high, turn ? 0.9 : 1) } };
};

export const seen = async (page, form) => ({ labels: await filled(form) });
