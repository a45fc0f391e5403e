// layout.mjs URL: forms in groups and columns, keywords, a pair with its justification, ranks that are shared, a film.
import assert from "node:assert/strict";
import puppeteer from "puppeteer-core";

const url = process.argv[2];
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
const page = await browser.newPage();
const errors = [];
page.on("pageerror", (error) => errors.push(error.message));
const until = (holds, ...given) => page.waitForFunction(holds, { timeout: 15000, polling: 50 }, ...given)
  .catch((error) => { throw new Error(`${error.message}: ${holds} ${given}`); });
const box = async (selector) => (await page.$(selector)).boundingBox();
const overflows = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
const shot = async (name) => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
};
const stored = async (scheme, label, expected) => {
  await until(async (scheme, label, expected) => {
    const { label_values } = await (await fetch("/get_annotations?instance_id=1")).json();
    return label_values[scheme]?.[label] === expected;
  }, scheme, label, expected);
};

try {
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(url);
  // Keys before the field has the focus would be lost.
  await page.waitForSelector("#login-email:focus");
  await page.keyboard.type("forms");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#keys-switch:not([hidden])");

  // Keywords: a line, a number and its words, none of them a part of the text.
  const marks = await page.$$eval("mark.keyword", (marks) => marks.map((mark) => [mark.textContent, mark.dataset.number]));
  assert.deepEqual(marks, [["certainly", "1"], ["ba", null], ["d", "2"]]);
  assert.equal(await page.$eval("#text-content", (text) => text.textContent), "This is certainly not bad.");
  const look = await page.$eval("mark.keyword", (mark) => [getComputedStyle(mark).borderBottomStyle, getComputedStyle(mark, "::after").content]);
  assert.equal(look[0], "solid");
  assert.match(look[1], /data-number|1/);
  assert.deepEqual(await page.$$eval(".legend li", (rows) => rows.map((row) => row.textContent)), ["Sure", "Grief"]);

  // Two columns, a form over both, a group with its title, one that is folded away.
  const [rank, mood, film] = await Promise.all(["#rank", "#mood", "#film"].map(box));
  assert.ok(rank.x + rank.width <= mood.x && rank.y === mood.y, "two forms stand side by side");
  assert.ok(film.width > 2 * mood.width, "a form stands over both columns");
  assert.equal(await page.$eval(".form-group h2", (title) => title.textContent), "Which is better?");
  assert.equal(await page.$eval("#remark", (form) => form.checkVisibility()), false);
  await until(() => document.querySelector("#film video").videoWidth === 64);

  // The pair is in the form; a choice asks for its reasons.
  assert.deepEqual(await page.$$eval("#pair .cell-text", (cells) => cells.map((cell) => cell.textContent)), ["one", "two"]);
  await page.keyboard.press("1");
  await stored("pair", "selection", "A");
  await page.focus("#next-btn");
  await page.keyboard.press("Enter");
  await until(() => document.getElementById("pair").classList.contains("unmet"));
  await page.click("#pair .justification .choice");
  await page.focus("#pair textarea");
  await page.keyboard.type("Because.");
  await stored("pair", "justification", JSON.stringify({ reasons: ["clear"], rationale: "Because." }));

  // By keyboard: c to the top, a beside it.
  const press = async (label, what) => {
    await page.focus(`#rank [data-label=${label}] ${what}`);
    await page.keyboard.press("Enter");
  };
  await press("c", "[data-step='-1']");
  await press("c", "[data-step='-1']");
  await press("a", "[data-tie]");
  await stored("rank", "rank_order", "c=a,b");
  await page.reload();
  await page.waitForSelector("#keys-switch:not([hidden])");
  assert.deepEqual(await page.$$eval("#rank li", (rows) => rows.map((row) => `${row.dataset.label}${row.matches("[data-tied]") ? "=" : ""}`)), ["c", "a=", "b"]);
  assert.equal(await page.$eval("#pair textarea", (area) => area.value), "Because.");
  assert.equal(await overflows(), false);
  await shot("forms-wide");

  // On a phone all of it is one column.
  await page.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true });
  await page.reload();
  await page.waitForSelector("#next-btn");
  const [above, below] = await Promise.all(["#rank", "#mood"].map(box));
  assert.ok(above.y + above.height <= below.y && above.x === below.x, "forms stand one under the other");
  assert.equal(await overflows(), false, "nothing is wider than a phone");
  await shot("forms-phone");
  assert.deepEqual(errors, []);
} finally {
  await browser.close();
}
