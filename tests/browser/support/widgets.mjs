// The built widget and its host pages in a browser, and the command line beside them. A test file that imports this gets a browser
// and servers of its own. TOKENBILL_SITE names a built site other than build/site.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { after, before } from "node:test";
import { launch, root, screenshots, serve } from "./browser.mjs";
import { serveHosts } from "./hosts.mjs";

export const folder = process.env.TOKENBILL_SITE ?? `${root}/build/site`;
export const { presets } = JSON.parse(readFileSync(`${root}/site/presets.json`, "utf8"));
export const scenarioOf = (id) => presets.find((preset) => preset.id === id).scenario;
export const short = JSON.parse(readFileSync(`${folder}/pricing-embed-v1.json`, "utf8"));
export const whole = JSON.parse(readFileSync(`${folder}/pricing-v1.json`, "utf8"));
export const axe = readFileSync(`${root}/node_modules/axe-core/axe.min.js`, "utf8");
export const integrity = `sha384-${createHash("sha384").update(readFileSync(`${folder}/embed.js`)).digest("base64")}`;

/** Values that host pages take; a test may add some. */
export const values = { integrity };
export let browser, site, hosts;
before(async () => {
  mkdirSync(screenshots, { recursive: true });
  [browser, site] = await Promise.all([launch(), serve(folder)]);
  hosts = await serveHosts(site.url, values);
});
after(async () => {
  await browser?.close();
  await Promise.all([site?.close(), hosts?.close()]);
});

/** A page in a context of its own. `route` answers for the site: [glob, handler]; `script` runs before any other. */
export async function open(t, url, { viewport = { width: 760, height: 900 }, colorScheme = "light", route, script, permissions = [], expect = [] } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, locale: "en-US", reducedMotion: "reduce", permissions });
  if (script) await context.addInitScript(script);
  if (route) await context.route(...route);
  const page = await context.newPage();
  page.problems = [];
  page.requests = [];
  page.on("pageerror", (error) => page.problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && !/Failed to load resource/.test(message.text()) && page.problems.push(message.text()));
  context.on("request", (request) => page.requests.push(request.url()));
  await page.goto(url);
  t.after(async () => {
    assert.deepEqual(page.problems, expect);
    await context.close();
  });
  return page;
}
export const frames = (page) => page.frames().filter((frame) => /embed\/v1\/|widget\.html/.test(frame.url()));
export async function ready(page, count = 1) {
  await page.waitForFunction((count) => heard.filter(({ data }) => data?.type === "tokenbill:ready").length >= count, count);
  return frames(page);
}
/** The widget by itself, as large as a frame would be. */
export async function alone(t, fragment, { width = 680, height = 620, ...options } = {}) {
  const page = await open(t, `${site.url}embed/v1/${fragment}`, { viewport: { width, height }, ...options });
  await page.waitForSelector("[data-live]");
  return page;
}
export const settle = (frame) => frame.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
export const month = (frame) => frame.locator(".big-number").textContent();
export const told = (frame) => frame.locator(".w-message, .w-failed").allTextContents();
export const packed = (state) => `#1${deflateRawSync(Buffer.from(JSON.stringify(state))).toString("base64url")}`;

export function cli(command, scenario) {
  const file = `${screenshots}/widget-scenario-${process.pid}.json`;
  writeFileSync(file, JSON.stringify(scenario));
  const answer = execFileSync(`${root}/build/native-release/bin/tokenbill`, [command, file, "--date", scenario.date ?? whole.as_of, "--json"], { encoding: "utf8", maxBuffer: 1 << 28 });
  rmSync(file);
  return JSON.parse(answer);
}
export const amount = (value) => (value >= 1000 ? new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 }).format(value)
  : new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value));

