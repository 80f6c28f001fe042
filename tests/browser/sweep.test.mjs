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

/** The month of the first preset with other inputs, or on another model, as the command line says it. */
function estimate(parameters, model = presets[0].scenario.model) {
  const { scenario } = presets[0];
  const file = `${screenshots}/sweep-${process.pid}.json`;
  writeFileSync(file, JSON.stringify({ ...scenario, model, parameters: { ...scenario.parameters, ...parameters } }));
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
    // The largest sweep there is, handed out slowly, so that it lasts.
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...rest) {
      if (message.kind === "items") return setTimeout(() => post.call(this, message, ...rest), 200);
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

/** What the command line says of the sweep that the page exports; its scenario in a file of its own. */
function swept(request) {
  const file = `${screenshots}/sweep-${process.pid}.json`;
  writeFileSync(file, JSON.stringify(request.scenario));
  const options = [...request.axes.flatMap(({ id, from, to, steps, scale }) => ["--axis", `${id}=${from}:${to}:${steps}:${scale}`]), "--output", request.output,
    ...(request.against ? ["--against", request.against] : []), ...(request.models ? ["--models", ...request.models] : [])];
  return JSON.parse(execFileSync(`${root}/build/native-release/bin/tokenbill`, ["sweep", file, ...options, "--date", request.today, "--json"], { encoding: "utf8", maxBuffer: 1 << 28 }));
}

async function saved(page, what) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`[data-sweep="${what}"]`).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}
const requestOf = async (page) => JSON.parse((await saved(page, "json")).bytes.toString("utf8"));
const chosen = (page) => page.locator(".sweep-axis > select").evaluateAll((all) => all.map((one) => one.value));

test("four inputs: panels with axes of their own, a cursor that crosses them, and values that go into the form", async (t) => {
  const page = await open(t);
  await choose(page, "columns-id", "conversations_per_day");
  await choose(page, "rows-id", "failure_ratio");
  await choose(page, "columns-count", "4");
  const box = await boxOf(page);
  assert.match(await page.locator(".heat-panels").textContent(), /left to right: Conversations a day.*top to bottom: Requests that fail/);
  // In the last panel of the second row.
  await page.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.7);
  const at = () => page.locator("#sweep-value").evaluate((one) => ({ ...one.dataset }));
  const month = (found) => estimate({ prompt_tokens: Number(found.x), output_tokens: Number(found.y), conversations_per_day: Number(found.column), failure_ratio: Number(found.row) });
  const last = await at();
  assert.equal(Number(last.value), month(last));
  const request = await requestOf(page);
  assert.deepEqual(request.axes.map(({ id, steps }) => [id, steps]), [["failure_ratio", 2], ["conversations_per_day", 4], ["output_tokens", 80], ["prompt_tokens", 60]]);
  assert.equal(Number(last.column), request.axes[1].to);
  assert.equal(Number(last.row), request.axes[0].to);
  // By keys over the edge of a panel: the next one begins with the least prompt.
  await page.locator("#heat").focus();
  for (let i = 0; i < 30 && (await at()).column === last.column; i += 1) await page.keyboard.press("Shift+ArrowLeft");
  const before = await at();
  assert.ok(Number(before.column) < Number(last.column) && Number(before.x) > Number(last.x));
  for (let i = 0; i < 30 && (await at()).row === last.row; i += 1) await page.keyboard.press("Shift+ArrowUp");
  const above = await at();
  assert.equal(Number(above.row), 0);
  assert.equal(Number(above.value), month(above));
  await page.keyboard.press("Enter");
  await page.waitForFunction((amount) => Math.abs(Number(document.querySelector(".big-number").textContent.replace(/[^\d.]/g, "")) - amount) < 1, Number(above.value));
  await page.locator(".sweep").screenshot({ path: `${screenshots}/heatmap-four.png` });
});

test("the same parameter twice changes places; chips are dragged into places and between them", async (t) => {
  const page = await open(t);
  await choose(page, "x-id", "output_tokens");
  assert.deepEqual(await chosen(page), ["output_tokens", "prompt_tokens", "", ""]);
  await page.locator(".sweep-palette > summary").click();
  await page.fill('input[name="sweep-find"]', "conversations a d");
  assert.equal(await page.locator(".sweep-found [data-chip]").count(), 1);
  await page.locator('.sweep-found [data-chip="conversations_per_day"]').dragTo(page.locator('[data-slot="columns"]'));
  await page.waitForFunction(() => /Conversations a day/.test(document.querySelector(".heat-panels")?.textContent ?? ""));
  assert.deepEqual(await chosen(page), ["output_tokens", "prompt_tokens", "conversations_per_day", ""]);
  await page.locator('[data-slot="columns"] [data-chip]').dragTo(page.locator('[data-slot="y"] select'));
  assert.deepEqual(await chosen(page), ["output_tokens", "conversations_per_day", "prompt_tokens", ""]);
  assert.equal(await page.locator("[data-over]").count(), 0);
  // A scenario without images has nothing to say about their width.
  await page.fill('input[name="sweep-find"]', "image_width");
  assert.equal(await page.locator(".sweep-found [data-chip]").count(), 0);
});

test("two models: the share in which each is cheaper, both amounts of a cell, and a line where they are equal", async (t) => {
  const page = await open(t);
  await choose(page, "sweep-rival", "cohere/command-r-plus-08-2024");
  const request = await requestOf(page);
  assert.deepEqual(request.models, [presets[0].scenario.model, "cohere/command-r-plus-08-2024"]);
  const { values } = swept(request);
  const points = values.length / 2;
  let [first, second, alone] = [0, 0, 0];
  for (let i = 0; i < points; i += 1) {
    if (values[i] === null || values[points + i] === null) alone += 1;
    else if (values[i] < values[points + i]) first += 1;
    else second += 1;
  }
  assert.ok(first > 0 && second > 0 && alone > 0);
  const shares = (await page.locator("#sweep-summary").textContent()).match(/[\d.]+(?=%)/g).map(Number);
  [first, second, alone].forEach((count, i) => assert.ok(Math.abs(shares[i] - (count / points) * 100) <= 0.5, `${shares[i]} % for ${count}`));
  assert.match(await page.locator("#sweep-summary").textContent(), /Along the line both cost the same/);
  // From left to right the cheaper one changes, and with it the order of the two amounts.
  const box = await boxOf(page);
  const seen = new Set();
  for (const [x, y] of [[0.2, 0.8], [0.4, 0.7], [0.5, 0.5], [0.6, 0.6], [0.7, 0.8]]) {
    await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
    const found = await page.locator("#sweep-value").evaluate((one) => ({ ...one.dataset }));
    if (found.value === undefined || found.second === undefined) continue;
    seen.add(Number(found.value) < Number(found.second));
    const at = { prompt_tokens: Number(found.x), output_tokens: Number(found.y) };
    assert.equal(Number(found.value), estimate(at));
    assert.equal(Number(found.second), estimate(at, "cohere/command-r-plus-08-2024"));
  }
  assert.equal(seen.size, 2, "each is cheaper somewhere");
  await page.locator(".sweep").screenshot({ path: `${screenshots}/heatmap-duel.png` });
  await choose(page, "sweep-rival", "");
  assert.match(await page.locator("#sweep-summary").textContent(), /^Total a month: from/);
});

test("every model: the cheapest of each cell, and how often each is", async (t) => {
  const page = await open(t);
  await page.locator('select[name="sweep-size"]').selectOption("0");
  await choose(page, "sweep-rival", "all");
  const request = await requestOf(page);
  const header = swept(request);
  const best = Math.max(...header.models.map((model) => model.wins));
  const points = header.models.reduce((sum, model) => sum + model.wins, 0);
  const share = await page.locator('[aria-label="Models over the cells"] tbody tr').first().locator("td").first().textContent();
  assert.ok(Math.abs(Number.parseFloat(share) - (best / points) * 100) <= 0.5);
  const box = await boxOf(page);
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.4);
  const found = await cursor(page);
  assert.ok(found.amount < estimate({ prompt_tokens: found.x, output_tokens: found.y }), "the cheapest costs less than the chosen model");
});

test("the curve of the cells, and those that no other beats in two figures", async (t) => {
  const page = await open(t);
  await choose(page, "y-id", "conversations_per_day");
  await page.locator('select[name="sweep-against"]').selectOption("total_per_request");
  await page.waitForSelector(".sweep-frontier");
  const request = await requestOf(page);
  const header = swept(request);
  const points = await page.locator(".sweep-curve polyline").getAttribute("points");
  assert.equal(points.split(" ").length, 101);
  const half = page.locator(".sweep-curve tbody tr", { has: page.locator("th", { hasText: /^50%$/ }) });
  await page.locator(".sweep-curve summary").click();
  assert.equal(Number((await half.locator("td").textContent()).replace(/[^\d.]/g, "")), Math.round(header.curve[50]));
  assert.ok(header.frontier.length > 5);
  assert.equal(await page.locator(".sweep-frontier circle").count(), Math.min(40, header.frontier.length));
  const door = page.locator(".sweep-frontier tbody button").nth(1);
  if (!(await door.isVisible())) await page.locator(".sweep-frontier summary").click();
  const cell = Number(await door.getAttribute("data-arg"));
  await door.click();
  const of = header.frontier.find((one) => one.cell === cell);
  const value = await page.locator("#sweep-value").evaluate((one) => ({ ...one.dataset }));
  assert.equal(Number(value.value), of.value);
  assert.equal(Number(value.x), of.at.prompt_tokens);
  assert.equal(Number(value.y), of.at.conversations_per_day);
  assert.equal(await page.evaluate(() => document.activeElement.id), "heat");
  await page.locator(".sweep").screenshot({ path: `${screenshots}/heatmap-frontier.png` });
});

test("the cells as CSV, the map as a picture", async (t) => {
  const page = await open(t);
  await choose(page, "sweep-size", "0");
  const request = await requestOf(page);
  const { name, bytes } = await saved(page, "csv");
  assert.match(name, /^support-chatbot-what-if-\d{4}-\d\d-\d\d\.csv$/);
  const lines = bytes.toString("utf8").trim().split("\r\n");
  assert.match(lines[0], /Answer \[output_tokens\], tokens per request.*Prompt \[prompt_tokens\].*Total a month \[total\], USD per month/);
  const { values, axes } = swept(request);
  assert.equal(lines.length, 1 + values.length);
  for (const cell of [0, 59, 60, 1234, values.length - 1]) {
    assert.deepEqual(lines[cell + 1].split(",").map(Number), [axes[0].values[Math.floor(cell / 60)], axes[1].values[cell % 60], values[cell]]);
  }
  const map = await saved(page, "png");
  assert.match(map.name, /\.png$/);
  assert.deepEqual([...map.bytes.subarray(1, 4)].map((c) => String.fromCharCode(c)).join(""), "PNG");
  assert.equal(map.bytes.readUInt32BE(16), 1920);
  writeFileSync(`${screenshots}/heatmap-export.png`, map.bytes);
});

test("four inputs and two models on a narrow dark screen: nothing overflows, and axe finds nothing", async (t) => {
  const page = await open(t, { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  await choose(page, "columns-id", "conversations_per_day");
  await choose(page, "rows-id", "failure_ratio");
  await choose(page, "columns-count", "5");
  await choose(page, "sweep-rival", "cohere/command-r-plus-08-2024");
  await page.locator('select[name="sweep-against"]').selectOption("total_per_request");
  await page.waitForSelector(".sweep-frontier");
  await page.locator(".sweep-palette > summary").click();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  await page.evaluate(readFileSync(`${root}/node_modules/axe-core/axe.min.js`, "utf8"));
  const { violations } = await page.evaluate(() => axe.run(document.querySelector(".sweep"), { resultTypes: ["violations"] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
  await page.locator(".sweep").screenshot({ path: `${screenshots}/heatmap-four-narrow.png` });
});

test("the benchmark page measures workers and the graphics processor, and tells how many operations a cell has", async (t) => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  t.after(() => page.close());
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(`${site.url}bench.html?steps=3`);
  assert.equal(await page.locator("#cells").textContent(), "6\u202f561");
  await page.locator("#run").click();
  await page.waitForSelector("#result:not([hidden])", { timeout: 120_000 });
  const { cells, operations, results } = JSON.parse(await page.locator("#result").textContent());
  assert.equal(cells, 6561);
  assert.ok(operations > 50);
  const [worker, webgpu] = results;
  assert.ok(worker.cells_per_second > 1000 && /worker/.test(worker.by));
  const rate = await page.locator("#worker td").nth(1).textContent();
  assert.ok(Math.abs(Number(rate) - (worker.cells_per_second * operations) / 1e9) <= 0.006 * Number(rate));
  if (webgpu.cells_per_second === null) assert.match(await page.locator("#webgpu td").nth(2).textContent(), /WebGPU/);
  else assert.match(webgpu.by, /swiftshader/i);
  assert.deepEqual(errors, []);
  await page.screenshot({ path: `${screenshots}/bench.png` });
});
