// The section on ranges, from fixtures, and inputs that are ranges in the form.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./support/load.mjs";

const ranges = await load("site/src/views/ranges.ts");
const { bill } = await load("site/src/views/bill.ts");
const { eachEnd, rangeText, withoutRanges, withRange } = await load("site/src/scenario_ranges.ts");
const { field } = await load("site/src/views/form.ts");
const { changed } = await load("site/src/views/asked.ts");
const { freshUi, isChanged, activePreset } = await load("site/src/page.ts");
const { makeFormat } = await load("site/src/format.ts");
const { toHtml } = await load("site/src/vdom.ts");

const text = (tree) => toHtml(tree).replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
const number = (id, more = {}) => ({ id, group: "g", label: id, kind: "number", unit_text: "", min: 0, max: 1e6, default: 1, step: 1, scale: "linear", main: false, help: "", source: "convention", ...more });
const prompt = number("prompt_tokens", { label: "Prompt", unit_text: "tokens per request", default: 2000 });
const share = number("failure_ratio", { label: "Failures", max: 1, default: 0.03 });
const description = { groups: [{ id: "g", label: "Group" }], categories: [], parameters: [prompt, share] };
const page = (answer, scenario = { parameters: {} }) => ({ description, format: makeFormat("en"), catalog: null, ui: freshUi(), comparison: null, live: true, presets: [],
  state: { scenario, others: [], at: 0, baseline: null }, estimate: null, ask: () => answer });

const input = (id, label, more) => ({ id, label, unit: "", unit_text: "", low: 1000, likely: 2000, high: 4000, level: 0.9, form: "log_normal", origin: "user", source: "",
  at_low: 80, at_high: 140, swing: 60, first_order: 0.7, total: 0.72, elasticity: 0.5, ...more });
const answer = { output: "total", label: "Total", unit: "usd/month", unit_text: "USD per month", model: "a/m", samples: 2048, seed: 1, assumptions: "typical",
  point: 100, point_share: 0.4, low: 75, likely: 104, high: 152, mean: 107, deviation: 20,
  percentiles: { 5: 75, 10: 80, 25: 90, 50: 104, 75: 120, 90: 140, 95: 152 },
  histogram: { from: 60, to: 180, shares: [0.25, 0.5, 0.25] }, impossible: 0, correlated: false,
  inputs: [input("prompt_tokens", "Prompt"), input("failure_ratio", "Failures", { low: 0.02, likely: 0.03, high: 0.05, origin: "typical", source: "cost model", at_low: 99, at_high: null, swing: null, total: 0.28, elasticity: null })],
  items: [{ id: "input.uncached", label: "Uncached input", point: 60, low: 40, likely: 62, high: 95 }, { id: "fees.x", label: "Nothing", point: 0, low: 0, likely: 0, high: 0 }],
  figures: [], sentence: "7 of 10 USD of the spread come from “Prompt”." };

test("ranges: low, likely and high first, where the bill lies, and what dominates", () => {
  const said = text(ranges.view(page(answer)));
  assert.match(said, /nine cost between 75 USD and 152 USD , half of them less than 104 USD \. The bill’s 100 USD is above 40% of them\. 7 of 10 USD of the spread come from “Prompt”\./);
  assert.match(said, /Uncached input 40\.00 62\.00 95\.00/);
  assert.doesNotMatch(said, /Nothing/, "lines that are 0 are left out");
});

test("ranges: low, likely and high stand beside the headline", () => {
  assert.match(text(ranges.headline(page(answer))), /low 75 likely 104 high 152/);
  assert.equal(ranges.headline(page(null)), null);
  assert.equal(ranges.headline(page({ ...answer, inputs: [] })), null);
});

test("ranges: the lines of the bill and its sum tell low and high, where they differ", () => {
  const item = (id, label, usd) => ({ id, label, category: "input", usd_per_month: usd, usd_per_request: usd / 1e4, share: usd / 100 });
  const estimate = { status: "ok", items: [item("input.uncached", "Uncached input", 60), item("people", "People", 40)], figures: [], inputs: [],
    totals: { per_month: 100, per_request: 0.01, inference_per_month: 100, inference_per_request: 0.01 } };
  const shown = { ...page(answer), estimate };
  const people = { id: "people", label: "People", point: 40, low: 40, likely: 40, high: 40.0000001 };
  const said = text(bill(shown, { ...answer, items: [...answer.items, people] }));
  assert.match(said, /Uncached input 60\.00 low to high 40 – 95/);
  assert.match(said, /People 40\.00 0\.0040/);
  assert.match(said, /Total 100\.00 low to high 75 – 152/);
  assert.doesNotMatch(text(bill(shown)), /low to high/);
});

test("ranges: each input with its range, its swing and its share; what is unknown has no bar", () => {
  const html = toHtml(ranges.view(page(answer)));
  const said = text(ranges.view(page(answer)));
  assert.match(said, /Prompt 1,000 to 4,000, likely 2,000 60\.00 72% 0\.5/);
  assert.match(said, /Failures 2 to 5 %, likely 3 typical: cost model unknown 28%/);
  const body = html.slice(html.indexOf("<tbody>", html.indexOf("tornado")));
  assert.equal([...body.matchAll(/class="tornado-low"/g)].length, 2);
  assert.equal([...body.matchAll(/class="tornado-high"/g)].length, 1);
  assert.match(html, /data-do="go-to" data-arg="prompt_tokens"/);
});

test("ranges: a bill without any has one figure, and what the core refuses is said", () => {
  const certain = { ...answer, inputs: [], histogram: { from: 100, to: 100, shares: [] }, sentence: "No input of this figure has a range." };
  assert.match(text(ranges.view(page(certain))), /The month costs 100 USD \. No input of this figure has a range\./);
  assert.match(text(ranges.view(page({ code: "x", where: "", message: "Too many.", hint: "Fewer." }))), /Too many\. Fewer\./);
  assert.match(text(ranges.view(page(null))), /as soon as there are prices/);
  assert.match(text(ranges.view(page({ ...answer, impossible: 12 }))), /12 of 2,048 draws have no bill/);
});

test("a range is typed in the reader's way, each end by itself", () => {
  const percent = (end) => `${end} %`;
  assert.equal(eachEnd("2 to 5", percent), "2 % to 5 %");
  assert.equal(eachEnd("2~5 @80", percent), "2 % to 5 % @80");
  assert.equal(eachEnd("2 – 5", percent), "2 % to 5 %");
  assert.equal(eachEnd("2", percent), "2 %");
  const german = makeFormat("de");
  assert.equal(eachEnd("1.500 to 2.500,5", german.canonical), "1500 to 2500.5");
});

test("a field shows its range, with a level that is not the usual one", () => {
  const format = makeFormat("en");
  assert.equal(rangeText(prompt, { low: 4000, high: 9000 }, format), "4,000 to 9,000");
  assert.equal(rangeText(share, { low: 0.02, high: 0.05, level: 0.8 }, format), "2 to 5 @80");
  const scenario = { parameters: { prompt_tokens: 6000 }, ranges: { prompt_tokens: { low: 4000, high: 9000 } } };
  assert.match(toHtml(field(prompt, page(answer, scenario))), /value="4,000 to 9,000"/);
});

test("a value that is set elsewhere drops the range, and a range counts as a change", () => {
  const scenario = withRange({ parameters: { prompt_tokens: 2000, failure_ratio: 0.03 } }, "prompt_tokens", { low: 1000, high: 4000 });
  assert.equal(withoutRanges(scenario, ["prompt_tokens"]).ranges, undefined);
  assert.equal(withoutRanges(scenario, ["failure_ratio"]), scenario);
  assert.equal(changed(scenario, { prompt_tokens: 50 }).ranges, undefined);
  assert.ok(isChanged(scenario, prompt), "although its value is the default");
  const preset = { id: "p", scenario: { parameters: {} } };
  assert.equal(activePreset({ presets: [preset], description, state: { scenario } }), undefined);
  assert.equal(activePreset({ presets: [preset], description, state: { scenario: { parameters: {} } } }), preset);
});

test("ranges: every model over the same draws, the one that wins most first, the chosen one always", () => {
  const model = (key, wins, middle, count = 2048) => ({ key, wins, count, percentiles: { 5: middle / 2, 50: middle, 95: middle * 2 }, minimum: null, maximum: null });
  const many = Array.from({ length: 14 }, (_, i) => model(`a/m${i}`, 0, 500 + i));
  const header = { samples: 2048, done: 2048 * 18, partial: false, models: [...many, model("a/rare", 48, 90), model("a/often", 2000, 100), model("a/chosen", 0, 9000), model("a/never", 0, 1, 0)] };
  const shown = { ...page(answer), estimate: { model: { key: "a/chosen" } }, comparison: { models: [{ key: "a/often", name: "Often", seller_name: "Shop" }] } };
  const rows = toHtml(ranges.modelTable(header, shown)).split("<tr").slice(2).map((row) => row.replace(/<[^>]+>/g, " ").replace(/^[^>]*>/, "").replace(/\s+/g, " ").trim());
  assert.equal(rows.length, 13, "twelve, and the chosen one");
  assert.match(rows[0], /^Often Shop 98% 50\.00 100\.00 200\.00$/);
  assert.match(rows[1], /^a\/rare 2\.3%/);
  assert.match(rows.at(-1), /^a\/chosen the chosen model 0% .*18,000/);
});
