// Two words are marked, each with a label of its own.
import { attribute } from "./common.mjs";

// Words of a text between white space, with their places in code points and among all words of the text.
const words_of = (place) => place.evaluate((root) => {
  const points = (text) => [...text].length;
  const segments = [...new Intl.Segmenter(document.documentElement.lang, { granularity: "word" }).segment(root.textContent)];
  const words = segments.filter((segment) => segment.isWordLike);
  const plain = (word) => /^\p{L}{3,}$/u.test(word.segment)
    && /^\s?$/u.test(root.textContent.charAt(word.index - 1)) && /^[\s.,;]?$/u.test(root.textContent.charAt(word.index + word.segment.length));
  return words.map((word, index) => ({ word, index })).filter(({ word }) => plain(word)).map(({ word: { index: at, segment }, index }) => {
    const start = points(root.textContent.slice(0, at));
    return { index, at, units: segment.length, start, end: start + points(segment) };
  });
});

// The middle of a word, in the window.
const middle_of = (place, { at, units }) => place.evaluate((root, at, units) => {
  root.scrollIntoView({ block: "center" });
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let before = 0;
  while (walker.nextNode() && before + walker.currentNode.data.length <= at) before += walker.currentNode.data.length;
  const range = document.createRange();
  range.setStart(walker.currentNode, at - before);
  range.setEnd(walker.currentNode, at - before + units);
  range.startContainer.parentElement.scrollIntoView({ block: "center" });
  const { x, y, width, height } = range.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}, at, units);

const mark = async (page, hand, place, label, word) => {
  await hand.choose(label);
  if (hand.way === "mouse") {
    const { x, y } = await middle_of(place, word);
    await page.mouse.click(x, y, { count: 2 });
    return;
  }
  await hand.reach(place);
  const at = await place.evaluate((root) => Number(root.dataset.walked ?? 0));
  for (let step = at; step < word.index; step += 1) await hand.key("ArrowRight");
  await place.evaluate((root, index) => { root.dataset.walked = index; }, word.index);
  await hand.key("Enter");
};

export const answer = async (page, form, hand, turn) => {
  const places = await page.$$("[data-mark]");
  const place = places[turn % places.length];
  const labels = await form.$$("input.span-label");
  const schema = await attribute(form, "data-schema-name");
  const nth = (await page.$$(`form[data-annotation-type=span]`)).length > 1
    ? await form.evaluate((form) => [...document.querySelectorAll("form[data-annotation-type=span]")].indexOf(form))
    : 0;
  const words = (await words_of(place)).slice(2 * nth, 2 * nth + 2);
  const spans = [];
  for (const [n, word] of words.entries()) {
    const label = labels[(n + turn) % labels.length];
    await mark(page, hand, place, label, word);
    const { spanLabel: name, spanTitle: title } = await label.evaluate((label) => ({ ...label.dataset }));
    const field = await attribute(place, "data-mark");
    const id = `${schema}_${name}___${word.start}_${word.end}${field && `_${field}`}`;
    spans.push({ schema, name, title, start: word.start, end: word.end, id, ...(field ? { target_field: field } : {}), value: name });
  }
  return { labels: {}, spans };
};

// The list beside the text has them, in its order, each with its words; over the text lies a tag for each.
export const seen = async (page, form) => {
  const schema = await attribute(form, "data-schema-name");
  const listed = await form.$$eval(`[data-span-list="${schema}"] li`, (rows) => rows.map((row) => row.dataset.spanId));
  const stored = await page.evaluate(async () => {
    const item = document.getElementById("instance_id").value;
    return (await (await fetch(`/api/spans/${encodeURIComponent(item)}`)).json()).spans;
  });
  const drawn = await page.$$eval(".span-tag", (tags) => tags.length);
  if (drawn !== stored.length) throw new Error(`${drawn} tags lie over the text for ${stored.length} spans`);
  return {
    labels: {},
    spans: listed.map((id) => {
      const { label, title, start, end, target_field } = stored.find((span) => span.id === id);
      return { schema, name: label, title, start, end, id, ...(target_field ? { target_field } : {}), value: label };
    }),
  };
};
