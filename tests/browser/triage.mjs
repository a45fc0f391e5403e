// triage.mjs URL: decides by arrow keys, which only look around, and by the decision's own key, which goes on.
import assert from "node:assert/strict";
import { keyboard } from "./hands.mjs";
import { PHONE, fresh, leave, open, saved, sign_in, text } from "./kit.mjs";

const browser = await open();
try {
  const { page, complaints } = await fresh(browser, PHONE);
  const hand = keyboard(page);
  await page.goto(process.argv[2]);
  await sign_in(page, hand, "keys");
  const decided = () => page.$eval("#annotation-forms :checked", (input) => input.value);
  await hand.reach(await page.$("#annotation-forms input"));
  for (const decision of ["reject", "skip"]) {
    await hand.key("ArrowDown");
    await saved(page);
    assert.equal(await decided(), decision);
    assert.equal(await text(page, "#instance-number"), "#1", "arrows do not go on");
  }
  await leave(page, () => hand.key("1"));
  assert.equal(await text(page, "#instance-number"), "#2", "the decision's key does");
  await leave(page, () => hand.key("ArrowLeft"));
  assert.equal(await decided(), "accept");
  assert.deepEqual(complaints, []);
} finally {
  await browser.close();
}
