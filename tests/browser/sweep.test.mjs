// "What if" in a browser: both back ends, and amounts that are those of the command line.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import test, { after, before } from "node:test";
import { launch, root, screenshots, serve } from "./support/browser.mjs";

const prices = JSON.parse(readFileSync(`${root}/build/site/pricing-v1.json`, "utf8"));
const { presets } = JSON.parse(readFileSync(`${root}/site/presets.json`, "utf8"));

let browser;
let site;
before(async () => {
  mkdirSync(screenshots, { recursive: true });
  [browser, site] = await Promise.all([launch({ webgpu: true }), serve()]);
});
after(async () => {
  await browser?.close();
  await site?.close();
});

async function open(t, { viewport = { width: 1440, height: 1100 }, colorScheme = "light" } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, locale: "en-US", reducedMotion: "reduce" });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(site.url);
  await page.waitForSelector("html[data-ready]");
  await page.locator('[data-do="section"][data-arg="sweep"], [data-do="fold"][data-arg="sweep"]').locator("visible=true").first().click();
  await page.waitForSelector("#sweep-report[data-backend]");
  t.after(async () => {
    assert.deepEqual(errors, []);
    await context.close();
  });
  return page;
}

/** The month of the first preset with other prompt and answer sizes, as the command line says it. */
function estimate(parameters) {
  const { scenario } = presets[0];
  const file = `${screenshots}/sweep-${process.pid}.json`;
  writeFileSync(file, JSON.stringify({ ...scenario, parameters: { ...scenario.parameters, ...parameters } }));
  const text = execFileSync(`${root}/build/native-release/bin/tokenbill`, ["estimate", file, "--date", prices.as_of, "--json"], { encoding: "utf8" });
  return JSON.parse(text).totals.per_month;
}

async function cursor(page) {
  const value = page.locator("#sweep-value");
  const [amount, x, y] = await Promise.all(["data-value", "data-x", "data-y"].map((name) => value.getAttribute(name)));
  return { amount: amount === null ? null : Number(amount), x: Number(x), y: Number(y), text: await value.textContent() };
}

/** The colour of the map at a share of its width and height. */
const colour = (page, x, y) => page.evaluate(([x, y]) => {
  const canvas = document.getElementById("heat");
  return [...canvas.getContext("2d").getImageData(Math.round(canvas.width * x), Math.round(canvas.height * y), 1, 1).data];
}, [x, y]);

/** The map on the screen, where the mouse can reach it. */
async function boxOf(page) {
  await page.locator("#heat").scrollIntoViewIfNeeded();
  return page.locator("#heat").boundingBox();
}

const report = (page) => page.locator("#sweep-report");
async function choose(page, name, value) {
  const before = await report(page).textContent();
  await page.locator(`select[name="${name}"]`).selectOption(value);
  await page.waitForFunction((before) => document.getElementById("sweep-report")?.textContent !== before, before);
}

test("a sweep runs in the worker, and the cell under the cursor is the command line's estimate", async (t) => {
  const page = await open(t);
  assert.equal(await report(page).getAttribute("data-backend"), "worker");
  const box = await boxOf(page);
  for (const [x, y] of [[0.2, 0.7], [0.5, 0.5], [0.72, 0.2]]) {
    await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
    const found = await cursor(page);
    assert.equal(found.amount, estimate({ prompt_tokens: found.x, output_tokens: found.y }), found.text);
  }
  assert.notDeepEqual(await colour(page, 0.2, 0.7), await colour(page, 0.9, 0.1));
  assert.match(await page.locator("#sweep-summary").textContent(), /^Total a month: from .+ to .+USD/);
  await page.locator(".sweep").screenshot({ path: `${screenshots}/heatmap.png` });
});

test("the cursor moves with the arrow keys, and Enter takes its values over", async (t) => {
  const page = await open(t);
  await page.locator("#heat").focus();
  await page.keyboard.press("ArrowRight");
  const start = await cursor(page);
  await page.keyboard.press("ArrowRight");
  const right = await cursor(page);
  assert.ok(right.x > start.x && right.y === start.y);
  await page.keyboard.press("Shift+ArrowDown");
  const down = await cursor(page);
  assert.ok(down.x === right.x && down.y < right.y && down.amount < right.amount);
  await page.keyboard.press("Enter");
  await page.waitForFunction((amount) => Math.abs(Number(document.querySelector(".big-number").textContent.replace(/[^\d.]/g, "")) - amount) < 1, down.amount);
});

test("another parameter, a typed range and a refused number", async (t) => {
  const page = await open(t);
  await choose(page, "y-id", "failure_ratio");
  const field = page.locator('input[name="y-to"]');
  await field.fill("20");
  await field.blur();
  await page.waitForFunction(() => /20.?%/.test(document.getElementById("sweep-summary").textContent));
  await field.fill("200");
  await field.blur();
  await page.waitForSelector('input[name="y-to"][aria-invalid="true"]');
  assert.match(await page.locator("#sweep-field-error").textContent(), /\d/);
});

test("what cannot be computed is said, not drawn", async (t) => {
  const page = await open(t);
  await page.locator('select[name="y-id"]').selectOption("audio_output_tokens");
  await page.waitForSelector(".sweep [role=alert]");
  assert.match(await page.locator(".sweep [role=alert]").textContent(), /speak|audio/i);
});

test("a long sweep shows its progress and keeps what is done when it is cancelled", async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    // The largest sweep there is, so that it lasts.
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...rest) {
      if (message.kind === "start") message = { ...message, request: { ...message.request, axes: message.request.axes.map((axis) => ({ ...axis, steps: 4096 })) } };
      return post.call(this, message, ...rest);
    };
  });
  await page.locator('select[name="sweep-size"]').selectOption("2");
  await page.locator('[data-sweep="cancel"]').click();
  await page.waitForSelector('#sweep-report[data-partial]');
  assert.match(await report(page).textContent(), /partial/);
  await page.locator(".sweep").screenshot({ path: `${screenshots}/heatmap-partial.png` });
});

test("WebGPU draws the same map and names its adapter", async (t) => {
  const page = await open(t);
  if (!(await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter())))) return t.skip("this browser has no WebGPU adapter");
  const summary = await page.locator("#sweep-summary").textContent();
  const places = [[0.2, 0.7], [0.5, 0.5], [0.8, 0.3]];
  const by_worker = await Promise.all(places.map((place) => colour(page, ...place)));
  await choose(page, "sweep-backend", "webgpu");
  assert.equal(await report(page).getAttribute("data-backend"), "webgpu", await report(page).textContent());
  assert.match(await report(page).textContent(), /WebGPU on .*swiftshader/i);
  const by_gpu = await Promise.all(places.map((place) => colour(page, ...place)));
  by_worker.forEach((pixel, i) => pixel.forEach((c, k) => assert.ok(Math.abs(c - by_gpu[i][k]) <= 2)));
  // Extremes are the core's, whoever drew the colours.
  assert.equal(await page.locator("#sweep-summary").textContent(), summary);
  const box = await boxOf(page);
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.4);
  const found = await cursor(page);
  assert.equal(found.amount, estimate({ prompt_tokens: found.x, output_tokens: found.y }));
  await page.locator(".sweep").screenshot({ path: `${screenshots}/heatmap-webgpu.png` });
});

test("without WebGPU the worker takes over and the reason is told", async (t) => {
  const page = await open(t);
  await page.evaluate(() => Object.defineProperty(navigator, "gpu", { value: { requestAdapter: async () => null } }));
  await choose(page, "sweep-backend", "webgpu");
  assert.equal(await report(page).getAttribute("data-backend"), "worker");
  assert.match(await report(page).textContent(), /not used: WebGPU found no graphics adapter/);
});

test("on a narrow dark screen", async (t) => {
  const page = await open(t, { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  await page.locator("#heat").scrollIntoViewIfNeeded();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  await page.locator(".sweep").screenshot({ path: `${screenshots}/heatmap-narrow.png` });
});
