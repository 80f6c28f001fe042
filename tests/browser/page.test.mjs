// The built page (build/site) in a browser, as a reader uses it. Figures are compared with the command line's.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import test, { before } from "node:test";
import { root, screenshots } from "./support/browser.mjs";
import { amount, browser, cents, cli, date, headline, narrow, open, presets, prices, settle, site, value, whole, wide } from "./support/reader.mjs";

before(() => mkdirSync(screenshots, { recursive: true }));

test("each preset shows the bill of the command line, line by line", async (t) => {
  const page = await open(t);
  for (const preset of presets) {
    await page.click(`.chip[data-arg="${preset.id}"]`);
    await settle(page);
    const bill = cli("estimate", preset.scenario);
    assert.equal(await headline(page), whole.format(bill.totals.per_month), preset.id);
    const rows = await page.locator(".bill tbody tr:not(.sum)").evaluateAll((all) => all.map((row) => [row.querySelector("th").textContent, row.querySelector("td.amount").textContent]));
    assert.deepEqual(rows, bill.items.filter((item) => item.usd_per_month !== 0).map((item) => [item.label, amount(item.usd_per_month)]), preset.id);
  }
});

test("the articles' example is the printed 15 000, and its recomputation stands beside it", async (t) => {
  const page = await open(t);
  await page.click('.chip[data-arg="article"]');
  await settle(page);
  assert.equal(await headline(page), "15,000");
  await page.click("#tab-claims");
  const figures = await page.locator(".versus b").allTextContents();
  const recomputed = cli("estimate", presets.find((preset) => preset.id === "article").recomputed.scenario);
  assert.deepEqual(figures, ["15,000", "15,000", whole.format(recomputed.totals.per_month)]);
  assert.ok((await page.locator(".reasons-list li").count()) > 3);
});

test("the table of models is that of the command line: order, months and reasons", async (t) => {
  const page = await open(t);
  await page.click("#tab-models");
  const { models } = cli("compare", presets[0].scenario);
  const able = models.filter((model) => model.status === "ok");
  const rows = await page.locator(".models tbody tr").evaluateAll((all) => all.map((row) => [row.querySelector(".use").textContent, row.querySelector(".month").textContent]));
  assert.equal(rows.length, Math.min(60, able.length));
  assert.deepEqual(rows, able.slice(0, rows.length).map((model) => [model.name, model.usd_per_month < 1000 ? rows.find((row) => row[0] === model.name)[1] : whole.format(model.usd_per_month)]));
  assert.equal(await page.locator(".reasons tbody tr").count(), models.length - able.length);
  if (able.length > 60) {
    await page.click('[data-do="all-models"]');
    await settle(page);
    assert.equal(await page.locator(".models tbody tr").count(), able.length);
  }
});

test("models are sorted, filtered, pinned and chosen", async (t) => {
  const page = await open(t);
  await page.click("#tab-models");
  await page.click('.sort[data-arg="output_usd_per_mtok"]');
  await settle(page);
  assert.equal(await page.locator('th[aria-sort="ascending"]').textContent(), "USD / Mtok out ↑");
  const outputs = (await page.locator(".models tbody td:nth-child(8)").allTextContents()).map((text) => Number(text.replaceAll(",", "")));
  assert.deepEqual(outputs, [...outputs].sort((a, b) => a - b));
  await page.selectOption("#filter-seller", "openai");
  await page.fill("#model-search", "gpt-4o");
  await settle(page);
  const names = await page.locator(".models .use").allTextContents();
  assert.ok(names.includes("GPT-4o") && names.every((name) => /4o/i.test(name)), names.join());
  await page.click('.pin [data-arg="openai/gpt-4o-mini"]');
  await settle(page);
  const row = page.locator("tr", { has: page.locator('.use[data-arg="openai/gpt-4o"]') });
  assert.match(await row.locator(".difference").textContent(), /dearer$/);
  await row.locator(".use").click();
  await settle(page);
  assert.equal(await page.locator("#in-model").inputValue(), "GPT-4o");
  assert.equal(await headline(page), whole.format(cli("estimate", { ...presets[0].scenario, model: "openai/gpt-4o" }).totals.per_month));
});

test("a figure opens its formula, each number in it again, and Escape gives the focus back", async (t) => {
  const page = await open(t);
  const figure = page.locator('.bill .door[data-arg="output.text"]');
  await figure.focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#drawer-title").textContent(), "Output");
  assert.ok(await page.evaluate(() => document.activeElement.id === "drawer-title"));
  const bill = cli("estimate", presets[0].scenario);
  const output = bill.items.find((item) => item.id === "output.text");
  const known = await page.locator(".drawer-value").textContent();
  assert.ok(known.startsWith(output.usd_per_month < 1000 ? cents.format(output.usd_per_month).replace(/\.00$/, "") : whole.format(output.usd_per_month)), known);
  assert.match(await page.locator(".formula").first().textContent(), /×/);
  const price = page.locator('.use-line[data-arg="price.output"]');
  await price.click();
  assert.match(await page.locator(".drawer").textContent(), /checked/);
  assert.ok((await page.locator(".drawer a[href^=https]").count()) > 0);
  await page.click('[data-do="drawer-back"]');
  assert.equal(await page.locator("#drawer-title").textContent(), "Output");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".drawer").count(), 0);
  assert.ok(await page.evaluate(() => document.activeElement.dataset.arg === "output.text"));
});

test("every figure on the page can be explained", async (t) => {
  const page = await open(t);
  await page.click('[data-do="zero-items"]');
  await page.click(".stands-on summary");
  const items = [...new Set(await page.locator("[data-do=explain]").evaluateAll((all) => all.map((one) => one.dataset.arg)))];
  assert.ok(items.length > 40, String(items.length));
  for (const item of items) {
    await page.locator(`[data-do=explain][data-arg="${item}"]`).first().evaluate((one) => one.click());
    await settle(page);
    assert.equal(await page.locator(".drawer-value").count(), 1, item);
  }
});

test("a model's row opens its prices with source and date", async (t) => {
  const page = await open(t);
  await page.click("#tab-models");
  await page.locator(".models .door").first().click();
  assert.match(await page.locator(".facts").textContent(), /Source.*Checked/);
  await page.locator('.use-line[data-arg="price.input"]').click();
  await settle(page);
  assert.equal(await page.locator(".drawer-value").count(), 1);
});

test("the link carries the whole state to another page", async (t) => {
  const page = await open(t);
  await page.fill("#in-output_tokens", "1.5k");
  await page.locator("#in-output_tokens").press("Enter");
  await page.click("#tab-models");
  await page.locator(".pin button").first().click();
  await page.waitForFunction(() => location.hash.startsWith("#1"));
  await page.waitForTimeout(900);
  const hash = new URL(page.url()).hash;
  assert.ok(hash.length < 1900, String(hash.length));
  const other = await open(t, { path: hash });
  assert.equal(await value(other, "output_tokens"), "1,500");
  assert.equal(await headline(other), await headline(page));
  assert.equal(await other.locator("#section-models").getAttribute("data-open"), "");
  assert.equal(await other.locator(".is-pinned").count(), 1);
  await page.click('[data-do="copy-link"]');
  await page.waitForSelector('[role="status"] p');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
});

test("a typed link opens, stays in the address, and is what a copy of few values looks like", async (t) => {
  const page = await open(t, { path: "#m=gpt-4o&in=1.2k&out=300&n=1000&view=models" });
  assert.equal(await page.locator("#status p").count(), 0);
  assert.equal(await value(page, "prompt_tokens"), "1,200");
  assert.equal(await page.locator("#in-model").inputValue(), "GPT-4o");
  assert.equal(await page.locator("#section-models").getAttribute("data-open"), "");
  const scenario = { format: "tokenbill-scenario/1", model: "openai/gpt-4o", parameters: { prompt_tokens: 1200, output_tokens: 300, conversations_per_day: 1000 } };
  assert.equal(await headline(page), whole.format(cli("estimate", scenario).totals.per_month));
  await page.waitForTimeout(900);
  assert.equal(new URL(page.url()).hash, "#m=gpt-4o&in=1.2k&out=300&n=1000&view=models");
  await page.click('[data-do="copy-link"]');
  await page.waitForSelector('[role="status"] p');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${site.url}#m=openai/gpt-4o&n=1000&in=1200&out=300&view=models`);
  await page.fill("#in-output_tokens", "400");
  await page.locator("#in-output_tokens").press("Enter");
  await page.waitForFunction(() => location.hash.startsWith("#1"));
  await page.evaluate(() => { location.hash = "#preset=article&outt=2"; });
  await page.waitForFunction(() => document.querySelector(".big-number").textContent === "15,000");
  assert.match(await page.locator("#status").textContent(), /“outt”; did you mean “out”\? Kept: preset\./);
});

test("a damaged link or one of a newer version shows the defaults and says so", async (t) => {
  for (const hash of ["#1AAAA", "#2abc", "#foo=1", `#1${"A".repeat(64 * 1024)}`, `#name=${"A".repeat(64 * 1024)}`]) {
    const page = await open(t, { path: hash });
    assert.match(await page.locator("#status").textContent(), /defaults/);
    assert.equal(await headline(page), whole.format(cli("estimate", presets[0].scenario).totals.per_month));
  }
});

test("a link that arrives while the page is open is followed, and undone", async (t) => {
  const page = await open(t);
  const before = await headline(page);
  const other = await open(t);
  await other.click('.chip[data-arg="article"]');
  await other.waitForFunction(() => location.hash.startsWith("#1"));
  await page.evaluate((hash) => { location.hash = hash; }, new URL(other.url()).hash);
  await page.waitForFunction(() => document.querySelector(".big-number").textContent === "15,000");
  await page.click('[data-do="undo"]');
  await settle(page);
  assert.equal(await headline(page), before);
});

test("numbers are typed as people write them; what is none is told at the field", async (t) => {
  const page = await open(t);
  const field = page.locator("#in-conversations_per_day");
  for (const [text, shown] of [["1.5k", "1,500"], ["2M", "2,000,000"], ["3e4", "30,000"], ["12,000", "12,000"], ["1 000", "1,000"]]) {
    await field.fill(text);
    await field.press("Enter");
    await settle(page);
    assert.equal(await field.inputValue(), shown, text);
  }
  await field.fill("many");
  await page.keyboard.press("Tab");
  await settle(page);
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const described = (await field.getAttribute("aria-describedby")).split(" ");
  assert.match(await page.locator(`#${described[0]}`).textContent(), /number/);
  assert.equal(await field.inputValue(), "many");
  await field.fill("");
  await field.press("Enter");
  await settle(page);
  assert.equal(await field.inputValue(), "10,000");
  assert.equal(await field.getAttribute("aria-invalid"), null);
});

test("undo and redo, also of a slider drag as one step", async (t) => {
  const page = await open(t);
  const before = await headline(page);
  await page.locator('[data-do=slide][data-arg=output_tokens]').evaluate(async (slider) => {
    for (let i = 0; i < 20; i += 1) {
      slider.value = String(500 + 5 * i);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise(requestAnimationFrame);
    }
  });
  const dragged = await headline(page);
  assert.notEqual(dragged, before);
  await page.locator("body").press("Control+z");
  await settle(page);
  assert.equal(await headline(page), before);
  await page.locator("body").press("Control+Shift+z");
  await settle(page);
  assert.equal(await headline(page), dragged);
  await page.locator("#in-output_tokens").press("Control+z");
  await settle(page);
  assert.equal(await headline(page), dragged, "inside a text field the keys belong to the field");
});

test("a changed input leads back to its default", async (t) => {
  const page = await open(t);
  await page.click('[data-do="reset"][data-arg="conversations_per_day"]');
  await settle(page);
  assert.equal(await value(page, "conversations_per_day"), "10,000");
  assert.equal(await page.locator('[data-do="reset"][data-arg="conversations_per_day"]').count(), 0);
});

test("the keyboard alone leads from an input to a model, a figure and back", async (t) => {
  const page = await open(t);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.dataset.arg || document.activeElement.className);
  const tabTo = async (wanted) => {
    for (let i = 0; i < 120; i += 1) {
      await page.keyboard.press("Tab");
      if ((await focused()) === wanted) return;
    }
    assert.fail(`Tab never reached ${wanted}`);
  };
  await tabTo("in-output_tokens");
  await page.keyboard.type("900");
  await page.keyboard.press("Enter");
  await tabTo("in-model");
  await page.keyboard.type("gpt-5.4 mini");
  await page.keyboard.press("Enter");
  await settle(page);
  assert.match(await page.locator("#in-model").inputValue(), /GPT-5.4 mini/i);
  await page.keyboard.press("Escape");
  await tabTo("tab-bill");
  await page.keyboard.press("ArrowRight");
  await settle(page);
  assert.equal(await focused(), "tab-models");
  await page.keyboard.press("ArrowLeft");
  await tabTo("output.text");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "drawer-title");
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "output.text");
  await page.keyboard.press("/");
  await settle(page);
  assert.equal(await focused(), "model-search");
  await page.locator("#tab-models").focus();
  await page.keyboard.press("?");
  assert.equal(await page.locator("dialog[open]").count(), 1);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog[open]").count(), 0);
});

test("nothing scrolls sideways from 320 px on", async (t) => {
  for (const width of [320, 390, 768, 1024, 1300]) {
    const page = await open(t, { viewport: { width, height: 800 } });
    for (const section of ["bill", "models", "claims"]) {
      const tab = page.locator(`#tab-${section}`);
      if (await tab.isVisible()) await tab.click();
      else if (section !== "bill") await page.click(`#head-${section} button`);
      await settle(page);
      if (section === "models") await page.waitForSelector("svg.chart");
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${width} px, ${section}: ${over} px too wide`);
    }
  }
});

test("without the price list the built-in figures stay, the message says why, and Retry or a file helps", async (t) => {
  let status = 404;
  const page = await open(t, { route: ["**/pricing-v1.json", (route) => (status === 200 ? route.continue() : route.fulfill({ status, body: "" }))] });
  const built = whole.format(cli("estimate", presets[0].scenario).totals.per_month);
  assert.match(await page.locator('#status [role="alert"]').textContent(), /404.*built in/);
  assert.equal(await headline(page), built);
  const chooser = page.waitForEvent("filechooser");
  await page.click('[data-do="open-file"]');
  await (await chooser).setFiles({ name: "mine.json", mimeType: "application/json", buffer: Buffer.from(prices) });
  await page.waitForFunction(() => !document.querySelector("#status [role=alert]"));
  await page.click('.chip[data-arg="article"]');
  await settle(page);
  assert.equal(await headline(page), "15,000");
  status = 200;
});

test("Retry loads the price list when the server has it again", async (t) => {
  let there = false;
  const page = await open(t, { route: ["**/pricing-v1.json", (route) => (there ? route.continue() : route.abort())] });
  assert.match(await page.locator('#status [role="alert"]').textContent(), /did not answer/);
  there = true;
  await page.click('[data-do="retry"]');
  await page.waitForFunction(() => !document.querySelector("#status [role=alert]"));
  await page.click('.chip[data-arg="article"]');
  await settle(page);
  assert.equal(await headline(page), "15,000");
});

test("a broken price list is told in the core's words, with line and column", async (t) => {
  const page = await open(t, { route: ["**/pricing-v1.json", (route) => route.fulfill({ body: '{"format": "tokenbill-prices/1", "as_of": }', contentType: "application/json" })] });
  assert.match(await page.locator('#status [role="alert"]').textContent(), /line 1.*column|:1:\d+/);
});

test("what is wrong in a partly bad price list is listed, and the rest works", async (t) => {
  const bad = JSON.parse(prices);
  const provider = bad.providers.find((one) => one.id === "openai");
  provider.models.find((one) => one.id === "gpt-4o-mini").prices[0].usd_per_mtok.input = -3;
  const page = await open(t, { route: ["**/pricing-v1.json", (route) => route.fulfill({ body: JSON.stringify(bad), contentType: "application/json" })] });
  assert.match(await page.locator("#status").textContent(), /left out.*-3/);
  assert.equal(await headline(page), whole.format(cli("estimate", presets[0].scenario).totals.per_month));
});

test("without the script the page reads as a whole, and says what needs it", async (t) => {
  const page = await open(t, { javaScriptEnabled: false });
  const bill = cli("estimate", presets[0].scenario);
  assert.equal(await headline(page), whole.format(bill.totals.per_month));
  assert.ok(await page.locator("noscript").textContent());
  for (const section of ["bill", "models", "claims"]) assert.ok(await page.locator(`#body-${section}`).isVisible(), section);
  assert.ok((await page.locator(".bill tbody tr").count()) > 5);
  assert.equal(await page.locator(".models tbody tr").count(), 10);
  await page.screenshot({ path: `${screenshots}/without-script.png`, fullPage: true });
});

test("the script takes the built markup over without moving what is on screen", async (t) => {
  const page = await open(t, { ready: false });
  const shift = await page.evaluate(() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 1500);
  }));
  await page.waitForSelector("html[data-ready]");
  assert.ok(shift <= 0.02, `layout shift ${shift}`);
});

test("nothing is asked of anybody else, and nothing breaks the content security policy", async (t) => {
  const page = await open(t);
  await page.click("#tab-models");
  await page.waitForSelector("svg.chart");
  await page.click("#tab-claims");
  await page.click('.chip[data-arg="agent"]');
  await page.click('[data-do="theme"]');
  await settle(page);
  assert.deepEqual(page.requests.filter((url) => !url.startsWith(site.url) && !url.startsWith("data:")), []);
  assert.deepEqual(page.errors, []);
});

test("no script is found only by running another: the page names each with its hash, and loads no other at first", async (t) => {
  const page = await open(t);
  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.endsWith(".js")));
  const html = readFileSync(`${root}/build/site/index.html`, "utf8");
  for (const name of loaded.map((url) => url.slice(site.url.length))) {
    const hash = `sha384-${createHash("sha384").update(readFileSync(`${root}/build/site/${name}`)).digest("base64")}`;
    assert.ok(new RegExp(`<(?:script|link)[^>]* (?:src|href)="${name}" integrity="`).test(html) && html.includes(hash), name);
  }
  assert.ok(loaded.length > 5);
});

test("old prices are told after 14 days and warned of after 45", async (t) => {
  for (const [days, words] of [[13, null], [20, /Notice.*20 days/], [60, /Warning.*60 days/]]) {
    const context = await browser.newContext({ locale: "en-US", viewport: wide });
    const page = await context.newPage();
    await page.clock.setFixedTime(new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000));
    await page.goto(site.url);
    await page.waitForSelector("html[data-ready]");
    const text = await page.locator("#notices").textContent();
    if (words) assert.match(text, words);
    else assert.doesNotMatch(text, /days old/);
    await context.close();
  }
});

test("the theme is chosen by hand and kept", async (t) => {
  const page = await open(t);
  await page.click('[data-do="theme"]');
  await page.click('[data-do="theme"]');
  await settle(page);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
});

test("a slider's steps are measured, and the figures after them are right", async (t) => {
  const page = await open(t);
  const report = { unit: "ms", steps: 60 };
  for (const section of ["bill", "models"]) {
    await page.click(`#tab-${section}`);
    if (section === "models") await page.waitForSelector("svg.chart");
    const times = await page.locator("[data-do=slide][data-arg=prompt_tokens]").evaluate(async (slider, steps) => {
      const all = [];
      for (let i = 0; i < steps; i += 1) {
        slider.value = String(300 + 6 * i);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 4)));
        const { updateMs, coreMs, compareMs } = document.documentElement.dataset;
        all.push([Number(updateMs), Number(coreMs) + Number(compareMs ?? 0)]);
      }
      return all;
    }, report.steps);
    assert.equal(times.length, report.steps);
    assert.ok(times.flat().every((ms) => Number.isFinite(ms) && ms >= 0), `${section}: ${times}`);
    const spread = (all) => {
      const sorted = [...all].sort((a, b) => a - b);
      return { fastest: sorted[0], median: sorted[report.steps / 2], p95: sorted[Math.floor(report.steps * 0.95)] };
    };
    report[section] = { update: spread(times.map(([update]) => update)), core: spread(times.map(([, core]) => core)) };
    const prompt_tokens = Number((await value(page, "prompt_tokens")).replaceAll(",", ""));
    const scenario = { ...presets[0].scenario, parameters: { ...presets[0].scenario.parameters, prompt_tokens } };
    assert.equal(await headline(page), whole.format(cli("estimate", scenario).totals.per_month), section);
  }
  await page.waitForFunction(() => document.documentElement.dataset.chartMs);
  report.chart = Number(await page.evaluate(() => document.documentElement.dataset.chartMs));
  assert.ok(Number.isFinite(report.chart));
  // How fast is told, not judged: it depends on the machine and on what else it does.
  writeFileSync(`${root}/build/performance-page.json`, `${JSON.stringify(report, null, 2)}\n`);
  for (const section of ["bill", "models"]) {
    const { update, core } = report[section];
    t.diagnostic(`report: ${section}: update median ${update.median} ms, p95 ${update.p95} ms, fastest ${update.fastest} ms; of which core median ${core.median} ms`);
  }
  t.diagnostic(`report: chart of models drawn in ${report.chart} ms`);
});

const dots = (page) => page.locator(".chart-plot :is(.chart-chosen, .chart-baseline, .chart-other, .chart-filtered) > *");
async function openModels(page, chart = true) {
  await page.locator('[data-do="section"][data-arg="models"], [data-do="fold"][data-arg="models"]').locator("visible=true").first().click();
  if (chart) await page.waitForSelector("svg.chart");
  await settle(page);
}

test("the chart of models comes with its section and has a dot for every model that can serve", async (t) => {
  const page = await open(t);
  const scripts = () => page.requests.filter((url) => /model_chart/.test(url)).length;
  assert.equal(scripts(), 0, "nothing of it is loaded for the bill");
  await openModels(page);
  assert.equal(scripts(), 1);
  const able = cli("compare", presets[0].scenario).models.filter((model) => model.status === "ok");
  assert.equal(await dots(page).count(), able.length);
  assert.ok((await page.locator("svg.chart *").count()) <= 2000);
  assert.equal(await page.locator("svg.chart style, svg.chart [style]").count(), 0);
  const text = await page.locator("#chart-text").textContent();
  for (const part of [String(able.length), able[0].name, whole.format(able[0].usd_per_month), able.at(-1).name, whole.format(able.at(-1).usd_per_month),
    `number ${able.find((model) => model.key === presets[0].scenario.model).rank} from`]) assert.ok(text.includes(part), `${part} in ${text}`);
  assert.match(await page.locator("svg.chart").textContent(), /logarithmic/);
});

test("a dot opens its model, by pointer and by keyboard, and Escape gives the focus back", async (t) => {
  const page = await open(t);
  await openModels(page);
  const able = cli("compare", presets[0].scenario).models.filter((model) => model.status === "ok");
  const tip = page.locator(".chart-tip");
  const spot = await page.locator(".chart-plot .chart-chosen > *").first().boundingBox();
  await page.mouse.move(spot.x + spot.width / 2, spot.y + spot.height / 2);
  assert.match(await tip.textContent(), /Claude Sonnet 4\.6.*chosen, baseline/);
  await page.mouse.click(spot.x + spot.width / 2, spot.y + spot.height / 2);
  await settle(page);
  assert.equal(await page.locator("#drawer-title").textContent(), "Claude Sonnet 4.6");
  await page.keyboard.press("Escape");
  assert.ok(await page.locator(".chart-stage").evaluate((stage) => stage === document.activeElement));
  await page.mouse.move(5, 5);
  await page.keyboard.press("Home");
  assert.ok((await tip.textContent()).includes(able[0].name));
  await page.keyboard.press("ArrowRight");
  const next = able.filter((model) => model.seller === able[0].seller)[1];
  assert.ok((await tip.textContent()).includes(next.name));
  await page.keyboard.press("ArrowDown");
  assert.ok(!(await tip.textContent()).includes(next.seller_name));
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await settle(page);
  assert.equal(await page.locator("#drawer-title").textContent(), able.at(-1).name);
});

test("the chart follows inputs, filters and the pinned model", async (t) => {
  const page = await open(t);
  await openModels(page);
  const drawn = (what) => page.waitForFunction((what) => document.getElementById("chart-text").textContent.includes(what), what);
  await page.selectOption("#filter-seller", "openai");
  await drawn("filters below leave out");
  const able = cli("compare", presets[0].scenario).models.filter((model) => model.status === "ok");
  assert.equal(await page.locator(".chart-plot .chart-other > *").count(), able.filter((model) => model.seller === "openai").length);
  assert.equal(await dots(page).count(), able.length);
  await page.locator('.pin [data-arg="openai/gpt-4o-mini"]').click();
  await drawn("GPT-4o mini, the baseline");
  assert.equal(await page.locator(".chart-plot .chart-baseline > *").count(), 1);
  await page.click('.chip[data-arg="batch"]');
  const batch = cli("compare", presets.find((preset) => preset.id === "batch").scenario).models.filter((model) => model.status === "ok");
  await drawn(`${batch.length} models`);
  assert.equal(await dots(page).count(), batch.length);
});

test("without the chart's script the section works", async (t) => {
  const page = await open(t, { route: ["**/chunk-model_chart*", (route) => route.abort()] });
  await openModels(page, false);
  await page.waitForFunction(() => document.getElementById("models-chart").hidden);
  assert.equal(await page.locator(".models tbody tr").count(), 60);
});

test("screenshots of the page, wide and narrow, light and dark", async (t) => {
  for (const [name, viewport] of Object.entries({ wide, narrow })) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await open(t, { viewport, colorScheme });
      const shot = (what) => page.screenshot({ path: `${screenshots}/${name}-${colorScheme}-${what}.png` });
      await shot("bill");
      if (name === "wide") await page.click("#tab-models");
      else {
        await page.click("#head-models button");
        await page.locator("#section-models").scrollIntoViewIfNeeded();
        await page.evaluate(() => document.getElementById("section-models").scrollIntoView());
      }
      await page.waitForSelector("svg.chart");
      await settle(page);
      await shot("models");
      await page.locator(".models .door").nth(2).click();
      await settle(page);
      await shot("model-card");
      await page.keyboard.press("Escape");
      await page.evaluate(() => scrollTo(0, 0));
      await page.locator(".legend .door").first().click();
      await settle(page);
      await shot("explain");
    }
  }
});
