// The built page in a browser as a reader has it, and the command line beside it. A test file that imports this gets a
// browser and a server of its own.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { launch, root, serve } from "./browser.mjs";

export const { presets } = JSON.parse(readFileSync(`${root}/site/presets.json`, "utf8"));
export const presetOf = (id) => presets.find((preset) => preset.id === id).scenario;
export const prices = readFileSync(`${root}/build/site/pricing-v1.json`, "utf8");
export const date = JSON.parse(prices).as_of;
export const axe = readFileSync(`${root}/node_modules/axe-core/axe.min.js`, "utf8");

export let browser;
export let site;
before(async () => {
  [browser, site] = await Promise.all([launch(), serve()]);
});
after(async () => {
  await browser?.close();
  await site?.close();
});

export const wide = { width: 1440, height: 1000 };
export const narrow = { width: 390, height: 844 };

/** A page in a context of its own; errors of the page fail the test that opened it. */
export async function open(t, { path = "", viewport = wide, colorScheme = "light", javaScriptEnabled = true, route, ready = true, reducedMotion = "reduce", ...preferences } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled, locale: "en-US", permissions: ["clipboard-read", "clipboard-write"],
    bypassCSP: false, reducedMotion, ...preferences });
  const page = await context.newPage();
  page.errors = [];
  page.requests = [];
  page.on("pageerror", (error) => page.errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && !/Failed to load resource/.test(message.text()) && page.errors.push(message.text()));
  page.on("request", (request) => page.requests.push(request.url()));
  if (route) await page.route(...route);
  await page.goto(site.url + path);
  if (ready && javaScriptEnabled) await page.waitForSelector("html[data-ready]");
  t.after(async () => {
    assert.deepEqual(page.errors, []);
    await context.close();
  });
  return page;
}

/** What the command line answers about a scenario, as JSON. */
export function cli(command, scenario, ...options) {
  const file = join(tmpdir(), `tokenbill-page-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(scenario));
  try {
    return JSON.parse(execFileSync(`${root}/build/native-release/bin/tokenbill`, [command, file, ...options, "--date", date, "--json"], { encoding: "utf8", maxBuffer: 1 << 28 }));
  } finally {
    rmSync(file);
  }
}
export const figureOf = (bill, id) => bill.figures.find((figure) => figure.id === id)?.value ?? null;

export const cents = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
export const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
export const amount = (value) => (value > 0 && value < 0.005 ? "<0.01" : cents.format(value));
export const headline = (page) => page.locator("#headline .big-number").textContent();
export const settle = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
/** Of an input, wherever it is drawn: in the form once its group is opened, in the section that it belongs to. */
export const value = (page, id) => page.locator(`:is(input, select)[id$="-${id}"]`).first().inputValue();
export const unfold = (page, group) => page.locator(`[data-group="${group}"] > summary`).click();

/** Opens a section, by its tab or by its line of the accordion, and waits for `shown` in it. */
export async function openSection(page, id, shown = `#body-${id} > *`) {
  const tab = page.locator(`#tab-${id}`);
  if (await tab.isVisible()) await tab.click();
  else if ((await page.locator(`#section-${id}`).getAttribute("data-open")) === null) await page.click(`#head-${id} button`);
  await page.waitForSelector(shown);
  await settle(page);
}

/** Types into a field and leaves it. */
export async function type(page, selector, text) {
  await page.fill(selector, text);
  await page.locator(selector).press("Enter");
  await settle(page);
}
