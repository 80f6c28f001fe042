// The section of claims in the built page: what it shows is what the command line says of the same claims.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import test, { after, before } from "node:test";
import { launch, root, serve } from "./support/browser.mjs";

const { claims } = JSON.parse(execFileSync(`${root}/build/native-release/bin/tokenbill`, ["claims", "--json"], { encoding: "utf8" }));
const axe = readFileSync(`${root}/node_modules/axe-core/axe.min.js`, "utf8");
const wide = { width: 1440, height: 1000 };
const narrow = { width: 390, height: 844 };

let browser;
let site;
before(async () => {
  [browser, site] = await Promise.all([launch(), serve()]);
});
after(async () => {
  await browser?.close();
  await site?.close();
});

async function open(t, { viewport = wide, colorScheme = "light", route } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, locale: "en-US", reducedMotion: "reduce" });
  const page = await context.newPage();
  page.errors = [];
  page.requests = [];
  page.on("pageerror", (error) => page.errors.push(error.message));
  page.on("request", (request) => page.requests.push(request.url()));
  if (route) await page.route(...route);
  await page.goto(site.url);
  await page.waitForSelector("html[data-ready]");
  t.after(async () => {
    assert.deepEqual(page.errors, []);
    await context.close();
  });
  return page;
}
const openClaims = async (page) => {
  await page.click((await page.locator("#tab-claims").isVisible()) ? "#tab-claims" : "#head-claims button");
  await page.waitForFunction(() => document.querySelector(".audit") && ![...document.querySelectorAll(".readings .value")].some((cell) => cell.textContent === "…"));
};
const settle = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
const ids = (page) => page.locator(".audit h4 .mono").allTextContents();

test("the list is asked for when the section is opened, and every figure is the command line's", async (t) => {
  const page = await open(t);
  assert.ok(!page.requests.some((url) => url.endsWith("/claims.json")));
  await openClaims(page);
  assert.equal(page.requests.filter((url) => url.endsWith("/claims.json")).length, 1);
  assert.deepEqual(await ids(page), claims.map(({ id }) => id));
  const shown = await page.locator(".readings tr:has(button)").evaluateAll((rows) => rows.map((row) => [row.querySelector("button").dataset.arg, row.querySelector(".value").textContent]));
  const expected = claims.flatMap(({ id, recomputed }) => recomputed.map((reading, i) => [`${id}.${i}`, reading]));
  assert.deepEqual(shown.map(([key]) => key), expected.map(([key]) => key));
  for (const [i, [key, { value, unit_text }]] of expected.entries()) {
    const [, number, unit] = /^([\d.,]+) (.*)$/.exec(shown[i][1]);
    assert.equal(unit, unit_text, key);
    // Shown to cents, or to two digits below.
    assert.ok(Math.abs(Number(number.replaceAll(",", "")) - value) <= Math.max(0.005, value * 0.005), `${key}: ${number}, ${value}`);
  }
});

test("claims are filtered by article and by verdict", async (t) => {
  const page = await open(t);
  await openClaims(page);
  await page.selectOption("#claims-source", "article 2");
  await settle(page);
  assert.deepEqual(await ids(page), claims.filter(({ sources }) => sources.includes("article 2")).map(({ id }) => id));
  await page.selectOption("#claims-verdict", "outdated");
  await settle(page);
  assert.deepEqual(await ids(page), claims.filter(({ sources, verdict }) => sources.includes("article 2") && verdict === "outdated").map(({ id }) => id));
});

test("a claim's scenario becomes the page's, and undo brings the reader's own back", async (t) => {
  const page = await open(t);
  const month = () => page.locator(".big-number").textContent();
  const own = await month();
  await openClaims(page);
  await page.click('[data-do="claim"][data-arg="E2.0"]');
  await settle(page);
  assert.equal(await month(), "19,250");
  assert.match(await page.locator("#status").textContent(), /E2.*Context counted once.*Undo/);
  await page.click('[data-do="undo"]');
  await settle(page);
  assert.equal(await month(), own);
});

test("a list that does not arrive is told, and Retry gets it", async (t) => {
  let there = false;
  const page = await open(t, { route: ["**/claims.json", (route) => (there ? route.continue() : route.fulfill({ status: 404, body: "" }))] });
  await page.click("#tab-claims");
  await page.waitForSelector('#body-claims [role="alert"]');
  assert.match(await page.locator('#body-claims [role="alert"]').textContent(), /claims\.json.*404/);
  there = true;
  await page.click('[data-do="claims-retry"]');
  await page.waitForSelector(".audit");
});

test("axe finds nothing among the claims and nothing scrolls sideways, wide and narrow", async (t) => {
  for (const viewport of [wide, narrow]) {
    const page = await open(t, { viewport, colorScheme: viewport === wide ? "light" : "dark" });
    await openClaims(page);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run("#body-claims", { resultTypes: ["violations"] }));
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`)]), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  }
});
