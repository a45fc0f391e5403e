// outage.mjs URL ANSWERS MARKS: one annotator who goes on whatever happens to the server and to the network.
//
// Before an answer whose number is among MARKS ("17,34") it prints "at N" and waits for a line. Then it prints "away" once the page cannot
// reach the server. At the end "done" and, as JSON, what was chosen: { item: label }.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { WIDE, fresh, open, sign_in } from "./kit.mjs";
import { mouse } from "./hands.mjs";

const PATIENCE = 120000;
// A second after nothing happened somebody presses the key again.
const AGAIN = 1000;

const [url, answers, marks] = process.argv.slice(2);
const stops = new Set(marks.split(",").map(Number));
const orders = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const browser = await open();
const { page, complaints } = await fresh(browser, WIDE);
let told = false;

// Where the browser is; nothing while it is between two pages or on one of its own that says that there is no connection.
const place = () => page.evaluate(() => ({
  number: document.getElementById("instance-number")?.textContent ?? null,
  item: document.getElementById("instance_id")?.value ?? null,
  kept: document.getElementById("save-status")?.textContent.startsWith("Kept on this device") ?? false,
  ready: document.readyState === "complete",
  done: document.body.textContent.includes("Thank You!"),
  ours: location.protocol === "http:",
})).catch(() => null);

const away = () => {
  if (!told) console.log("away");
  told = true;
};

// Asks until `holds` of the place, for a while; looks after pages that did not load as a person does, by loading again.
const come = async (holds, patience) => {
  const end = Date.now() + patience;
  for (;;) {
    const now = await place();
    if (now?.kept || (now && !now.ours)) away();
    if (now?.ready && (now.done || (now.item && holds(now)))) return now;
    if (Date.now() > end) return null;
    if (now?.ready && !now.item && !now.done) await page.goto(url).catch(() => {});
    else await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const arrive = async (holds) => {
  const now = await come(holds, PATIENCE);
  assert.ok(now, "the page comes back");
  return now;
};

try {
  await page.goto(url);
  await sign_in(page, mouse(page), "browser");
  const chosen = {};
  for (let n = 1; n <= Number(answers); n += 1) {
    const here = await arrive((now) => now.number === `#${n}`);
    assert.equal(here.number, `#${n}`);
    if (stops.has(n)) {
      console.log(`at ${n}`);
      told = false;
      await orders.next();
    }
    const key = `${(n % 4) + 1}`;
    await page.keyboard.press(key);
    chosen[here.item] = await page.$eval(`#annotation-forms [data-key="${key}"]`, (input) => {
      if (!input.checked) throw new Error("a key chooses");
      return input.value;
    });
    const end = Date.now() + PATIENCE;
    for (let moved = null; !moved;) {
      assert.ok(Date.now() < end, `the page goes on after answer ${n}`);
      await page.keyboard.press("Enter").catch(() => {});
      moved = await come((now) => now.number !== here.number, AGAIN);
    }
  }
  const last = await place();
  assert.ok(last.done, "all is done at the end");
  assert.deepEqual(complaints, []);
  console.log(`done ${JSON.stringify(chosen)}`);
} finally {
  await browser.close();
  process.stdin.destroy();
}
