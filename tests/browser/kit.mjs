// What all scripts share: the browser, its complaints, arriving on a page, signing in.
import puppeteer from "puppeteer-core";

const PATIENCE = 15000;

export const open = () => puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    // A desktop with a mouse, which a browser without a screen does not take for granted.
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
  ],
});

export const WIDE = { width: 1280, height: 800 };
export const PHONE = { width: 360, height: 740 };

// A page of its own profile, with what its scripts complain about.
export const fresh = async (browser, viewport) => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport(viewport);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A refused request is logged by the browser itself; the page answers for those.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complaints.push(message.text());
  });
  return { page, complaints, close: () => context.close() };
};

export const until = (page, what, holds, ...given) =>
  page.waitForFunction(holds, { timeout: PATIENCE, polling: 25 }, ...given)
    .catch((error) => { throw new Error(`waited in vain until ${what}`, { cause: error }); });

// Does what leads to another page, and waits until that one is there with its scripts.
export const leave = async (page, act) => {
  await page.evaluate(() => { globalThis.left = true; });
  await act();
  await until(page, "another page", () => !globalThis.left && document.readyState === "complete");
};

// Everything that was answered has been taken, and the page says so.
export const saved = (page) => until(page, "the page says that it is saved", () =>
  document.getElementById("save-status").textContent === "Saved" && !Object.keys(localStorage).some((key) => key.startsWith("spud:answer:")));

// Signs in under a name, with an account of its own where the study wants passwords.
export const sign_in = async (page, hand, name) => {
  if (await page.$("#register-pass")) {
    await hand.press(await page.$("details summary"));
    await hand.type(await page.$("#register-email"), name);
    await hand.type(await page.$("#register-pass"), "a pass phrase");
    await leave(page, async () => hand.press(await page.$("form[action='/register'] button")));
  } else {
    await hand.type(await page.$("#login-email"), name);
    await leave(page, async () => hand.press(await page.$("form[action='/auth'] button")));
  }
};

export const text = async (page, selector) => (await page.$(selector))?.evaluate((element) => element.textContent.trim());

export const overflow = (page) => page.evaluate(() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide <= 0) return null;
  const widest = [...document.querySelectorAll("body *")].find((element) => element.getBoundingClientRect().right > innerWidth + 1);
  return `${wide} px wider than the window: ${widest?.outerHTML.slice(0, 120)}`;
});

export const read_all = async (stream) => {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};
