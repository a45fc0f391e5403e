// The last goes to the top, one place at a time.
export const answer = async (page, form, hand, turn) => {
  const order = await form.$$eval(".rank", (rows) => rows.map((row) => row.dataset.label));
  const last = order.pop();
  if (turn === 0) {
    const row = await form.$(".rank:last-child");
    for (const _ of order) await hand.press(await row.$("[data-step='-1']"));
    return { labels: { rank_order: [last, ...order].join(",") } };
  }
  await hand.press(await form.$("[data-keep-order]"));
  return { labels: { rank_order: [...order, last].join(",") } };
};

export const seen = async (page, form) => ({
  labels: { rank_order: await form.$$eval(".rank", (rows) => rows.map((row) => row.dataset.label).join(",")) },
});
