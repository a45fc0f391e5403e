import { filled, value } from "./common.mjs";

// The first entry is the invitation to choose.
export const answer = async (page, form, hand, turn) => {
  const list = await form.$("select");
  await hand.select(list, turn + 2);
  const shown = await list.evaluate((list) => list.selectedIndex);
  if (shown !== turn + 2) throw new Error(`entry ${shown} of the list is chosen, not ${turn + 2}`);
  return { labels: { "select-one": await value(list) } };
};

export const seen = async (page, form) => ({ labels: await filled(form) });
