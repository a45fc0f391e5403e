// spans.mjs URL: marks spans in two fields, with the mouse and by keyboard alone; prints what the server has.
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
const until = (holds, ...given) => page.waitForFunction(holds, { timeout: 15000, polling: 50 }, ...given);
const tags = () => page.$$eval(".span-tag", (tags) => tags.map((tag) => tag.textContent));
const stored = () => page.evaluate(async () => {
  const item = document.getElementById("instance_id").value;
  return (await (await fetch(`/api/spans/${item}`)).json()).spans
    .map(({ label, text, target_field }) => `${target_field} ${label} ${text}`).sort();
});
// The status line may still speak of the save before: what counts is what the server has.
const comes_to = async (read, expected) => {
  const end = Date.now() + 15000;
  for (;;) {
    const found = await read();
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    if (Date.now() > end) assert.deepEqual(found, expected);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

try {
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(url);
  // Keys before the field has the focus would be lost.
  await page.waitForSelector("#login-email:focus");
  await page.keyboard.type("spans");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#keys-switch:not([hidden])");

  // With the mouse: a double click selects a word, which gets the label that is chosen.
  await page.click("#ent_WHO");
  const place = await page.evaluate(() => {
    const node = document.querySelector("[data-mark=premise]").firstChild;
    const range = document.createRange();
    range.setStart(node, 0);
    range.setEnd(node, 3);
    const { x, y, width, height } = range.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  });
  await page.mouse.click(place.x, place.y, { clickCount: 2 });
  await until(() => document.querySelectorAll(".span-tag").length === 1);
  await comes_to(stored, ["premise WHO Tom"]);

  // By keyboard: to the second text, two words on, one more with Shift, the label's key.
  await page.focus("[data-mark=hypothesis]");
  for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  await page.keyboard.down("Shift");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.up("Shift");
  await page.keyboard.press("2");
  await until(() => document.querySelectorAll(".span-tag").length === 2);
  await comes_to(stored, ["hypothesis WHERE in Graz", "premise WHO Tom"]);

  // A word less, another label, and one taken out: all by the list.
  await page.focus("[data-span-list] li:last-child [data-act=start-right]");
  await page.keyboard.press("Enter");
  await until(() => document.querySelector("[data-span-list]").textContent.includes("“Graz”"));
  await page.reload();
  await page.waitForSelector("#keys-switch:not([hidden])");
  await until(() => document.querySelectorAll(".span-tag").length === 2);
  assert.deepEqual((await tags()).sort(), ["WHERE", "WHO"]);

  // A link, from one span to the other: the wrong way is told, the right one is stored.
  const choose = async (which) => {
    await page.focus(`[data-span-list] li:${which}-child [data-act=choose]`);
    await page.keyboard.press("Enter");
  };
  const begun = (words) => until((words) => document.querySelector(".link-begun").textContent.includes(words), words);
  await page.focus(".link-type");
  await page.keyboard.press("Space");
  await choose("last");
  await begun("from “Graz”");
  await choose("first");
  await begun("does not go from WHERE to WHO");
  await choose("first");
  await choose("last");
  await until(() => document.querySelectorAll("[data-link-list] li").length === 1);
  const links = () => page.evaluate(async () => {
    const item = document.getElementById("instance_id").value;
    return (await (await fetch(`/api/links/${item}`)).json()).links.map(({ link_type }) => link_type);
  });
  await comes_to(links, ["lives_in"]);
  await page.reload();
  await page.waitForSelector("#keys-switch:not([hidden])");
  await until(() => document.querySelectorAll("[data-link-list] li").length === 1);

  // A span that is taken out takes its link along.
  await page.focus("[data-span-list] li:first-child [data-act=choose]");
  await page.keyboard.press("Delete");
  await until(() => document.querySelectorAll(".span-tag").length === 1);
  await comes_to(stored, ["hypothesis WHERE Graz"]);
  await comes_to(links, []);
  assert.deepEqual(errors, []);
} finally {
  await browser.close();
}
