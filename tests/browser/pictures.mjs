// pictures.mjs DIR < SITES: the page of each study with answers, on a wide screen in light and on a phone in dark; sign-in and done once.
import { join } from "node:path";
import { answer_all } from "./forms.mjs";
import { mouse } from "./hands.mjs";
import { PHONE, WIDE, fresh, leave, open, read_all, saved, sign_in } from "./kit.mjs";

// Its first page is pictured as the one of all studies.
const MODEL = "radio";
const LOOKS = [["1280", WIDE, "light"], ["360", PHONE, "dark"]];

const target = process.argv[2];
const browser = await open();

const picture = async ({ name, url }, [width, viewport, theme]) => {
  const { page, close } = await fresh(browser, viewport);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  const take = async (what) => {
    // Where the mouse was last is no part of the page.
    await page.mouse.move(0, 0);
    await page.evaluate(() => { scrollTo(0, 0); });
    await page.screenshot({ path: join(target, `${what}-${width}.png`) });
  };
  try {
    const hand = mouse(page);
    await page.goto(url);
    if (name === MODEL) await take("sign-in");
    await sign_in(page, hand, `${name}-${width}`);
    await answer_all(page, hand, 0);
    await saved(page);
    await take(name);
    if (name !== MODEL) return;
    while (await page.$("#instance_id")) {
      await leave(page, async () => hand.press(await page.$("#next-btn")));
      if (await page.$("#instance_id")) await answer_all(page, hand, 1);
    }
    await take("done");
  } finally {
    await close();
  }
};

try {
  for (const site of JSON.parse(await read_all(process.stdin))) for (const look of LOOKS) await picture(site, look);
} finally {
  await browser.close();
}
