import { filled } from "./common.mjs";

export const answer = async (page, form, hand, turn) => {
  const field = await form.$("input[type=number]");
  const number = await field.evaluate((field, turn) => `${Number(field.min || 0) + turn + 2}`, turn);
  await hand.type(field, number);
  return { labels: { number } };
};

export const seen = async (page, form) => ({ labels: await filled(form) });
