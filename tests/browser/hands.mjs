// Two ways to work a page: with the mouse, and with nothing but keys. Both do the same things under the same names.
import assert from "node:assert/strict";

// More stops than any page has.
const MOST_TABS = 400;

export const mouse = (page) => ({
  way: "mouse",

  // A button, a tile, a summary.
  press: (element) => element.click(),

  // A radio button or a box, by the row that it stands in.
  choose: async (input) => {
    const row = await input.evaluateHandle((input) => input.closest("label") ?? input);
    await row.click();
  },

  type: async (field, words) => {
    await field.click({ count: 3 });
    await page.keyboard.type(words);
  },

  select: async (list, index) => {
    await list.focus();
    const value = await list.evaluate((list, index) => list.options[index].value, index);
    await list.select(value);
  },

  // `part` of the way from the slider's beginning, 0 to 1.
  slide: async (range, part) => {
    const THUMB = 16;
    await range.scrollIntoView();
    const { x, y, width, height } = await range.boundingBox();
    await page.mouse.click(x + THUMB / 2 + part * (width - THUMB), y + height / 2);
  },
});

export const keyboard = (page) => {
  const key = (name) => page.keyboard.press(name);

  const tab = async (back) => {
    if (back) await page.keyboard.down("Shift");
    await key("Tab");
    if (back) await page.keyboard.up("Shift");
  };

  // Where `element` is, seen from the focus; for a radio button any of its group will do.
  const seen_from_focus = (element) => element.evaluate((wanted) => {
    const now = document.activeElement;
    if (now === wanted) return "here";
    if (wanted.type === "radio" && now.type === "radio" && now.name === wanted.name && now.form === wanted.form) return "here";
    const order = now === document.body ? 0 : wanted.compareDocumentPosition(now);
    return order & Node.DOCUMENT_POSITION_FOLLOWING ? "before" : "after";
  });

  // Tab, as often as it takes, from where the focus is.
  const reach = async (element) => {
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      const where = await seen_from_focus(element);
      if (where === "here") return in_sight(element);
      await tab(where === "before");
    }
    const what = await element.evaluate((element) => element.outerHTML.slice(0, 160));
    throw new Error(`the Tab key does not reach ${what}`);
  };

  // What has the focus is not hidden behind anything that stays in place, and shows that it has it.
  const in_sight = async (element) => {
    const hidden = await element.evaluate(() => {
      const focused = document.activeElement;
      const shown = focused.closest("label") ?? focused;
      const { left, top, right, bottom } = shown.getBoundingClientRect();
      const inside = (part, low, high) => Math.min(Math.max(part, low), high);
      const places = [0.1, 0.5, 0.9].map((part) => [
        inside((left + right) / 2, 1, innerWidth - 1), top + part * (bottom - top)]);
      const visible = places.some(([x, y]) => {
        const found = document.elementFromPoint(x, y);
        return found && (shown.contains(found) || found.contains(shown));
      });
      const ringed = (element) => element && getComputedStyle(element).outlineStyle !== "none";
      if (!visible) return `${focused.outerHTML.slice(0, 160)} has the focus and is out of sight`;
      if (!ringed(focused) && !ringed(shown)) return `nothing shows that ${focused.outerHTML.slice(0, 160)} has the focus`;
      return null;
    });
    assert.equal(hidden, null);
  };

  return {
    way: "keyboard",
    reach,
    key,

    press: async (element) => {
      await reach(element);
      await key("Enter");
    },

    choose: async (input) => {
      await reach(input);
      if (await input.evaluate((input) => input.type !== "radio")) return key("Space");
      // An arrow chooses what it comes to; where one already is, Space does.
      const here = () => input.evaluate((input) => document.activeElement === input);
      for (let moves = 0; moves < MOST_TABS && !(await here()); moves += 1) await key("ArrowDown");
      return key("Space");
    },

    type: async (field, words) => {
      await reach(field);
      await page.keyboard.down("Control");
      await key("a");
      await page.keyboard.up("Control");
      await page.keyboard.type(words);
    },

    select: async (list, index) => {
      await reach(list);
      const at = () => list.evaluate((list) => list.selectedIndex);
      for (let moves = 0; moves < MOST_TABS && (await at()) !== index; moves += 1) {
        await key((await at()) < index ? "ArrowDown" : "ArrowUp");
      }
    },

    slide: async (range, part) => {
      await reach(range);
      const steps = await range.evaluate((range, part) => {
        const [min, max, step] = [range.min, range.max, range.step].map(Number);
        return Math.round((part * (max - min)) / step);
      }, part);
      const from_end = await range.evaluate((range) => Math.round((range.max - range.min) / range.step));
      await key(steps * 2 > from_end ? "End" : "Home");
      const [moves, way] = steps * 2 > from_end ? [from_end - steps, "ArrowLeft"] : [steps, "ArrowRight"];
      // Large steps first: a line of a thousand points is no fun with the arrows alone.
      for (let move = 0; move < Math.min(moves, 5); move += 1) await key(way);
    },
  };
};
