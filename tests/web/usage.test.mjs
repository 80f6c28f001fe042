// What records of usage come to, as text; and the example that the page offers.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./support/load.mjs";

const { linesCsv, usageMarkdown } = await load("site/src/usage_export.ts");
const { classesOf, leftOutWords, sellerOf } = await load("site/src/usage_words.ts");
const { exampleRecords } = await load("site/src/usage_example.ts");
const { makeFormat } = await load("site/src/format.ts");
const format = makeFormat("en-US");

const line = { model: "openai/gpt-5.4-mini", known: true, name: "GPT-5.4 mini", service_tier: "batch", month: "2026-11", requests: 12, failed: 1, tokens: { input: 900, output: 40 },
  reasoning_tokens: 0, web_searches: 0, usd: 0.5, paid_usd: null, source: "a list", problem: null };
const stranger = { ...line, model: "=house|7b", known: false, name: "=house|7b", tokens: { input: 100 }, usd: null, source: "", problem: "the price list has no such model" };
const report = { read: { records: 13, broken: 2, without_usage: 1, repeated: 0, kept_answers: 0 }, first: "2026-11-02T00:00:00Z", last: "2026-11-03T00:00:00Z", requests: 13,
  tokens: { output: 40, input: 1000, novelty: 1 }, usd: null, known_usd: 0.5, lines: [line, stranger] };
const reconciliation = { estimated_usd_per_month: 10, measured_usd_per_month: 8, paid_usd_per_month: 9, paid_above_list_usd_per_month: 1, sentence: "A month costs 9 USD instead of 10.",
  steps: [{ id: "requests", label: "Requests", usd_per_month: -2, words: "fewer" }, { id: "rest", label: "What averages hide", usd_per_month: null, words: "" }] };

test("an unknown price is an empty cell with its reason, and a word of the Markdown table, never 0", () => {
  const rows = linesCsv(report).trim().split("\r\n");
  assert.equal(rows[0], "model,name,service_tier,month,requests,failed,input_tokens,output_tokens,novelty_tokens,web_searches,usd,paid_usd,prices,problem");
  assert.equal(rows[1], "openai/gpt-5.4-mini,GPT-5.4 mini,batch,2026-11,12,1,900,40,0,0,0.5,,a list,");
  assert.equal(rows[2], "'=house|7b,'=house|7b,batch,2026-11,12,1,100,0,0,0,,,,the price list has no such model");
  const text = usageMarkdown(report, null, format);
  assert.match(text, /13 records, unknown USD at the list prices of their days \(0\.5\d* USD for those with a price\)/);
  assert.match(text, /\| =house\\\|7b \| 2026-11 \| batch \| 12 \| unknown \|/);
});

test("steps are signed, and an unknown one is told", () => {
  const text = usageMarkdown(report, reconciliation, format);
  assert.match(text, /\| \*\*Estimated\*\* \| 10\.00 \|/);
  assert.match(text, /\| Requests \| −2\.00 \| fewer \|/);
  assert.match(text, /\| What averages hide \| unknown \|/);
  assert.match(text, /\| Paid above list prices \| \+1\.00 \|[^]*\| \*\*Paid\*\* \| 9\.00 \|/);
  assert.match(usageMarkdown(report, { ...reconciliation, paid_above_list_usd_per_month: -1 }, format), /\| Paid below list prices \| −1\.00 \|/);
});

test("sums that do not say of how many requests have no number of requests", () => {
  assert.match(linesCsv({ ...report, requests: null }), /2026-11,,1,900/);
  assert.match(usageMarkdown({ ...report, requests: null }, null, format), /\| batch \| unknown \| 0\.500 \|/);
});

test("classes stand in their order, those that are new behind; what is left out is counted in words", () => {
  assert.deepEqual(classesOf(report.tokens), ["input", "output", "novelty"]);
  assert.deepEqual(leftOutWords(report, format), ["2 could not be read", "1 counts neither tokens nor money"]);
  const catalog = { models: [{ key: "openai/gpt-5.4-mini", seller: "openai" }], sellers: [{ id: "openai", name: "OpenAI" }] };
  assert.equal(sellerOf(line, catalog), "OpenAI");
  assert.equal(sellerOf(stranger, catalog), "");
});

test("the example is the same on every day, ends before it, and its last row is cut off", () => {
  const rows = exampleRecords("2026-11-22").trimEnd().split("\n");
  assert.equal(exampleRecords("2026-11-22"), `${rows.join("\n")}\n`);
  assert.equal(rows.length, 1 + 14 * 2 + 1);
  assert.ok(rows.slice(1, -1).every((row) => row.split(",").length === 7 && row < "2026-11-22"));
  assert.ok(rows.at(-1).split(",").length < 7);
});
