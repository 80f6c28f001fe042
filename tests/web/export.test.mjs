import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./support/load.mjs";

const { billCsv, billMarkdown, csv, fileName } = await load("site/src/export.ts");

test("text cells that look like formulas are disarmed, numbers are left as they are", () => {
  assert.equal(csv([["=1+1", "+a", "-b", "@c", "plain", 'say "x"', "a,b", -5, 0.1, null]]),
    `'=1+1,'+a,'-b,'@c,plain,"say ""x""","a,b",-5,0.1,\r\n`);
});

const estimate = {
  scenario: { name: "Bot | A" }, model: { name: "GPT-4o" }, prices_as_of: "2026-11-22",
  items: [{ label: "Output", category: "output", usd_per_month: 7500, usd_per_request: 0.005, share: 0.5 },
    { label: "Reasoning", category: "reasoning", usd_per_month: 0, usd_per_request: 0, share: 0 },
    { label: "Input", category: "input", usd_per_month: null, usd_per_request: null, share: null }],
  totals: { per_month: null, per_request: null },
};

test("an unknown amount is an empty cell of the CSV and a word of the Markdown table, never 0", () => {
  assert.match(billCsv(estimate), /\r\nInput,input,,,\r\nTotal,,,,\r\n$/);
  const text = billMarkdown(estimate, "https://x/#1", (value) => (value === null ? "unknown" : String(value)));
  assert.match(text, /\| Input \| unknown \|/);
  assert.match(text, /\| \*\*Total\*\* \| unknown \|/);
  assert.match(text, /Bot \\\| A/);
  assert.doesNotMatch(text, /Reasoning/);
});

test("a scenario's name becomes a plain file name", () => {
  assert.equal(fileName({ name: "  ../Bot: A/B  " }), "bot-a-b");
  assert.equal(fileName({}), "scenario");
  assert.equal(fileName({ name: "。。" }), "scenario");
});
