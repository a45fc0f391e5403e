// phases.mjs URL: consent, a survey with questions that come and go, training, an item, by keyboard and on a phone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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

const until = (holds, ...given) => page.waitForFunction(holds, { timeout: 15000, polling: 50 }, ...given);
const saved = () => until(() => document.getElementById("save-status").textContent === "Saved"
  && !Object.keys(localStorage).some((key) => key.startsWith("spud:answer:")));
const at = (title) => until((title) => document.title.startsWith(title)
  && document.getElementById("keys-switch")?.hidden === false, title);
const press = (key) => page.keyboard.press(key);
const shown = () => page.$$eval("#annotation-forms form", (forms) =>
  forms.filter((form) => form.offsetParent).map((form) => form.dataset.schemaName));
const overflows = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
const look = async (name) => {
  if (process.env.SPUD_SHOTS) await page.screenshot({ path: `${process.env.SPUD_SHOTS}/${name}.png` });
};

try {
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(url);
  await page.type("#login-email", "walker");
  await press("Enter");
  await at("Consent");
  assert.match(await page.$eval("#progress-counter", (counter) => counter.textContent), /^Consent · 1 of 4$/);
  await look("consent");

  // The page decides as the server does.
  const table = readFileSync(new URL("../../project/tests/it/data/conditions.json", import.meta.url), "utf8");
  const wrong = await page.evaluate(async ({ answers, cases }) => {
    const { rule } = await import("/static/js/conditions.js");
    const said = ({ holds, unanswered, ...condition }) => [
      rule({ show_when: [condition] }, (schema) => answers[schema]) === holds,
      rule({ show_when: [condition] }, () => ({})) === unanswered,
    ];
    return cases.filter((one) => said(one).includes(false));
  }, JSON.parse(table));
  assert.deepEqual(wrong, []);

  // What must be answered is said in words, next to the question.
  await press("Enter");
  await until(() => document.querySelector(".unmet .requirement")?.hidden === false);
  await page.evaluate(() => document.activeElement.blur());
  await press("1");
  await saved();
  await press("Enter");

  // A question comes with an answer and goes with another, and counts only while it is there.
  await at("Survey");
  await page.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  // Another kind of device loads the page again.
  await at("Survey");
  assert.deepEqual(await shown(), ["pets", "count"]);
  await page.click("#pets_dog_checkbox");
  await until(() => document.querySelector("form[data-schema-name=dog_name]").offsetParent);
  assert.deepEqual(await shown(), ["pets", "dog_name", "count"]);
  assert.equal(await overflows(), false, "nothing is wider than a phone");
  await look("survey-phone-dark");
  await saved();
  await page.click("#next-btn");
  await until(() => document.querySelector("form[data-schema-name=dog_name] .requirement")?.hidden === false);
  await page.click("#pets_dog_checkbox");
  await until(() => !document.querySelector("form[data-schema-name=dog_name]").offsetParent);
  await page.type("#annotation-forms input[type=number]", "12");
  await until(() => document.querySelector("form[data-schema-name=many]").offsetParent);
  await saved();
  await page.reload();
  await at("Survey");
  assert.deepEqual(await shown(), ["pets", "count", "many"], "the server draws what the page showed");
  await page.click("#next-btn");

  // Training: wrong, then right.
  await at("Training");
  await press("2");
  await saved();
  await press("Enter");
  await page.waitForSelector("#feedback.error");
  await look("training");
  assert.match(await page.$eval("#feedback", (words) => words.textContent), /Incorrect\. It shines\. Try again\./);
  await at("Training");
  await press("1");
  await saved();
  await press("Enter");
  await at("1 ·");
  assert.equal(await page.$eval("#instance_id", (input) => input.value), "x");
  assert.deepEqual(errors, []);
} finally {
  await browser.close();
}
