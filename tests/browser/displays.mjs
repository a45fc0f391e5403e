// displays.mjs URL: an item with a field of each type, on a wide screen and on a phone.
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
page.on("console", (message) => {
  if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) errors.push(message.text());
});
const until = (holds, ...given) => page.waitForFunction(holds, { timeout: 15000, polling: 50 }, ...given)
  .catch((error) => { throw new Error(`${error.message}: ${holds} ${given}`); });
const overflows = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
const box = async (selector) => (await page.$(selector)).boundingBox();
const field = (key) => `[data-field-key=${key}]`;
const shot = async (name) => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
};

try {
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(url);
  // Keys before the field has the focus would be lost.
  await page.waitForSelector("#login-email:focus");
  await page.keyboard.type("displays");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#keys-switch:not([hidden])");

  // An image: whole, no wider than its room, and in full size on request, by mouse and by keyboard.
  await until((selector) => document.querySelector(selector)?.naturalWidth === 1600, `${field("picture")} img`);
  const picture = await box(`${field("picture")} img`);
  assert.ok(picture.width > 300 && picture.width < 900, `the image fits its room: ${picture.width}`);
  assert.ok(Math.abs(picture.width / picture.height - 1600 / 900) < 0.02, "the image keeps its proportions");
  assert.equal(await page.$eval(`${field("picture")} img`, (image) => image.alt), "A blue field");
  await page.click(`${field("picture")} img`);
  await until(() => document.getElementById("full-size").open);
  await until(() => document.querySelector("#full-size img").getBoundingClientRect().width === 1600);
  assert.ok(await page.$eval(".full-size", (frame) => frame.scrollWidth > frame.clientWidth), "a large image scrolls");
  await page.keyboard.press("1");
  assert.equal(await page.$("#annotation-forms :checked"), null, "keys do not reach the forms behind it");
  await page.keyboard.press("Escape");
  await until(() => !document.getElementById("full-size").open);
  await page.focus(`${field("picture")} a`);
  await page.keyboard.press("Enter");
  await until(() => document.getElementById("full-size").open);
  await page.keyboard.press("Escape");
  await until(() => !document.getElementById("full-size").open);

  // What is not there is named, whether the server knows it or only the browser.
  const missing = (key) => page.$eval(`${field(key)} .media-missing`, (note) => note.textContent);
  assert.match(await missing("gone"), /media\/lost\.png is missing/);
  await until((selector) => document.querySelector(selector), `${field("elsewhere")} .media-missing`);
  assert.match(await missing("elsewhere"), /http:\/\/127\.0\.0\.1:9\/nothing\.png/);

  // A film seeks, and plays by keyboard without leaving the item.
  const film = `${field("film")} video`;
  await until((selector) => document.querySelector(selector).readyState >= 1, film);
  const [width, duration] = await page.$eval(film, (video) => [video.videoWidth, video.duration]);
  assert.equal(width, 64);
  assert.ok(duration > 3, `the film is ${duration} s long`);
  await page.$eval(film, (video) => { video.currentTime = 3; });
  await until((selector) => {
    const video = document.querySelector(selector);
    return !video.seeking && Math.abs(video.currentTime - 3) < 0.3;
  }, film);
  await page.focus(film);
  await page.keyboard.press("Space");
  await until((selector) => document.querySelector(selector).played.length > 0, film);
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.$eval("#instance_id", (input) => input.value), "1");
  await until((selector) => document.querySelector(selector).duration > 0.5, `${field("sound")} audio`);

  // Two texts side by side, with their names.
  const cells = () => Promise.all([1, 2].map((n) => box(`${field("pair")} .cell:nth-child(${n})`)));
  let [first, second] = await cells();
  assert.ok(first.x + first.width <= second.x && first.y === second.y, "the texts stand side by side");
  assert.deepEqual(await page.$$eval(".cell-label", (labels) => labels.map((label) => label.textContent)), ["A", "B"]);

  // A document scrolls in itself, its contents lead into it, and its spans stay over their words.
  const scrolled = () => page.$eval(`${field("doc")} .field-content`, (box) => [box.clientHeight, box.scrollTop]);
  assert.ok((await scrolled())[0] <= 200 + 2);
  await page.click(`${field("doc")} .outline summary`);
  await page.click(`${field("doc")} .outline li:nth-child(2) a`);
  await until((selector) => document.querySelector(selector).scrollTop > 100, `${field("doc")} .field-content`);
  await page.click("#ent_WHO");
  const word = () => page.evaluate(() => {
    const text = [...document.querySelectorAll("[data-mark] p")].at(-1).firstChild;
    const range = document.createRange();
    range.setStart(text, 0);
    range.setEnd(text, 3);
    const { x, y, width, height } = range.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  });
  const place = await word();
  await page.mouse.click(place.x, place.y, { clickCount: 2 });
  await until(() => document.querySelectorAll(".span-line").length === 1);
  const line = await page.$eval(".span-line", (line) => line.getBoundingClientRect().toJSON());
  const now = await word();
  assert.ok(line.top <= now.y && now.y <= line.bottom && line.left <= now.x && now.x <= line.right, "the span is over its word");
  const spans = async () => (await (await fetch("/api/spans/1")).json()).spans.map(({ text, target_field }) => `${target_field} ${text}`);
  await until(async () => (await (await fetch("/api/spans/1")).json()).spans.length === 1);
  assert.deepEqual(await page.evaluate(spans), ["doc Tom"]);

  // A table scrolls in itself, under its head, also by keyboard.
  const sheet = `${field("table")} .sheet`;
  assert.equal(await page.$$eval(`${sheet} thead th[scope=col]`, (heads) => heads.length), 12);
  assert.ok(await page.$eval(sheet, (sheet) => sheet.scrollWidth > sheet.clientWidth && sheet.scrollHeight > sheet.clientHeight));
  await page.focus(sheet);
  await page.keyboard.press("ArrowRight");
  await until((selector) => document.querySelector(selector).scrollLeft > 0, sheet);
  assert.equal(await page.$eval("#instance_id", (input) => input.value), "1");

  // A grid of images, each with its words.
  const pics = () => Promise.all([1, 2].map((n) => box(`${field("pics")} li:nth-child(${n})`)));
  const [one, two] = await pics();
  assert.ok(one.y === two.y && one.x < two.x, "images stand in a grid");
  assert.deepEqual(await page.$$eval("figcaption", (words) => words.map((word) => word.textContent)), ["One", "Two"]);
  assert.equal(await overflows(), false, "nothing is wider than the screen");
  await shot("displays-wide");

  // In the dark theme, words stand out from what is behind them.
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  const contrasts = await page.evaluate(() => {
    const light = (color) => {
      const [r, g, b] = color.match(/[\d.]+/g).map((part) => part / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      const { backgroundColor } = getComputedStyle(element);
      return /, 0\)$/.test(backgroundColor) ? behind(element.parentElement) : backgroundColor;
    };
    return [".cell-text", ".cell-label", ".sheet thead th", ".sheet td", ".document h1", ".media-missing", "figcaption"].map((selector) => {
      const element = document.querySelector(selector);
      const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a);
      return [selector, (a + 0.05) / (b + 0.05)];
    });
  });
  assert.deepEqual(contrasts.filter(([, contrast]) => contrast < 4.5), []);
  await shot("displays-dark");
  await page.emulateMediaFeatures([]);

  // The same on a phone.
  await page.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true });
  await page.reload();
  await page.waitForSelector("#keys-switch:not([hidden])");
  await page.waitForSelector("#next-btn");
  await until((selector) => document.querySelector(selector)?.naturalWidth === 1600, `${field("picture")} img`);
  assert.equal(await overflows(), false, "nothing is wider than a phone");
  [first, second] = await cells();
  assert.ok(first.y + first.height <= second.y && first.x === second.x, "the texts stand one under the other");
  for (const selector of [`${field("picture")} img`, film, `${field("sound")} audio`, sheet]) {
    const { x, width } = await box(selector);
    assert.ok(x >= 0 && x + width <= 360, `${selector} fits: ${x} + ${width}`);
  }
  await page.tap(`${field("picture")} img`);
  await until(() => document.getElementById("full-size").open);
  await page.tap("#full-size button");
  await until(() => !document.getElementById("full-size").open);
  await shot("displays-phone");
  assert.deepEqual(errors, []);
} finally {
  await browser.close();
}
