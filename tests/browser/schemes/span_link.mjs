// Two of the spans that are there get linked.
import { attribute } from "./common.mjs";

export const answer = async (page, form, hand) => {
  const schema = await attribute(form, "data-schema-name");
  const spans_of = await form.$eval("input[data-span-schema]", (input) => input.dataset.spanSchema);
  const rows = await page.$$(`[data-span-list="${spans_of}"] li`);
  const known = await Promise.all(rows.map(async (row) => {
    const id = await attribute(row, "data-span-id");
    return { id, name: id.slice(`${spans_of}_`.length).split("___")[0] };
  }));
  const types = await form.$$("input.link-type");
  for (const type of types) {
    const { linkType: link_type, linkDirection: direction, linkSources, linkTargets } = await type.evaluate((type) => ({ ...type.dataset }));
    const fits = (allowed, { name }) => JSON.parse(allowed).length === 0 || JSON.parse(allowed).includes(name);
    const from = known.find((span) => fits(linkSources, span));
    const to = known.find((span) => span !== from && fits(linkTargets, span));
    if (!from || !to) continue;
    await hand.choose(type);
    for (const { id } of [from, to]) await hand.press(await page.$(`[data-span-id="${id}"] [data-act=choose]`));
    const id = `${schema}_${link_type}_${from.id}_${to.id}`;
    return { labels: {}, links: [{ id, schema, link_type, span_ids: [from.id, to.id], direction, properties: {} }] };
  }
  return { labels: {}, links: [] };
};

export const seen = async (page, form) => {
  const schema = await attribute(form, "data-schema-name");
  const listed = await form.$$eval(`[data-link-list] li`, (rows) => rows.length);
  const links = await page.evaluate(async () => {
    const item = document.getElementById("instance_id").value;
    return (await (await fetch(`/api/links/${encodeURIComponent(item)}`)).json()).links;
  });
  const own = links.filter((link) => link.schema === schema);
  if (own.length !== listed) throw new Error(`${listed} links are listed, and ${own.length} are stored`);
  return { labels: {}, links: own };
};
