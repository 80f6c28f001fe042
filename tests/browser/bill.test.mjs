// "Your bill" in a browser: what it prints is what the command line answers about the same records, large files show their
// progress and can be cancelled, what is broken is told with its line, and measured values can be adopted and undone.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { gzipSync } from "node:zlib";
import { load } from "../web/support/load.mjs";
import { axe, date, narrow, open, openSection, presets, settle, site, type, value, wide } from "./support/reader.mjs";
import { root } from "./support/browser.mjs";

const { makeFormat } = await load("site/src/format.ts");
const { exampleRecords } = await load("site/src/usage_example.ts");
const format = makeFormat("en-US");
const { scenario } = presets[0];

const folder = join(tmpdir(), `tokenbill-bill-${process.pid}`);
const made = new Set();
const fileOf = (name, text) => {
  const path = `${folder}-${name}`;
  writeFileSync(path, text);
  made.add(path);
  return path;
};
after(() => made.forEach((path) => rmSync(path)));

/** What the command line answers about records and the page's first scenario. */
function imported(text, ...options) {
  const usage = fileOf("usage.txt", text);
  const compared = fileOf("scenario.json", JSON.stringify(scenario));
  return JSON.parse(execFileSync(`${root}/build/native-release/bin/tokenbill`, ["import", usage, "--scenario", compared, "--date", date, "--json", ...options], { encoding: "utf8", maxBuffer: 1 << 28 }));
}

const record = (i, more = {}) => JSON.stringify({ id: `r${i}`, timestamp: `2026-11-${String(2 + (i % 9)).padStart(2, "0")}T10:00:00Z`, model: "claude-sonnet-4-6",
  usage: { input_tokens: 700 + (i % 50) * 20, cache_read_input_tokens: 1200, cache_creation_input_tokens: i % 3 ? 0 : 300, output_tokens: 200 + (i % 40) * 10 }, ...more });
const records = [...Array.from({ length: 40 }, (_, i) => record(i)),
  ...Array.from({ length: 10 }, (_, i) => record(100 + i, { model: "openai/gpt-5.4-mini", usage: { prompt_tokens: 2000 + i, completion_tokens: 300, prompt_tokens_details: { cached_tokens: 1024 }, completion_tokens_details: { reasoning_tokens: 64 } } }))];
const text = `${records.join("\n")}\n`;
const unpriced = `${record(1)}\n${record(2, { model: "in-house-7b" })}\n`;

const at = async (t, options = {}) => {
  const page = await open(t, options);
  await openSection(page, "usage", "#usage-text");
  return page;
};
const read = async (page, records) => {
  await page.fill("#usage-text", records);
  await page.click('[data-do="usage-read"]');
  await done(page);
};
const done = async (page) => {
  await page.waitForSelector("#usage-result");
  await page.waitForFunction(() => !document.querySelector(".usage-progress"));
  await page.waitForSelector(".usage-result:not([aria-busy])");
  await page.waitForFunction(() => !document.querySelector("#body-usage [aria-busy]"));
  await settle(page);
};
const said = async (page, selector) => (await page.locator(selector).innerText()).replace(/\s+/g, " ");
const cells = (page, selector) => page.locator(`${selector} tbody tr`).evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));

async function sameAsTheCommandLine(page, report) {
  assert.equal(await page.locator("#usage-usd").textContent(), format.amount(report.usd));
  assert.equal(await page.locator("#usage-usd").getAttribute("data-value"), report.usd === null ? null : String(report.usd));
  const column = format.column(report.lines.map((line) => line.usd));
  const lines = await cells(page, ".usage-lines");
  assert.equal(lines.length, report.lines.length);
  report.lines.forEach((line, i) => {
    assert.ok(lines[i][0].startsWith(line.name), lines[i][0]);
    if (report.lines.some((one) => one.month !== null)) assert.equal(lines[i][1], line.month ?? "no time");
    for (const tokens of Object.values(line.tokens)) assert.ok(lines[i].includes(format.number(tokens)), `${tokens} in ${lines[i].join()}`);
    assert.equal(lines[i].at(-1), column(line.usd));
    if (line.problem) assert.ok(lines[i][0].toLowerCase().includes(line.problem.toLowerCase()), lines[i][0]);
  });
  const { reconciliation: found } = report;
  const amounts = format.column([found.estimated_usd_per_month, ...found.steps.map((step) => step.usd_per_month), found.measured_usd_per_month, found.paid_usd_per_month].filter((one) => one !== null));
  const signed = (usd) => (usd === null ? "unknown" : usd < 0 ? `−${amounts(-usd)}` : `+${amounts(usd)}`);
  const expected = [["Estimated", amounts(found.estimated_usd_per_month)], ...found.steps.map((step) => [step.label, signed(step.usd_per_month)]), ["Measured, at list prices", amounts(found.measured_usd_per_month)],
    ...(found.paid_usd_per_month === null ? [] : [["Paid", signed(found.paid_above_list_usd_per_month)], ["Paid", amounts(found.paid_usd_per_month)]])];
  const steps = await cells(page, ".usage-steps");
  assert.deepEqual(steps.map((row) => row[2]), expected.map(([, amount]) => amount));
  expected.forEach(([label], i) => assert.ok(steps[i][0].startsWith(label), steps[i][0]));
  assert.equal(await said(page, ".usage-result .verdict"), format.localize(found.sentence).replace(/\s+/g, " "));
}

test("what is pasted costs what the command line says, line by line and step by step; the result has the focus", async (t) => {
  const page = await at(t);
  assert.match(await said(page, "#body-usage"), /nothing is sent anywhere, and nothing is stored.*OpenAI.*Anthropic.*Gemini.*DeepSeek, Mistral.*Bedrock.*LiteLLM.*Langfuse.*Helicone.*OpenRouter/);
  await read(page, text);
  const report = imported(text);
  await sameAsTheCommandLine(page, report);
  assert.equal(await page.evaluate(() => document.activeElement.id), "usage-result");
  const { prompts } = report;
  assert.deepEqual((await cells(page, ".usage-sizes"))[0].slice(1), [prompts.p5, prompts.median, prompts.p95, prompts.p99, prompts.mean].map((size) => format.number(Math.round(Number(size.toPrecision(3))))));
  assert.ok(page.requests.every((url) => url.startsWith(site.url) || url.startsWith("blob:")), page.requests.join());
  assert.doesNotMatch(await page.evaluate(() => `${location.href}${JSON.stringify({ ...localStorage })}`), /r39|usage-text/);
});

test("code and core of the section are loaded when it is opened and first used", async (t) => {
  const page = await open(t);
  const asked = (pattern) => page.requests.filter((url) => pattern.test(url)).length;
  assert.equal(asked(/chunk-usage|usage_worker|core-usage/), 0);
  await openSection(page, "usage", "#usage-text");
  assert.equal(asked(/usage_worker|core-usage/), 0);
  await read(page, text);
  assert.equal(asked(/core-usage\.wasm/), 1);
  await read(page, unpriced);
  assert.equal(asked(/core-usage\.wasm/), 1);
});

test("the example records are read; the comparison follows the scenario", async (t) => {
  const page = await at(t);
  await page.click('[data-do="usage-example"]');
  await done(page);
  await sameAsTheCommandLine(page, imported(exampleRecords(date)));
  const before = await cells(page, ".usage-steps");
  await type(page, "#in-prompt_tokens", "3000");
  await page.waitForFunction((was) => document.querySelector(".usage-steps tbody .amount").textContent !== was, before[0][2]);
  assert.equal((await cells(page, ".usage-steps")).at(-1)[2], before.at(-1)[2]);
});

test("a model without a price is unknown, never 0; what was paid, the model and the days can be given", async (t) => {
  const page = await at(t);
  await read(page, unpriced);
  const report = imported(unpriced);
  assert.equal(report.usd, null);
  await sameAsTheCommandLine(page, report);
  assert.match(await said(page, ".usage-result"), new RegExp(`Unknown because a price is missing: ${format.amount(report.known_usd)} USD`));
  const bare = `${JSON.stringify({ usage: { prompt_tokens: 1000, completion_tokens: 200 } })}\n`;
  await read(page, bare);
  assert.equal(await page.locator("#usage-usd").textContent(), "unknown");
  await page.fill("#usage-model", "openai/gpt-5.4-mini");
  await page.press("#usage-model", "Enter");
  await page.waitForFunction(() => document.getElementById("usage-usd").textContent !== "unknown");
  await page.fill("#usage-days", "2");
  await page.press("#usage-days", "Enter");
  await page.fill("#usage-paid", "1,200.50");
  await page.press("#usage-paid", "Enter");
  await page.waitForFunction(() => /Paid/.test(document.querySelector(".usage-steps tbody tr:last-child th")?.textContent ?? ""));
  await done(page);
  await sameAsTheCommandLine(page, imported(bare, "--default-model", "openai/gpt-5.4-mini", "--days", "2", "--paid", "1200.5"));
  await page.fill("#usage-model", "abacus");
  await page.press("#usage-model", "Enter");
  await settle(page);
  assert.match(await said(page, "#usage-error-model"), /The list has no “abacus”/);
  await page.fill("#usage-paid", "a lot");
  await page.press("#usage-paid", "Enter");
  await settle(page);
  assert.ok((await said(page, "#usage-error-paid")).length > 10);
  assert.equal(await page.getAttribute("#usage-paid", "aria-invalid"), "true");
});

test("what is broken is told with file, line and reason, and does not stop the rest", async (t) => {
  const page = await at(t);
  const broken = [record(1), "{broken", record(2), record(2), "not at all"].join("\n");
  const files = [fileOf("one.jsonl", broken), fileOf("two.csv", "model,prompt_tokens,completion_tokens\ngpt-5.4-mini,100,20\ngpt-5.4-mini\n")];
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click('[data-do="usage-open"]')]);
  await chooser.setFiles(files);
  await done(page);
  const rows = await cells(page, ".usage-broken");
  assert.deepEqual(rows.map(([file, line]) => [file.replace(/.*-/, ""), line]), [["one.jsonl", "2"], ["one.jsonl", "5"], ["two.csv", "3"]]);
  assert.match(rows[0][2], /^Not JSON: .*is expected/);
  assert.match(await said(page, ".usage-left-out"), /3 could not be read; 1 is the same request again/);
  await page.fill("#usage-text", "hello\nthere");
  await page.click('[data-do="usage-read"]');
  await page.waitForSelector(".usage-nothing");
  assert.match(await said(page, ".usage-nothing"), /No record of usage was found 2 lines were read\. Expected are records.*Which forms are read/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "usage-result");
  await page.click('[data-do="usage-clear"]');
  await settle(page);
  assert.equal(await page.inputValue("#usage-text"), "");
  assert.match(await said(page, "#body-usage"), /What can be read, and where to find it/);
});

test("files can be dropped, and Control+Enter reads what is pasted", async (t) => {
  const page = await at(t);
  await page.evaluate((text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], "dropped.jsonl"));
    for (const type of ["dragover", "drop"]) document.getElementById("usage-text").dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
  }, text);
  await done(page);
  assert.match(await said(page, ".usage-result"), /50 records .*dropped\.jsonl/);
  await page.fill("#usage-text", unpriced);
  await page.press("#usage-text", "Control+Enter");
  await page.waitForFunction(() => /2 records/.test(document.querySelector(".usage-result").textContent));
  await done(page);
  await sameAsTheCommandLine(page, imported(unpriced));
});

test("a file that gzip packed is unpacked; a damaged one is told; two months have a sum each", async (t) => {
  const page = await at(t);
  const two = `${text}${record(7, { timestamp: "2026-10-31T10:00:00Z" })}\n`;
  const drop = (bytes, name) => page.evaluate(({ bytes, name }) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
    document.getElementById("usage-text").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
  }, { bytes: [...bytes], name });
  const packed = gzipSync(two);
  await drop(packed, "log.jsonl.gz");
  await done(page);
  const expected = imported(two);
  await sameAsTheCommandLine(page, expected);
  const shown = await page.locator(".usage-months tbody tr").allTextContents();
  assert.equal(expected.by_month.length, 2);
  expected.by_month.forEach(({ month, requests }, i) => assert.ok(shown[i].startsWith(`${month}${format.number(requests)}`), shown[i]));
  await drop(packed.subarray(0, packed.length >> 1), "cut.jsonl.gz");
  await page.waitForFunction(() => /cut\.jsonl\.gz cannot be read any more/.test(document.getElementById("section-usage").textContent));
});

test("a large file shows its progress; what was read until a cancel is kept and called partial", async (t) => {
  const page = await at(t);
  const block = `${Array.from({ length: 1000 }, (_, i) => record(i)).join("\n").replaceAll('"id"', '"from"')}\n`;
  const count = Math.ceil(60e6 / block.length);
  const path = fileOf("large.jsonl", block.repeat(count));
  const openFile = async () => {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click('[data-do="usage-open"]')]);
    await chooser.setFiles(path);
  };
  await page.evaluate(() => {
    window.seen = [];
    new MutationObserver(() => {
      const progress = document.querySelector("#body-usage progress");
      const words = document.querySelector(".usage-progress .quiet")?.textContent;
      if (progress && words && window.seen.at(-1)?.words !== words) window.seen.push({ value: progress.value, words });
    }).observe(document.getElementById("body-usage"), { subtree: true, childList: true, attributes: true, characterData: true });
  });
  await openFile();
  await done(page);
  const seen = await page.evaluate(() => window.seen);
  assert.ok(seen.some(({ value, words }) => value > 0 && value < 1 && /MB of 6[01](\.\d)? MB, .*s left · .* records so far · .* USD so far/.test(words)), JSON.stringify(seen.slice(0, 4)));
  assert.match(await said(page, ".usage-result"), new RegExp(`${format.number(count * 1000)} records`));
  // As soon as something is read, the reader has enough of it.
  await page.evaluate(() => {
    const stop = new MutationObserver(() => {
      if (!(document.querySelector("#body-usage progress")?.value > 0)) return;
      stop.disconnect();
      document.querySelector('[data-do="usage-cancel"]').click();
    });
    stop.observe(document.getElementById("body-usage"), { subtree: true, childList: true, attributes: true });
  });
  await openFile();
  await page.waitForFunction(() => /partial/.test(document.querySelector(".usage-result")?.textContent ?? ""));
  await done(page);
  assert.match(await said(page, ".usage-result"), /Cancelled, so this is partial: \d+% was read/);
  assert.ok(Number((await said(page, ".usage-result")).match(/([\d,]+) records/)[1].replaceAll(",", "")) < count * 1000);
});

test("measured values are adopted with their ranges, in one step of undo", async (t) => {
  const page = await at(t);
  await read(page, text);
  const { reconciliation: found } = imported(text);
  const before = await value(page, "output_tokens");
  await page.click('[data-do="usage-adopt"]');
  await page.waitForFunction((was) => document.getElementById("in-output_tokens").value !== was, before);
  await done(page);
  const adopted = found.adopted.ranges?.output_tokens;
  assert.ok(adopted, "the records are to give a range");
  assert.match(await value(page, "output_tokens"), / to /);
  assert.match(await said(page, "#status"), /has the measured values now\. Undo brings yours back/);
  await page.waitForFunction(() => /has the measured values already/.test(document.getElementById("body-usage").textContent));
  await page.click('[data-do="undo"]');
  await settle(page);
  assert.equal(await value(page, "output_tokens"), before);
});

test("the result is copied as Markdown and saved as CSV and JSON", async (t) => {
  const page = await at(t);
  await read(page, text);
  const report = imported(text);
  await page.click('[data-do="usage-export"][data-arg="markdown"]');
  await page.waitForFunction(() => /is copied/.test(document.querySelector(".usage-exported output").textContent));
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(copied.includes(`| **Measured, at list prices** | ${format.column([report.reconciliation.estimated_usd_per_month])(report.reconciliation.measured_usd_per_month)} |`), copied);
  const saved = async (what) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`[data-do="usage-export"][data-arg="${what}"]`)]);
    return readFileSync(await download.path(), "utf8");
  };
  const csv = (await saved("csv")).trim().split("\r\n");
  assert.equal(csv.length, 1 + report.lines.length);
  assert.ok(csv[1].includes(String(report.lines[0].usd)));
  const document = JSON.parse(await saved("json"));
  assert.equal(document.usd, report.usd);
  assert.deepEqual(document.reconciliation.steps, report.reconciliation.steps);
});

test("without workers the page reads by itself; a core that does not come is told and asked for again", async (t) => {
  const page = await at(t, { path: "", route: ["**/usage_worker.js", (route) => route.fulfill({ status: 404 })] });
  let fail = true;
  await page.route("**/core-usage.wasm", (route) => (fail ? route.abort() : route.continue()));
  await page.fill("#usage-text", text);
  await page.click('[data-do="usage-read"]');
  await page.waitForSelector("#usage-problem");
  assert.match(await said(page, "#usage-problem"), /could not be read\. The program that reads them, core-usage\.wasm, did not load .*Check the connection/);
  fail = false;
  await page.click('[data-do="usage-again"]');
  await done(page);
  await sameAsTheCommandLine(page, imported(text));
});

test("axe finds nothing, ids are unique and nothing runs off the window: wide and narrow, light and dark", async (t) => {
  for (const [name, viewport] of Object.entries({ wide, narrow })) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await at(t, { viewport, colorScheme });
      for (const what of ["empty", "read"]) {
        if (what === "read") await read(page, `${text}{broken\n${record(3, { model: "in-house-7b" })}\n`);
        await page.evaluate(() => document.querySelectorAll("#body-usage details").forEach((one) => { one.open = true; }));
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => axe.run("#section-usage", { resultTypes: ["violations"] }));
        const where = `${what} ${name} ${colorScheme}`;
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`)]), [], where);
        const ids = await page.locator("[id]").evaluateAll((all) => all.map((one) => one.id));
        assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), [], where);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, where);
      }
    }
  }
});
