// axe over the whole matrix: every section with the explanation open and closed, the first screen, the dialogs, each in light, dark and
// forced colours, wide and narrow. A new section is found by its tab. What needs other data (usage that was read, claims of
// one article, several scenarios) is checked beside the tests that make it.
import assert from "node:assert/strict";
import test from "node:test";
import { axe, narrow, open, settle, wide } from "./support/reader.mjs";

const themes = { light: { colorScheme: "light" }, dark: { colorScheme: "dark" }, forced: { colorScheme: "dark", forcedColors: "active" } };
const shown = { models: ".models tbody tr", sweep: ".sweep-extremes", own: "#body-own .question:not([aria-busy])", claims: ".claim", usage: "#usage-text" };

/** axe is put into a page once. Contrast is not what authors decide in forced colours. */
async function faults(page, theme) {
  const { violations } = await page.evaluate((forced) => axe.run(document, { resultTypes: ["violations"], ...(forced ? { rules: { "color-contrast": { enabled: false } } } : {}) }), theme === "forced");
  return violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`)]);
}

for (const [theme, options] of Object.entries(themes)) {
  for (const [screen, viewport] of Object.entries({ wide, narrow })) {
    test(`axe finds nothing, nothing is too wide and ids are unique: ${theme}, ${screen}`, async (t) => {
      const page = await open(t, { viewport, ...options });
      await page.evaluate(axe);
      const check = async (what) => {
        assert.deepEqual(await faults(page, theme), [], what);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} is too wide`);
        const ids = await page.locator("[id]").evaluateAll((all) => all.map((one) => one.id));
        assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), [], what);
      };
      await check("first screen");
      const sections = await page.locator(".section").evaluateAll((all) => all.map((one) => one.id.replace("section-", "")));
      assert.ok(sections.length >= 14, sections.join());
      for (const id of sections) {
        const lead = page.locator(screen === "wide" ? `#tab-${id}` : `#head-${id} button`);
        if (screen === "wide" || (await lead.getAttribute("aria-expanded")) === "false") await lead.click();
        await page.waitForSelector(shown[id] ?? `:is(#body-${id}, #${id}) > * > :not(.empty)`, { state: "attached" });
        await settle(page);
        if (id === "models") {
          await page.waitForSelector("svg.chart");
          await page.locator(".chart-stage").focus();
          await page.keyboard.press("Home");
        }
        await check(id);
      }
      await page.locator(".legend .door").first().click();
      await settle(page);
      await check("explanation");
      await page.keyboard.press("Escape");
      // All inputs at once, the form's own and those without effect.
      await page.locator("details.rest, details.group").evaluateAll((all) => all.forEach((one) => { one.open = true; }));
      await page.waitForFunction(() => [...document.querySelectorAll("details.group")].every((one) => one.querySelector(".field")));
      await page.locator("details.resting").evaluateAll((all) => all.forEach((one) => { one.open = true; }));
      await settle(page);
      await check("all inputs");
      await page.focus("#in-model");
      await settle(page);
      await check("model picker");
      await page.keyboard.press("Escape");
      await page.click('[data-do="help"]');
      await check("help");
    });
  }
}
