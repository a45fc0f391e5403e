// annotate.mjs URL: one annotator in Chromium, by keyboard alone.
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
  // A refused request is logged by the browser itself; the page answers for those.
  if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) errors.push(message.text());
});

const text = (selector) => page.$eval(selector, (element) => element.textContent);
const until = (holds, ...given) => page.waitForFunction(holds, { timeout: 15000, polling: 50 }, ...given);
const saved = () => until(() => document.getElementById("save-status").textContent === "Saved");
// The page listens to keys once its script has shown the button that explains them.
const ready = () => page.waitForSelector("#keys-switch:not([hidden])");
const press = (key) => page.keyboard.press(key);
const next = async () => {
  const before = await text("#instance-number");
  await press("Enter");
  await until((before) => {
    const number = document.getElementById("instance-number");
    return number
      ? number.textContent !== before && !document.getElementById("keys-switch").hidden
      : document.body.textContent.includes("Thank You!");
  }, before);
};
const at = async (number) => {
  await until((number) => document.getElementById("instance-number")?.textContent === number, number);
  await ready();
};
const checked = () => page.$$eval("#annotation-forms :checked", (inputs) => inputs.map((input) => input.value));
const overflows = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

try {
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(url);
  assert.equal(await page.evaluate(() => document.activeElement.id), "login-email", "one can type at once");
  // Keys before the field has the focus would be lost.
  await page.waitForSelector("#login-email:focus");
  await page.keyboard.type("keyboard");
  await press("Enter");
  await ready();
  const [item, answers] = await Promise.all(["#instance-text", "#annotation-forms"].map(async (selector) =>
    (await page.$(selector)).boundingBox()));
  assert.ok(item.x + item.width <= answers.x, "the item and its answers are side by side");

  // The first item: chosen by its key, changed, kept over a reload.
  await press("1");
  await press("2");
  await saved();
  assert.deepEqual(await checked(), ["negative"]);
  await page.reload();
  await ready();
  assert.deepEqual(await checked(), ["negative"], "what was saved is shown again");

  // A page that was drawn before the last acknowledgement is fetched again, once.
  await page.evaluate(() => {
    const item = document.getElementById("instance_id").value;
    localStorage.setItem("spud:acknowledged:keyboard", JSON.stringify({ item, version: "9".repeat(19) }));
  });
  let loads = 0;
  page.on("framenavigated", () => { loads += 1; });
  await page.reload();
  for (const end = Date.now() + 15000; loads < 2;) {
    assert.ok(Date.now() < end, `the page was loaded ${loads} times`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await ready();
  assert.deepEqual(await checked(), ["negative"]);
  await next();

  // The second: the server cannot be reached; the answer waits on this device, over a reload of the page, too.
  await page.setOfflineMode(true);
  await press("3");
  await until(() => document.getElementById("save-status").textContent.startsWith("Kept on this device"));
  await press("Enter");
  await until(() => !document.getElementById("error-state").hidden);
  assert.equal(await text("#instance-number"), "#2", "one does not leave an answer behind");
  await page.setOfflineMode(false);
  await saved();
  await next();

  // The third, on a phone.
  await page.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true });
  assert.equal(await overflows(), false, "nothing is wider than a phone");
  const small = await page.$$eval("#annotation-forms .choice, .bottom button:not([hidden])", (elements) =>
    elements.filter((element) => element.offsetParent && element.getBoundingClientRect().height < 44).length);
  assert.equal(small, 0, "targets are large enough for a thumb");
  await page.tap("#annotation-forms .choice");
  await saved();
  await page.tap("#next-btn");
  await at("#4");

  // Back and forth, then the end.
  await press("ArrowLeft");
  await at("#3");
  assert.deepEqual(await checked(), ["positive"]);
  await press("ArrowRight");
  await at("#4");
  await press("?");
  await until(() => document.getElementById("keys-help").open);
  await press("Escape");
  await press("4");
  await saved();
  await next();
  assert.match(await page.evaluate(() => document.body.textContent), /Thank You!/);
  assert.deepEqual(errors, []);
} finally {
  await browser.close();
}
