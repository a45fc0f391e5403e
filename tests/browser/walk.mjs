// walk.mjs < SITES: a real annotator's way through each study, once with the mouse on a wide screen and once with keys on a narrow one.
//
// SITES is JSON, [{ name, url }]. Each scheme of the first item is answered; then on, back, and the answers must be there; then the
// second item, and so to the end where the study has two. Prints { told: { site: { annotator: { item: { scheme: answer } } } }, wrong:
// [sentence, …] }.
import assert from "node:assert/strict";
import { violations } from "./axe.mjs";
import { answer_all, seen_all } from "./forms.mjs";
import { keyboard, mouse } from "./hands.mjs";
import { PHONE, WIDE, fresh, leave, open, overflow, read_all, sign_in, text } from "./kit.mjs";

const AT_ONCE = 2;
const WAYS = [["mouse", mouse, WIDE], ["keyboard", keyboard, PHONE]];

const item_of = (page) => page.$eval("#instance_id", (input) => input.value);

// The look of a page: nothing sticks out, nothing is against the rules.
const look = async (page, where, wrong) => {
  const wide = await overflow(page);
  if (wide) wrong.push(`${where} is ${wide}`);
  wrong.push(...(await violations(page)).map((violation) => `${where}: ${violation}`));
};

const walk = async (browser, { url }, annotator, [, hand_of, viewport], wrong) => {
  const { page, complaints, close } = await fresh(browser, viewport);
  const hand = hand_of(page);
  const told = {};
  try {
    await page.goto(url);
    await look(page, "sign-in", wrong);
    await sign_in(page, hand, annotator);
    await look(page, "annotate", wrong);

    const first = await item_of(page);
    told[first] = await answer_all(page, hand, 0);
    await look(page, "answered", wrong);
    await leave(page, async () => hand.press(await page.$("#next-btn")));
    const second = await page.$("#instance_id") ? await item_of(page) : null;
    if (second) {
      await leave(page, async () => hand.press(await page.$("#prev-btn")));
      assert.equal(await item_of(page), first, "Previous leads back");
      assert.deepEqual(await seen_all(page), told[first], "what was answered is shown again");
      await leave(page, async () => hand.press(await page.$("#next-btn")));
      told[second] = await answer_all(page, hand, 1);
      await leave(page, async () => hand.press(await page.$("#next-btn")));
    }
    if (!(await page.$("#instance_id"))) {
      assert.equal(await text(page, "h1"), "Thank You!");
      await look(page, "done", wrong);
    }
    wrong.push(...complaints);
  } catch (error) {
    const shown = await text(page, "#error-message-text").catch(() => null);
    wrong.push([error.stack, error.cause?.message, shown && `the page says: ${shown}`, ...complaints].filter(Boolean).join("\n  "));
  } finally {
    await close();
  }
  return told;
};

const sites = JSON.parse(await read_all(process.stdin));
const walks = sites.flatMap((site) => WAYS.map((way) => ({ site, way })));
const told = Object.fromEntries(sites.map(({ name }) => [name, {}]));
const failures = [];
const browser = await open();
const work = async () => {
  for (;;) {
    const next = walks.shift();
    if (!next) return;
    const wrong = [];
    const began = Date.now();
    const annotator = `${next.site.name}-${next.way[0]}`;
    told[next.site.name][annotator] = await walk(browser, next.site, annotator, next.way, wrong);
    if (process.env.SPUD_TIMES) console.error(`${annotator}: ${Date.now() - began} ms`);
    failures.push(...wrong.map((what) => `${annotator}: ${what}`));
  }
};
try {
  await Promise.all(Array.from({ length: AT_ONCE }, work));
} finally {
  await browser.close();
}
console.log(JSON.stringify({ told, wrong: failures }));
