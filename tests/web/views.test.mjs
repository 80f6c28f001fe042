import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./support/load.mjs";

const { h, toHtml } = await load("site/src/vdom.ts");
const { Undo } = await load("site/src/history.ts");
const slider = await load("site/src/slider.ts");
const { ticks } = await load("site/src/views/bill.ts");
const { staleness } = await load("site/src/views/headline.ts");
const { logAxis, logPosition } = await load("site/src/views/models.ts");
const { matches, relative, select } = await load("site/src/models.ts");
const { dotsOf, lanes, logMarks, shortSeller, summary } = await load("site/src/model_dots.ts");
const { makeFormat } = await load("site/src/format.ts");
const { source } = await load("site/src/views/parts.ts");

test("text and attributes are escaped", () => {
  assert.equal(toHtml(h("p", { title: '"<&>' }, "<script>", 1, "&")), '<p title="&quot;&lt;&amp;&gt;">&lt;script&gt;1&amp;</p>');
});

test("absent attributes are left out, true ones stand alone, keys are not written, lists are flat", () => {
  assert.equal(toHtml(h("ul", { hidden: true, id: null, class: false, key: "k" }, [h("li", null, "a"), null, false, [h("li")]], undefined)),
    "<ul hidden><li>a</li><li></li></ul>");
  assert.equal(toHtml(h("input", { value: 0 })), '<input value="0">');
});

test("only addresses of web pages become links; text around them stays text", () => {
  const html = (text) => toHtml(h("p", null, source(text)));
  assert.equal(html("javascript:alert(1)"), "<p>javascript:alert(1)</p>");
  assert.equal(html("https://www.openai.com/pricing; litellm (2026-08-21)"),
    '<p><a href="https://www.openai.com/pricing" rel="noopener noreferrer" target="_blank">openai.com</a>; litellm (2026-08-21)</p>');
});

test("undo goes back step by step, redo forward, a new change forgets what was undone", () => {
  const undo = new Undo();
  undo.record("a", "x", 0);
  undo.record("b", "y", 1000);
  assert.equal(undo.undo("c"), "b");
  assert.equal(undo.undo("b"), "a");
  assert.equal(undo.undo("a"), null);
  assert.equal(undo.redo("a"), "b");
  undo.record("b", "z", 5000);
  assert.equal(undo.canRedo, false);
});

test("changes of one kind within half a second are one step", () => {
  const undo = new Undo();
  for (let i = 0; i < 20; i += 1) undo.record(i, "slide:prompt", i * 100);
  undo.record(20, "slide:output", 2000);
  assert.equal(undo.undo(21), 20);
  assert.equal(undo.undo(20), 0);
  assert.equal(undo.canUndo, false);
});

test("at least 200 steps are kept", () => {
  const undo = new Undo();
  for (let i = 0; i < 1000; i += 1) undo.record(i, `k${i}`, i * 1000);
  let steps = 0;
  for (let state = 1000; state !== null; steps += 1) state = undo.undo(state);
  assert.ok(steps > 200, `${steps}`);
});

const prompt = { id: "prompt_tokens", kind: "number", min: 0, max: 1e7, default: 2000, step: 10, scale: "log" };
const share = { id: "failure_ratio", kind: "number", min: 0, max: 0.99, default: 0.03, step: 0.005, scale: "linear" };

test("a slider's position leads back to about its value, and the left end to the minimum", () => {
  for (const value of [10, 100, 1500, 2000, 90000]) {
    const back = slider.fromPosition(prompt, slider.toPosition(prompt, value), value);
    assert.ok(Math.abs(back / value - 1) < 0.03, `${value} -> ${back}`);
  }
  assert.equal(slider.fromPosition(prompt, 0, 2000), 0);
  assert.equal(slider.toPosition(prompt, 0), 0);
  assert.equal(slider.fromPosition(share, slider.toPosition(share, 0.03), 0.03), 0.03);
});

test("each press of an arrow key moves a slider, also where two positions have the same two digits", () => {
  for (const p of [prompt, share]) {
    for (const direction of [1, -1]) {
      let value = p.id === "failure_ratio" ? 0.03 : 400;
      for (let i = 0; i < 20; i += 1) {
        const to = slider.slid(p, slider.toPosition(p, value) + direction, value, false);
        assert.ok((to - value) * direction > 0 || to === p.min, `${p.id}: ${value} -> ${to}`);
        value = to;
      }
    }
  }
  assert.equal(slider.slid(prompt, slider.toPosition(prompt, 1100) + 1, 1100, true), 1100, "a pointer that has hardly moved changes nothing");
});

test("a value beyond the slider's usual span moves its end instead of being cut", () => {
  assert.equal(slider.toPosition(prompt, 5e6), slider.positions);
  assert.equal(slider.fromPosition(prompt, slider.positions, 5e6), 5e6);
});

test("minus undoes plus across a decade and stays within bounds", () => {
  for (const value of [9, 10, 95, 100, 990, 1000, 2000]) assert.equal(slider.stepped(prompt, slider.stepped(prompt, value, 1), -1), value);
  assert.equal(slider.stepped(prompt, 0, -1), 0);
  assert.equal(slider.stepped(share, 0.03, 1), 0.035);
  assert.equal(slider.stepped(share, 0.99, 1), 0.99);
});

test("the axis of the bill starts at zero and has a few round marks", () => {
  assert.deepEqual(ticks(7000), [0, 2000, 4000, 6000]);
  assert.deepEqual(ticks(0), [0]);
  for (const total of [0.003, 1, 37, 15000, 123456789]) {
    const marks = ticks(total);
    assert.ok(marks.length >= 3 && marks.length <= 6 && marks[0] === 0 && marks.at(-1) <= total * 1.0001, `${total}: ${marks}`);
  }
});

test("a logarithmic axis holds every amount in whole decades", () => {
  const axis = logAxis([12, 3400, null, 0]);
  assert.equal(logPosition(axis, 10), 0);
  assert.equal(logPosition(axis, 10000), 100);
  assert.equal(logAxis([null, 0]), null);
});

test("prices are told to be old after 14 days and warned of after 45", () => {
  assert.equal(staleness("2026-11-22", "2026-12-06"), null);
  assert.equal(staleness("2026-11-22", "2026-12-07").level, "notice");
  assert.equal(staleness("2026-11-22", "2027-01-06").level, "notice");
  assert.equal(staleness("2026-11-22", "2027-01-07").level, "warning");
  assert.equal(staleness("2026-11-22", "2026-11-01"), null);
});

const model = (key, status, usd, more = {}) => ({ key, name: key.split("/")[1], seller: key.split("/")[0], seller_name: key.split("/")[0],
  kind: "chat", capabilities: [], context_tokens: 128000, status, rank: null, usd_per_month: usd, ratio_to_baseline: usd && usd / 100, ...more });
const comparison = { models: [model("a/cheap", "ok", 10), model("b/middle", "ok", 100, { context_tokens: 1e6, capabilities: ["reasoning"] }),
  model("a/dear", "ok", 900), model("c/small", "impossible", null)] };
const ui = { query: "", seller: "", capability: "", context: 0, sort: { column: "rank", descending: false } };

test("models are filtered by every word, seller, capability and context; those that cannot serve stand apart", () => {
  const keys = (changes) => select(comparison, { ...ui, ...changes }).can.map((m) => m.key);
  assert.deepEqual(keys({}), ["a/cheap", "b/middle", "a/dear"]);
  assert.deepEqual(select(comparison, ui).cannot.map((m) => m.key), ["c/small"]);
  assert.deepEqual(keys({ seller: "a" }), ["a/cheap", "a/dear"]);
  assert.deepEqual(keys({ capability: "reasoning" }), ["b/middle"]);
  assert.deepEqual(keys({ context: 200000 }), ["b/middle"]);
  assert.deepEqual(keys({ query: "dear a" }), ["a/dear"]);
  assert.deepEqual(keys({ sort: { column: "name", descending: true } }), ["b/middle", "a/dear", "a/cheap"]);
  assert.equal(matches({ name: "GPT-4o", key: "openai/gpt-4o" }, "GPT 4O"), true);
});

test("differences are told against the pinned model", () => {
  const [cheap, middle, dear] = comparison.models;
  assert.equal(relative(dear, middle), 9);
  assert.equal(relative(middle, cheap), 10);
  assert.equal(relative(cheap, cheap), 1);
  assert.equal(relative(comparison.models[3], cheap), null);
  assert.equal(relative(dear, undefined), null);
});

const chart = (changes = {}) => dotsOf(comparison, { ui: { ...ui, ...changes.ui }, estimate: { model: { key: "b/middle" } }, state: { baseline: changes.baseline ?? null } });

test("the chart has a dot for each model that can serve, sellers by their cheapest, and says who is who", () => {
  const { dots, sellers, free } = chart();
  assert.deepEqual(dots.map(({ model, row, kind }) => [model.key, row, kind]), [["a/cheap", 0, "other"], ["b/middle", 1, "chosen"], ["a/dear", 0, "other"]]);
  assert.deepEqual(sellers, ["a", "b"]);
  assert.equal(free, 0);
  assert.deepEqual(chart({ baseline: "a/dear", ui: { query: "dear" } }).dots.map(({ kind }) => kind), ["filtered", "chosen", "baseline"]);
});

test("a model that costs nothing is named, not drawn on a logarithmic axis", () => {
  const found = dotsOf({ models: [...comparison.models, model("d/free", "ok", 0)] }, { ui, estimate: null, state: { baseline: null } });
  assert.equal(found.dots.length, 3);
  assert.match(summary(found, { format: makeFormat("en"), ui }), /^4 models of 2 sellers.*1 model costs nothing and has no place/);
});

test("the chart's sentence names the cheapest, the dearest, the chosen and the baseline", () => {
  assert.equal(summary(chart({ baseline: "a/cheap" }), { format: makeFormat("en"), ui }),
    "3 models of 2 sellers can serve this workload: the cheapest is cheap, a, at 10 USD a month; the dearest dear, a, at 900 USD a month. "
    + "middle, the chosen one, costs 100 USD a month. cheap, the baseline, costs 10 USD a month; the chosen one is 10× dearer.");
});

test("close dots stand in lanes of their row, first come first", () => {
  const at = (usd, row = 0) => ({ usd, row });
  assert.deepEqual(lanes([at(0), at(1), at(2), at(3), at(20), at(2, 1)], (x) => x, 8), [0, -1, 1, 0, 0, 0]);
  assert.deepEqual(lanes([at(0), at(8)], (x) => x, 8), [0, 0]);
});

test("marks of a logarithmic axis are round and few", () => {
  assert.deepEqual(logMarks(3000, 200000, 9), [5000, 10000, 20000, 50000, 100000, 200000]);
  assert.deepEqual(logMarks(3000, 200000, 4), [3000, 10000, 30000, 100000]);
  assert.deepEqual(logMarks(3000, 200000, 2), [10000, 100000]);
  assert.ok(logMarks(1e-6, 1e9, 3).length <= 3);
  assert.deepEqual(logMarks(0.002, 0.03, 9), [0.002, 0.005, 0.01, 0.02]);
});

test("sellers' names are shortened at words", () => {
  assert.deepEqual(["Google (Gemini API)", "Alibaba Cloud Model Studio", "Microsoft Azure", "xAI"].map(shortSeller), ["Google", "Alibaba Cloud", "Microsoft Azure", "xAI"]);
});
