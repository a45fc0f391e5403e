// Amounts for each label, which make a total: all of it for one, or in numbers.
import { attribute, filled, inputs, slide } from "./common.mjs";

export const answer = async (page, form, hand, turn) => {
  const rows = await inputs(form);
  const total = Number(await form.$eval(".shares", (shares) => shares.dataset.total));
  const labels = {};
  let left = total;
  for (const [n, row] of rows.entries()) {
    const label = await attribute(row, "label_name");
    if ((await attribute(row, "type")) === "range") {
      labels[label] = await slide(form, hand, row, n === turn ? 1 : 0);
    } else {
      const amount = n === rows.length - 1 ? left : Math.floor(left / (2 + turn));
      left -= amount;
      labels[label] = `${amount}`;
      await hand.type(row, labels[label]);
    }
  }
  return { labels };
};

export const seen = async (page, form) => ({ labels: await filled(form) });
