import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { load, root } from "./support/load.mjs";

const { toHtml } = await load("site/src/vdom.ts");
const { makeFormat } = await load("site/src/format.ts");
const { claims: view } = await load("site/src/views/claims.ts");
const { fetchClaims } = await load("site/src/claims.ts");
const { figureOf } = await load("site/src/views/parts.ts");

const text = readFileSync(`${root}/claims/claims.json`, "utf8");
const { format, claims } = JSON.parse(text);
const { presets } = JSON.parse(readFileSync(`${root}/site/presets.json`, "utf8"));
const verdicts = ["right", "unit_error", "double_count", "too_high", "too_low", "contradiction", "outdated", "no_inputs", "needs_inputs"];

// The table of parameters: what may be given, by kind.
const table = readFileSync(`${root}/core/include/tokenbill/parameters.def`, "utf8");
const kinds = new Map([...table.matchAll(/^TOKENBILL_(NUMBER|OPTIONAL|CHOICE|REFERENCE)\((\w+),/gm)].map(([, kind, id]) => [id, kind]));
const options = new Map([...table.matchAll(/^TOKENBILL_CHOICE\((\w+), \w+, "[^"]*", "[^"]*", "([^"]*)"/gm)]
  .map(([, id, list]) => [id, list.split("|").map((option) => option.split("=")[0])]));
const keys = new Set();
for (const file of readdirSync(`${root}/pricing/providers`)) {
  const provider = JSON.parse(readFileSync(`${root}/pricing/providers/${file}`, "utf8"));
  for (const model of provider.models ?? []) keys.add(`${provider.id}/${model.id}`);
}

test("E1 to E42 are there once each, in order", () => {
  assert.equal(format, "tokenbill-claims/1");
  assert.deepEqual(claims.map(({ id }) => id), Array.from({ length: 42 }, (_, i) => `E${i + 1}`));
});

test("every claim has a title, its articles, what is printed, a verdict and a reason", () => {
  for (const claim of claims) {
    assert.deepEqual(Object.keys(claim).filter((key) => key !== "printed_usd"), ["id", "title", "sources", "printed", "verdict", "reason", "recomputed"], claim.id);
    assert.ok(claim.title && claim.sources.length > 0 && claim.sources.every((source) => /^article [0-4]$/.test(source)), claim.id);
    // The command line's table has this much room.
    assert.ok(claim.printed && claim.printed.length <= 32, `${claim.id}: ${claim.printed}`);
    assert.ok(verdicts.includes(claim.verdict), `${claim.id}: ${claim.verdict}`);
    assert.match(claim.reason, /^[\dA-Z].{30,}\.$/, claim.id);
  }
});

test("what contradicts itself or has no inputs is not recomputed and says so, all else is", () => {
  for (const { id, verdict, reason, recomputed } of claims) {
    if (verdict === "contradiction" || verdict === "no_inputs") assert.equal(recomputed.length, 0, id);
    else if (verdict !== "needs_inputs") assert.ok(recomputed.length > 0, id);
    if (recomputed.length === 0) assert.match(reason, /nothing to recompute|nothing can be recomputed|no figure to recompute/, id);
  }
});

test("every scenario is dated, names a model of the price list and parameters of the table, with values of their kind", () => {
  for (const { id, recomputed } of claims) {
    for (const { label, text: words, figure, scenario } of recomputed) {
      const name = `${id}: ${label}`;
      assert.ok(label && /\.$/.test(words) && figure, name);
      assert.equal(scenario.format, "tokenbill-scenario/1", name);
      assert.equal(scenario.name, name);
      assert.match(scenario.date, /^\d{4}-\d\d-\d\d$/, name);
      assert.ok(keys.has(scenario.model), `${name}: ${scenario.model}`);
      for (const [parameter, value] of Object.entries(scenario.parameters)) {
        const kind = kinds.get(parameter);
        assert.ok(kind, `${name}: ${parameter}`);
        if (kind === "CHOICE") assert.ok(options.get(parameter).includes(value), `${name}: ${parameter} ${value}`);
        else if (kind === "REFERENCE") assert.ok(keys.has(value), `${name}: ${parameter} ${value}`);
        else assert.equal(typeof value, "number", `${name}: ${parameter}`);
      }
    }
  }
});

test("what an article does not have is set to nothing in its scenarios", () => {
  const absent = ["people_fte", "contingency_ratio", "development_months"];
  for (const { recomputed } of claims) {
    for (const { scenario } of recomputed) for (const id of absent) assert.equal(scenario.parameters[id], 0, `${scenario.name}: ${id}`);
  }
});

test("a figure is a figure of the estimate or else an item's month", () => {
  const estimate = { figures: [{ id: "total_per_day", value: 500, unit_text: "USD per day" }], items: [{ id: "output.text", usd_per_month: 7500 }] };
  assert.deepEqual(figureOf(estimate, "total_per_day"), { value: 500, unit_text: "USD per day" });
  assert.deepEqual(figureOf(estimate, "output.text"), { value: 7500, unit_text: "USD per month" });
  assert.equal(figureOf(estimate, "nothing").value, null);
});

test("the list is fetched, and what is wrong with it is told", async (t) => {
  const answers = [new Response(text), new Response("", { status: 404 }), new Response('{"format": "tokenbill-claims/9", "claims": []}')];
  t.mock.method(globalThis, "fetch", async () => answers.shift() ?? Promise.reject(new Error("gone")));
  assert.equal((await fetchClaims()).length, 42);
  await assert.rejects(fetchClaims, /claims\.json: the server answered 404/);
  await assert.rejects(fetchClaims, /found the format "tokenbill-claims\/9", expected "tokenbill-claims\/1"/);
  await assert.rejects(fetchClaims, /did not answer/);
});

const page = (changes = {}) => ({
  format: makeFormat("en"), presets, examples: [], live: true, ui: { claims: { source: "", verdict: "" } },
  claims: { state: "ready", list: claims, figures: new Map() }, ...changes,
});
const shownIn = (html) => [...html.matchAll(/<span class="mono">(E\d+)<\/span>/g)].map(([, id]) => id);
const filtered = (filter) => shownIn(toHtml(view(page({ ui: { claims: { source: "", verdict: "", ...filter } } }))));

test("all claims are shown, and each scenario has its button", () => {
  const html = toHtml(view(page()));
  assert.deepEqual(shownIn(html), claims.map(({ id }) => id));
  assert.deepEqual([...html.matchAll(/data-do="claim" data-arg="([^"]+)"/g)].map(([, key]) => key),
    claims.flatMap(({ id, recomputed }) => recomputed.map((_, i) => `${id}.${i}`)));
  assert.match(html, /42 of 42 claims/);
});

test("claims are filtered by article, by verdict and by both", () => {
  const ids = (test) => claims.filter(test).map(({ id }) => id);
  assert.deepEqual(filtered({ source: "article 2" }), ids(({ sources }) => sources.includes("article 2")));
  assert.deepEqual(filtered({ verdict: "unit_error" }), ["E1", "E9"]);
  assert.deepEqual(filtered({ source: "article 0", verdict: "right" }), ["E29", "E36"]);
  assert.match(toHtml(view(page({ ui: { claims: { source: "article 3", verdict: "right" } } }))), /No claim has both/);
});

test("printed stands beside recomputed, with the reader's digits; what is not computed yet or unknown is no number", () => {
  const figures = new Map([["E2.0", { value: 19250, unit_text: "USD per month" }], ["E2.1", { value: null, unit_text: "USD per month" }]]);
  const html = toHtml(view(page({ claims: { state: "ready", list: claims.filter(({ id }) => id === "E2"), figures } })));
  assert.match(html, /22,250 USD a month, \+48%/);
  assert.match(html, /<b>19,250\.00 USD per month<\/b>/);
  assert.match(html, /<b>unknown<\/b>/);
  assert.match(html, />…</);
  assert.match(html, /aria-label="Open the scenario of E2, Context counted once"/);
});

test("a claim without a scenario says so and has no button", () => {
  const html = toHtml(view(page({ claims: { state: "ready", list: claims.filter(({ id }) => id === "E42"), figures: new Map() } })));
  assert.match(html, /nothing to recompute/);
  assert.doesNotMatch(html, /data-do="claim"/);
});

test("before the list is there a sentence says what will appear; a failure says why and offers to retry", () => {
  assert.match(toHtml(view(page({ claims: { state: "loading" } }))), /The claims appear here/);
  const html = toHtml(view(page({ claims: { state: "failed", what: "claims.json: the server answered 404." } })));
  assert.match(html, /role="alert".*404.*data-do="claims-retry"/);
});

test("markup made at build time has the worked example and no controls", () => {
  const html = toHtml(view(page({ live: false, claims: { state: "absent" } })));
  assert.match(html, /15,000/);
  assert.doesNotMatch(html, /data-do|claims appear/);
});
