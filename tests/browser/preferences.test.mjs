// What readers have asked of their system: colours of their own, more contrast, less motion. Computed facts, not pictures.
import assert from "node:assert/strict";
import test from "node:test";
import { mkdirSync } from "node:fs";
import { load } from "../web/support/load.mjs";
import { screenshots } from "./support/browser.mjs";
import { open, openSection, presetOf, settle } from "./support/reader.mjs";

const { encodeLink } = await load("site/src/link.ts");
mkdirSync(screenshots, { recursive: true });
const styleOf = (page, selector, ...names) => page.locator(selector).first().evaluate((one, wanted) => wanted.map((name) => getComputedStyle(one).getPropertyValue(name)), names);
/** The system's colours as this browser has them. */
const system = (page) => page.evaluate(() => Object.fromEntries(["Canvas", "CanvasText", "Highlight", "HighlightText"].map((name) => {
  const probe = document.createElement("i");
  probe.className = "probe";
  document.body.append(probe);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`.probe { forced-color-adjust: none; color: ${name}; }`);
  document.adoptedStyleSheets = [sheet];
  const { color } = getComputedStyle(probe);
  probe.remove();
  document.adoptedStyleSheets = [];
  return [name, color];
})));

for (const colorScheme of ["light", "dark"]) {
  test(`in forced colours what is chosen, on, changed and drawn can be told: ${colorScheme}`, async (t) => {
    const page = await open(t, { colorScheme, forcedColors: "active", path: await encodeLink({ scenario: { ...presetOf("chatbot"), parameters: { ...presetOf("chatbot").parameters, budget_usd: 20000 } } }) });
    assert.ok(await page.evaluate(() => matchMedia("(forced-colors: active)").matches));
    const { Canvas, CanvasText, Highlight, HighlightText } = await system(page);
    assert.notEqual(Canvas, CanvasText);
    await openSection(page, "savings", ".levers");
    assert.deepEqual(await styleOf(page, '.tab[aria-selected="true"]', "border-bottom-style", "border-bottom-width", "border-bottom-color"), ["solid", "3px", Highlight]);
    assert.deepEqual(await styleOf(page, '.tab[aria-selected="false"]', "border-bottom-style"), ["none"]);
    assert.deepEqual(await styleOf(page, '.chip[data-arg="agent"]', "border-top-style"), ["solid"]);
    assert.deepEqual(await styleOf(page, ".dot", "background-color"), [CanvasText], "a changed input keeps its dot");
    assert.deepEqual(await styleOf(page, '.switch[aria-checked="true"] .track', "background-color"), [Highlight]);
    assert.notDeepEqual(await styleOf(page, '.switch[aria-checked="false"] .track', "background-color"), [Highlight]);
    const knob = (on) => page.locator(`.switch[aria-checked="${on}"] .track`).first().evaluate((one) => getComputedStyle(one, "::after").backgroundColor);
    assert.equal(await knob(true), HighlightText);
    assert.notEqual(await knob(false), Canvas);
    // Bars keep their hues, since the legend names them, and have an outline in the colour of text.
    assert.deepEqual(await styleOf(page, ".steps .bar rect", "forced-color-adjust", "stroke"), ["none", CanvasText]);
    await openSection(page, "budget", "#body-budget .plot");
    assert.deepEqual(await styleOf(page, '#body-budget .chip[aria-pressed="true"]', "background-color", "color"), [Highlight, HighlightText]);
    for (const text of await page.locator("#body-budget .plot text:not(.strong, .around text)").all()) {
      assert.equal(await text.evaluate((one) => getComputedStyle(one).fill), CanvasText, await text.textContent());
    }
    const grip = page.locator('[data-grip="budget_usd"]');
    const fill = () => grip.evaluate((one) => getComputedStyle(one.querySelector(".knob")).fill);
    assert.equal(await fill(), Canvas);
    await page.focus("#budget-growth_ratio");
    await page.keyboard.press("Shift+Tab");
    await grip.focus();
    assert.equal(await fill(), Highlight, "a handle with the focus is told from one without");
    await page.screenshot({ path: `${screenshots}/forced-${colorScheme}.png` });
    await page.focus('.chip[data-arg="agent"]');
    assert.deepEqual((await styleOf(page, '.chip[data-arg="agent"]', "outline-style", "outline-width")), ["solid", "2px"]);
    for (const [section, mark] of [["caching", ".line:not(.line-here)"], ["chats", ".line:not(.line-here)"], ["agent", ".line:not(.line-here)"]]) {
      await openSection(page, section, `#body-${section} .plot`);
      assert.deepEqual(await styleOf(page, `#body-${section} ${mark}`, "stroke"), [CanvasText], section);
    }
    await openSection(page, "models", "svg.chart");
    assert.deepEqual(await styleOf(page, ".chart-other", "stroke", "fill"), [CanvasText, Canvas]);
    assert.deepEqual(await styleOf(page, ".chart-chosen", "fill"), [Highlight]);
    await page.focus("#in-model");
    await page.keyboard.press("ArrowDown");
    await settle(page);
    assert.deepEqual(await styleOf(page, ".options .active", "background-color"), [Highlight]);
  });
}

/** Contrast of two colours, as WCAG computes it. */
function contrast(a, b) {
  const light = (colour) => {
    const [r, g, bl] = colour.match(/[\d.]+/g).map((one) => one / 255).map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl;
  };
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

for (const colorScheme of ["light", "dark"]) {
  test(`more contrast where it is asked for, also where the theme is chosen by hand: ${colorScheme}`, async (t) => {
    const page = await open(t, { colorScheme, contrast: "more" });
    const measure = async () => {
      const [paper] = await styleOf(page, "html", "background-color");
      for (const [what, property] of [[".eyebrow", "color"], [".strapline", "color"], [".unit", "color"], [".field", "border-top-color"], [".number", "border-bottom-color"], [".chip[data-arg=agent]", "border-top-color"]]) {
        const [colour] = await styleOf(page, what, property);
        const least = property === "color" ? 7 : 4.5;
        assert.ok(contrast(colour, paper) >= least, `${what}: ${contrast(colour, paper)} on ${paper}`);
      }
    };
    await measure();
    for (let i = 0; i < 2; i += 1) {
      await page.click('[data-do="theme"]');
      await settle(page);
      await measure();
    }
    await page.focus('.chip[data-arg="agent"]');
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => getComputedStyle(document.activeElement).outlineWidth), "3px");
  });
}

for (const reducedMotion of ["reduce", "no-preference"]) {
  test(`nothing moves that the reader has not moved: ${reducedMotion}`, async (t) => {
    const page = await open(t, { reducedMotion });
    const running = () => page.evaluate(() => document.getAnimations().map((one) => one.animationName ?? one.transitionProperty));
    assert.deepEqual(await running(), []);
    await page.click('.chip[data-arg="agent"]');
    assert.deepEqual(await running(), []);
    await openSection(page, "savings", ".levers");
    await page.click('.switch[data-arg="caching"]');
    await page.click(".legend .door");
    assert.deepEqual(await running(), []);
    const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((one) => {
      const style = getComputedStyle(one);
      return style.animationName !== "none" || style.transitionDuration.split(",").some((time) => parseFloat(time) > 0) || style.scrollBehavior === "smooth";
    }).map((one) => one.className));
    assert.deepEqual(moving, []);
  });
}
