// tokenbill import: files, streams, what is printed, exit codes, the adopted scenario.
import assert from "node:assert/strict";
import { test } from "node:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder, tokenbill } from "./support.mjs";

const work = folder();
const write = (name, text) => {
  const path = join(work, name);
  writeFileSync(path, text);
  return path;
};
const record = (day, { id = "", prompt = 3000, cached = 1000, output = 400, model = "gpt-4o" } = {}) =>
  JSON.stringify({
    id: `chatcmpl-${day}-${id}`,
    created: Date.UTC(2026, 9, day, 12) / 1000,
    model,
    usage: { prompt_tokens: prompt, completion_tokens: output, total_tokens: prompt + output, prompt_tokens_details: { cached_tokens: cached } },
  });
const days = Array.from({ length: 10 }, (_, day) => day + 1);
const log = write("usage.jsonl", days.flatMap((day) => [record(day, { id: 1 }), record(day, { id: 2, output: 400 + 40 * day })]).join("\n"));
const json = (args, options) => JSON.parse(tokenbill(["import", ...args, "--json"], options).stdout);
const close = (actual, expected) => assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.abs(expected), `${actual} is not ${expected}`);
// gpt-4o, USD per million tokens: input 2.5, cached 1.25, output 10.
const usd = (requests, output) => (requests * (2000 * 2.5 + 1000 * 1.25) + output * 10) / 1e6;
const output = days.reduce((sum, day) => sum + 400 + 400 + 40 * day, 0);

test("a log is priced request by request and summed by model", () => {
  const report = json([log, "--date", "2026-11-22"]);
  assert.equal(report.read.records, 20);
  assert.equal(report.requests, 20);
  close(report.usd, usd(20, output));
  assert.equal(report.lines.reduce((sum, line) => sum + line.requests, 0), 20);
  close(report.lines.reduce((sum, line) => sum + line.usd, 0), report.usd);
});

test("standard input, several files and CSV are read as one", () => {
  const table = write("export.csv", "model,input_tokens,output_tokens\ngpt-4o,1000000,0\n");
  const report = json([log, table, "-"], { input: record(20, { id: 9, prompt: 2000, cached: 0, output: 0 }) });
  assert.equal(report.read.records, 22);
  close(report.usd, usd(20, output) + 2.5 + (2000 * 2.5) / 1e6);
});

test("what is printed: figures, days, models, and broken lines by file and number", () => {
  const broken = write("broken.jsonl", `${record(1, { id: 1 })}\n{"model":"gpt-4o","usage":{"prompt_tokens":-4}}\n{"model": \n${record(2, { id: 2 })}\n`);
  const { status, stdout } = tokenbill(["import", broken]);
  assert.equal(status, 0);
  assert.match(stdout, /2 records of usage, 2026-10-01 to 2026-10-02/);
  assert.match(stdout, /2: could not be read/);
  assert.match(stdout, /broken\.jsonl:2: .*-4/);
  assert.match(stdout, /broken\.jsonl:3: /);
  assert.match(stdout, /openai\/gpt-4o/);
});

test("a model without a price makes the sum unknown, and what the others cost is told beside it", () => {
  const mixed = write("mixed.jsonl", `${record(1, { id: 1 })}\n${record(1, { id: 2, model: "house-model-7b" })}\n`);
  const report = json([mixed]);
  assert.equal(report.usd, null);
  close(report.known_usd, usd(1, 400));
  assert.match(tokenbill(["import", mixed]).stdout, /unknown USD at list prices of their days \(/);
});

test("the steps from the estimate to the bill add up", () => {
  const { reconciliation } = json([log, "--preset", "chatbot", "--paid", "2", "--date", "2026-11-22"]);
  const sum = reconciliation.steps.reduce((sum, step) => sum + step.usd_per_month, reconciliation.estimated_usd_per_month);
  assert.ok(Math.abs(sum - reconciliation.measured_usd_per_month) <= 1e-4 * reconciliation.measured_usd_per_month, `${sum}`);
  close(reconciliation.paid_usd_per_month, reconciliation.measured_usd_per_month + reconciliation.paid_above_list_usd_per_month);
  const { stdout } = tokenbill(["import", log, "--preset", "chatbot", "--paid", "2"]);
  for (const word of ["Estimated", "Measured, at list prices", "Paid above list prices"]) assert.match(stdout, new RegExp(word));
  assert.doesNotMatch(tokenbill(["import", log]).stdout, /Estimated/, "nothing is compared unless a scenario is given");
});

test("the adopted scenario costs what was measured, and has ranges between the days", () => {
  const adopted = join(work, "measured.json");
  assert.equal(tokenbill(["import", log, "--preset", "chatbot", "--adopt", adopted]).status, 0);
  const scenario = JSON.parse(readFileSync(adopted, "utf8"));
  assert.equal(scenario.model, "openai/gpt-4o");
  assert.match(JSON.stringify(scenario), /"low":/);
  const again = json([log, "--scenario", adopted]);
  // What is left is the rest: requests beside the mean, which have no step of their own.
  close(again.reconciliation.measured_usd_per_month, json([log, "--preset", "chatbot"]).reconciliation.measured_usd_per_month);
  assert.ok(Math.abs(again.reconciliation.estimated_usd_per_month - again.reconciliation.measured_usd_per_month) < 0.02 * again.reconciliation.measured_usd_per_month);
});

test("what cannot be used ends with 2 and says what to do", () => {
  const words = write("words.txt", "hello\nworld\n");
  const told = (args, pattern) => {
    const { status, stderr } = tokenbill(["import", ...args]);
    assert.equal(status, 2, stderr);
    assert.match(stderr, pattern);
  };
  told([words], /No usage found.*docs\/usage\.md/s);
  told([join(work, "none.jsonl")], /none\.jsonl: cannot be read/);
  told([work], /cannot be read/);
  told([log, "--default-model", "gpt-five"], /gpt-five/);
  told([log, "--days", "0"], /--days/);
  told([log, "--paid", "much"], /--paid/);
  told([log, "--preset", "chatbot", "--scenario", log], /--preset|--scenario/);
  const kept = join(work, "kept.json");
  told([words, "--preset", "chatbot", "--adopt", kept], /No usage found/);
  assert.ok(!existsSync(kept), "nothing was measured, so nothing is written");
});
