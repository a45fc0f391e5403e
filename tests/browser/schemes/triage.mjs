import { checked, pick } from "./common.mjs";

const DECISIONS = ["accept", "reject", "skip"];

export const answer = async (page, form, hand, turn) => {
  const radios = await form.$$("input[type=radio]");
  const place = pick(radios, turn);
  await hand.choose(radios[place]);
  return { labels: { decision: DECISIONS[place] } };
};

export const seen = async (page, form) => ({ labels: await checked(form) });
