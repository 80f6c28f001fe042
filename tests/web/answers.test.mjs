// The sections on savings, on users and on scenarios, from fixtures: what is unknown, negative or impossible is said so.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./support/load.mjs";

const savings = await load("site/src/views/savings.ts");
const users = await load("site/src/views/users.ts");
const scenarios = await load("site/src/views/scenarios.ts");
const { freshUi } = await load("site/src/page.ts");
const { makeFormat } = await load("site/src/format.ts");
const { toHtml } = await load("site/src/vdom.ts");

const text = (tree) => toHtml(tree).replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
const number = (id, more = {}) => ({ id, group: "g", label: id, kind: "number", unit_text: "", min: 0, max: 1e6, default: 1, step: 1, scale: "linear", main: false, help: "", source: "convention", ...more });
const description = { groups: [{ id: "g", label: "Group" }],
  categories: [{ id: "input", label: "Input" }, { id: "overheads", label: "Around inference" }],
  parameters: [number("prompt_tokens", { unit_text: "tokens per request" }), number("turns_per_conversation"), number("output_tokens"),
    number("price_usd", { kind: "optional_number", source: "not given" }), number("target_margin_ratio", { default: 0.7 }), number("active_users", { kind: "optional_number", source: "not given" }),
    { id: "price_per", group: "g", label: "Charged for", kind: "choice", default: "user", options: [{ id: "user", label: "a user and month" }, { id: "request", label: "a request" }], help: "", source: "" }] };
const page = (answers, more = {}) => ({ description, format: makeFormat("en"), catalog: null, ui: freshUi(), comparison: null, live: true,
  state: { scenario: { name: "Bot", parameters: {} }, others: [], at: 0, baseline: null }, estimate: null,
  ask: (what, question) => (typeof answers === "function" ? answers(what, question) : answers), ...more });

const lever = (id, changes) => ({ id, label: id, on: false, applicable: true, reason: "", turn: {}, setting: `${id} set`, alone_usd: 0, on_top_usd: 0, fair_usd: 0, conflicts: [], ...changes });
const levers = { without_usd: 100, now_usd: 62.5, all_usd: 40, levers: [
  lever("cache", { on: true, alone_usd: 40, on_top_usd: 30, fair_usd: 35.25, conflicts: [{ with: "batch", text: "cache saves 5 once batch is in use." }] }),
  lever("trim", { on: true, alone_usd: 3, on_top_usd: 1.5, fair_usd: 2.25 }),
  lever("batch", { alone_usd: 50, on_top_usd: 20, fair_usd: 31 }),
  lever("dear", { alone_usd: -4, on_top_usd: -6, fair_usd: null }),
  lever("picture", { applicable: false, reason: "No images are sent." })] };

test("savings: each lever with its three amounts, conflicts in words, those without a use with the reason", () => {
  const html = toHtml(savings.view(page(levers)));
  assert.match(html, /aria-checked="true"[^>]*><span[^>]*><\/span>cache/);
  assert.match(html, /aria-checked="false"[^>]*><span[^>]*><\/span>batch/);
  const said = text(savings.view(page(levers)));
  assert.match(said, /2 savings are on: the month costs 62\.50 USD instead of 100 USD \. With all that can be combined it would be 40 USD/);
  assert.match(said, /cache cache set Conflict: cache saves 5 once batch is in use\. 40\.00 30\.00 35\.25/);
  assert.match(said, /dear dear set costs 4\.00 more costs 6\.00 more unknown/);
  assert.match(said, /picture No images are sent\./);
});

test("savings: the steps lead from without to now, and only those that are on take part", () => {
  const said = text(savings.view(page(levers)));
  assert.match(said, /Without any saving 100\.00 cache −35\.25 trim −2\.25 Now 62\.50/);
  const off = { ...levers, levers: levers.levers.map((one) => ({ ...one, on: false })) };
  assert.doesNotMatch(text(savings.view(page(off))), /Without any saving/);
  const unknown = { ...levers, levers: levers.levers.map((one) => (one.on ? { ...one, fair_usd: null } : one)) };
  assert.doesNotMatch(text(savings.view(page(unknown))), /Without any saving/, "no steps are drawn from what is not known");
});

test("savings: bars share one scale that holds losses too", () => {
  const html = toHtml(savings.view(page(levers)));
  // From -6 to 50: zero stands at 6 / 56.
  const zero = (600 / 56).toFixed(3);
  assert.ok([...html.matchAll(/class="lever-zero" x1="([\d.]+)%"/g)].every(([, x]) => Number(x).toFixed(3) === zero));
  assert.match(html, /class="lever-top" x="0%"/);
});

test("savings: what the core refuses is said, and before there are prices what will appear", () => {
  assert.match(text(savings.view(page({ code: "x", where: "", message: "No such model.", hint: "Choose one." }))), /No such model\. Choose one\./);
  assert.match(text(savings.view(page(null))), /as soon as there are prices/);
});

const figures = (values) => Object.entries(values).map(([id, value]) => ({ id, label: id, value, unit: "", unit_text: "" }));
const estimate = (values, more = {}) => ({ figures: figures(values), items: [], totals: {}, model: { key: "a/one", name: "One", seller: "A" }, status: "ok", problem: null, ...more });
const sold = { revenue_per_month: 1000, profit_per_month: 600, loss_per_month: 0, margin_ratio: 0.6, loss_ratio: 0, break_even_price_usd: 4, target_price_usd: 13.333, affordable_usd_per_month: 300,
  total_per_conversation: 0.25, total_per_user: 4, total_per_light_user: 2, total_per_heavy_user: 12 };
const priced = { scenario: { name: "Bot", parameters: { price_usd: 10, active_users: 100 } }, others: [], at: 0, baseline: null };

test("users: a margin, or a loss, in words; the prices that cover and that leave the margin", () => {
  const said = text(users.view(page(null, { estimate: estimate(sold), state: priced })));
  assert.match(said, /0\.25 USD a conversation/);
  assert.match(said, /A margin of 60% : 600 USD of 1,000 USD a month remain/);
  assert.match(said, /Covers the cost 4 USD a user and month charge this Leaves 70% 13\.33 USD/);
  const loss = text(users.view(page(null, { estimate: estimate({ ...sold, loss_ratio: 0.4, loss_per_month: 400, margin_ratio: 0 }), state: priced })));
  assert.match(loss, /A loss of 40% of the revenue: 400 USD a month are missing/);
});

test("users: without a price or users it asks for them, and no amount is made up", () => {
  const said = text(users.view(page(null, { estimate: estimate({ total_per_conversation: 0.25, total_per_user: null }), ui: { ...freshUi(), unit: "total_per_user" } })));
  assert.match(said, /unknown Give the number of active users/);
  assert.match(said, /Give the price that you charge/);
  assert.match(said, /Covers the cost unknown/);
  assert.doesNotMatch(said, /light user USD/);
});

test("users: backwards, each answer is cut downwards and can be taken over", () => {
  const solved = { prompt_tokens: { status: "found", value: 3768.9, figure_value: 299.5 }, turns_per_conversation: { status: "none", value: null, figure_value: null }, output_tokens: { status: "all", value: 1e6, figure_value: 250 } };
  const asked = [];
  const ask = (what) => { asked.push(what); return { parameter: what.slice(6), figure: "total", at_most: 300, ...solved[what.slice(6)] }; };
  const model = (key, name, usd, status = "ok") => ({ key, name, seller_name: key.split("/")[0], status, usd_per_month: usd });
  const comparison = { models: [model("a/cheap", "Cheap", 10), model("b/middle", "Middle", 200), model("c/middle", "Middle", 250), model("a/dear", "Dear", 900), model("a/small", "Small", null, "impossible")] };
  const html = toHtml(users.view(page(ask, { estimate: estimate(sold), state: priced, comparison })));
  const said = text(users.view(page(ask, { estimate: estimate(sold), state: priced, comparison })));
  assert.match(said, /may cost at most 300 USD/);
  assert.match(said, /Largest prompt 3,768 tokens per request/);
  assert.match(html, /data-do="take-value" data-arg="prompt_tokens" data-value="3768"/);
  assert.match(said, /Most requests in a conversation none: even the least costs more/);
  assert.match(said, /Longest answer no limit/);
  assert.match(said, /3 of 4 models cost no more Middle c 250 USD a month Use this Cheap a 10 USD a month/, "the dearest first, each model once");
  const by_request = { ...priced, scenario: { ...priced.scenario, parameters: { price_usd: 1, price_per: "request" } } };
  asked.length = 0;
  users.view(page(ask, { estimate: estimate(sold), state: by_request, comparison }));
  assert.deepEqual(asked, ["solve:prompt_tokens", "solve:output_tokens"], "who charges by the request earns more with each");
});

const item = (id, usd) => ({ id, label: `line ${id}`, category: id.split(".")[0], usd_per_month: usd, usd_per_request: null, share: null, problem: null });
const answer = (total, items) => estimate({ total_per_user: null }, { items, totals: { per_month: total, per_request: total && total / 1000, per_conversation: null, inference_per_month: total } });

test("scenarios: a column each, differences signed and in words, only inputs that differ", () => {
  const state = { scenario: { name: "First", model: "a/one", parameters: { prompt_tokens: 5 } }, at: 0, baseline: null,
    others: [{ name: "Second", model: "a/one", parameters: { prompt_tokens: 50 } }, { name: "Third", model: "a/one", parameters: {} }] };
  const totals = [answer(100, [item("input.a", 90), item("overheads.b", 10)]), answer(310, [item("input.a", 300), item("overheads.b", 10)]), answer(null, [item("input.a", null)])];
  const shown = page((what) => totals[Number(what.split(":")[1])], { state });
  const said = text(scenarios.view(shown));
  assert.match(said, /Total, USD a month 100 310 unknown/);
  assert.match(said, /Against the first first \+210 3\.1× dearer unknown/);
  assert.match(said, /Inputs that differ prompt_tokens tokens per request 5 50 1 The bill/);
  assert.match(said, /line input\.a 90\.00 300\.00 unknown/);
  assert.match(said, /line overheads\.b 10\.00 10\.00 –/, "a line that a bill does not have is no 0");
  assert.match(toHtml(scenarios.view(shown)), /aria-label="Remove Second"/);
});
