import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { load, root } from "./support/load.mjs";

const { idle, named_inputs } = await load("site/src/relevance.ts");
const { referenceKey, referenceLists, referenceText } = await load("site/src/references.ts");
const { field, found } = await load("site/src/views/form.ts");
const { freshUi } = await load("site/src/page.ts");
const { makeFormat } = await load("site/src/format.ts");
const { toHtml } = await load("site/src/vdom.ts");

const table = readFileSync(`${root}/core/include/tokenbill/parameters.def`, "utf8");
const choice = (id, options, more = {}) => ({ id, group: "g", label: id, kind: "choice", default: options[0], help: "", source: "convention",
  options: options.map((one) => ({ id: one, label: `the ${one}` })), ...more });
const number = (id, value, more = {}) => ({ id, group: "g", label: id, kind: "number", unit: "1", unit_text: "", min: 0, max: 100, default: value, step: 1,
  scale: "linear", main: false, help: "", source: "assumption", ...more });
const optional = (id, source) => number(id, 5, { kind: "optional_number", source });
const reference = (id, what, source = "not given", value = "") => ({ id, group: "g", label: id, kind: "reference", what, default: value, help: "", source, main: false });

const description = { groups: [{ id: "g", label: "Group" }], categories: [], parameters: [
  choice("history", ["given", "full", "window"], { label: "Earlier turns" }), number("kept_exchanges", 4, { label: "Exchanges kept by the window" }),
  number("subagents_per_conversation", 0), number("turn_input_tokens", 80),
  choice("routing", ["off", "shares", "cascade"]), reference("route_1_model", "chat"), reference("fallback_model", "chat"), number("fallback_ratio", 0.02),
  optional("long_gap_ratio", "derived"), optional("request_cap", "not given")] };
const catalog = { as_of: "2026-11-22", sellers: [{ id: "a", name: "Aseller" }, { id: "b", name: "Bseller" }], models: [
  { key: "a/one", name: "One", seller: "a", kind: "chat", capabilities: [], context_tokens: null },
  { key: "b/one", name: "One", seller: "b", kind: "chat", capabilities: [], context_tokens: null },
  { key: "b/one-again", name: "One", seller: "b", kind: "chat", capabilities: [], context_tokens: null },
  { key: "a/embed", name: "Embed", seller: "a", kind: "embedding", capabilities: [], context_tokens: null }],
services: [{ key: "v/store", name: "V Store", kind: "vector_store" }] };

test("every input that the table of effects names is a parameter", () => {
  const ids = new Set([...table.matchAll(/TOKENBILL_(?:NUMBER|OPTIONAL|CHOICE|REFERENCE)\((\w+),/g)].map((m) => m[1]));
  assert.deepEqual(named_inputs.filter((id) => !ids.has(id)), []);
});

test("an input rests until another one calls for it, and says which", () => {
  const at = (id, parameters = {}) => idle(id, { parameters }, description);
  assert.equal(at("kept_exchanges"), "Counts only when “Earlier turns” is “the window”.");
  assert.equal(at("kept_exchanges", { history: "window" }), null);
  assert.equal(at("history"), null);
  assert.match(at("turn_input_tokens"), /is not “the given”, or “subagents_per_conversation” is above 0/);
  assert.equal(at("turn_input_tokens", { subagents_per_conversation: 1 }), null, "one of several is enough");
  assert.match(at("fallback_ratio"), /is given/);
  assert.equal(at("fallback_ratio", { fallback_model: "a/one" }), null);
});

test("entries of the price list are written by name and seller, and read by either or by their key", () => {
  const p = reference("route_1_model", "chat");
  assert.equal(referenceText(p, "b/one", catalog), "One · Bseller");
  assert.equal(referenceText(p, "b/one-again", catalog), "b/one-again", "a second one of the same name is told apart");
  assert.equal(referenceText(p, "gone/model", catalog), "gone/model");
  for (const [text, key] of [["one · bseller", "b/one"], [" a/one ", "a/one"], ["none", ""], ["", ""], ["Two", null], ["Embed · Aseller", null]]) {
    assert.equal(referenceKey(p, text, catalog), key, text);
  }
  assert.equal(referenceKey(reference("vector_store", "vector_store"), "v store", catalog), "v/store");
  assert.equal(referenceKey(reference("currency_code", "currency"), "eur", catalog), "EUR", "the core judges it");
});

test("lists of entries are the same tree for the same price list, with none among them", () => {
  const parameters = description.parameters.filter((p) => p.kind === "reference");
  const [first, second] = [referenceLists(parameters, catalog), referenceLists(parameters, catalog)];
  assert.equal(first.length, 2);
  first.forEach((tree, i) => assert.equal(tree, second[i]));
  assert.match(toHtml(first[1]), /<option value="none">.*One · Aseller/);
  assert.deepEqual(referenceLists(parameters, null), []);
});

const page = (find = "") => ({ description, catalog, format: makeFormat("en"), ui: { ...freshUi(), find }, estimate: null, state: { scenario: { parameters: {} }, others: [], at: 0, baseline: null } });

test("an absent value is derived, not given, none or the chosen model", () => {
  const html = (p) => toHtml(field(p, page()));
  assert.match(html(optional("long_gap_ratio", "derived")), /placeholder="derived"/);
  assert.match(html(optional("request_cap", "not given")), /placeholder="not given"/);
  assert.doesNotMatch(html(optional("request_cap", "not given")), /derived</);
  assert.match(html(reference("route_1_model", "chat")), /placeholder="none".*list="list-chat"|list="list-chat".*placeholder="none"/);
  assert.match(html(reference("judge_model", "chat", "derived")), /placeholder="the chosen model"/);
  assert.match(html(reference("currency_date", "date")), /type="date"/);
});

test("a field that stands twice on the page has two ids", () => {
  const p = description.parameters[1];
  assert.match(toHtml(field(p, page(), { prefix: "per" })), /for="per-kept_exchanges".*id="per-kept_exchanges".*id="per-hint-kept_exchanges"/);
});

test("inputs are found by name, then by id, then by help; the closest name first", () => {
  const ids = (find) => found(page(find)).map((p) => p.id);
  assert.deepEqual(ids(""), []);
  assert.deepEqual(ids("window"), ["kept_exchanges"]);
  assert.deepEqual(ids("model"), ["route_1_model", "fallback_model"]);
  assert.deepEqual(ids("kept window"), ["kept_exchanges"]);
  assert.deepEqual(ids("nothing of that"), []);
});
