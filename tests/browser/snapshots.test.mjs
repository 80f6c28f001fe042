// What somebody who hears the page is told: roles, names, values and states of the first screen and of every section, for one
// preset on one day, as kept in snapshots/. UPDATE_GOLDEN=1 rewrites them; read what changed as a listener would.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import test from "node:test";
import { load } from "../web/support/load.mjs";
import { root } from "./support/browser.mjs";
import { open, openSection, presetOf, settle } from "./support/reader.mjs";

const { encodeLink } = await load("site/src/link.ts");
const folder = `${root}/tests/browser/snapshots`;
const scenario = { ...presetOf("chatbot"), date: "2026-11-22" };

/** The page's tree as lines, with the values of sliders as they are said instead of their positions. */
async function heard(page, selector) {
  const said = await page.locator(`${selector} input[type="range"]`).evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.getAttribute("aria-valuetext")));
  const lines = (await page.locator(selector).ariaSnapshot()).split("\n").filter((line) => !/^\s*- \/url:/.test(line));
  return `${lines.map((line) => (/- '?slider ".*, slider"/.test(line) ? line.replace(/: "?\d+"?$/, () => `: ${said.shift()}`) : line)).join("\n")}\n`;
}

function sameAsKept(name, text) {
  const file = `${folder}/${name}.txt`;
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  assert.equal(text, readFileSync(file, "utf8"), `${file} differs; UPDATE_GOLDEN=1 rewrites it`);
}

/** What no listener should meet: controls and pictures without a name, two names run into each other, "undefined" or "NaN". */
function isSound(name, text) {
  for (const line of text.split("\n")) {
    assert.doesNotMatch(line, /^\s*- (button|link|textbox|searchbox|slider|combobox|switch|checkbox|tab|region|figure|table|columnheader|rowheader)( \[[^\]]*\])*:?$/, `${name}: without a name: ${line}`);
    assert.doesNotMatch(line, /undefined|NaN|\[object/, `${name}: ${line}`);
  }
  // Sections of a page are told apart by their names.
  const regions = [...text.matchAll(/^\s*- '?((?:region|search|navigation|table) "[^"]+")/gm)].map(([, one]) => one);
  assert.deepEqual(regions.filter((one, i) => regions.indexOf(one) !== i), [], `${name}: two of one name`);
}

const ready = { bill: ".bill", models: ".models tbody tr", savings: ".levers", own: "#body-own .question:not([aria-busy])", ranges: ".tornado", users: ".users", scenarios: ".scenario-table",
  sweep: ".sweep-extremes", usage: "#usage-text", claims: ".claim" };

test("the first screen and each section, as they are heard", async (t) => {
  const page = await open(t, { path: await encodeLink({ scenario }) });
  const first = await heard(page, "body");
  isSound("first screen", first);
  sameAsKept("first", first.slice(0, first.indexOf("  - tabpanel ")));
  const sections = await page.locator(".tab").evaluateAll((tabs) => tabs.map((tab) => tab.dataset.arg));
  for (const id of sections) {
    await openSection(page, id, ready[id] ?? `#body-${id} .question`);
    // Of hundreds of models and of claims those that make the point.
    if (id === "models") {
      await page.waitForSelector("svg.chart");
      await page.fill("#model-search", "sonnet 4.6");
    }
    if (id === "claims") await page.selectOption('[data-do="claims-verdict"]', { index: 1 });
    await page.waitForTimeout(400);
    await settle(page);
    let text = await heard(page, `#section-${id}`);
    // How long a sweep took is another figure each time.
    text = text.replace(/[\d.,]+ m?s \([\d.,]+[KM]? a second\) by \d+ workers?/g, "… ms by … workers");
    isSound(id, text);
    sameAsKept(id, text);
  }
});
