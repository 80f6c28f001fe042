// The sections on caching, longer chats, agents and budgets, from fixtures, and the charts that they share.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./support/load.mjs";

const chart = await load("site/src/views/chart.ts");
const asked = await load("site/src/views/asked.ts");
const caching = await load("site/src/views/caching.ts");
const chats = await load("site/src/views/chats.ts");
const agent = await load("site/src/views/agent.ts");
const budget = await load("site/src/views/budget.ts");
const { freshUi } = await load("site/src/page.ts");
const { makeFormat } = await load("site/src/format.ts");
const { h, toHtml } = await load("site/src/vdom.ts");

const text = (tree) => toHtml(tree).replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");

// Charts

const frame = (more = {}) => ({ x: chart.counted(1, 10), y: chart.amounts(10), height: 100, xTitle: "turn", yTitle: "USD", xText: String, yText: String, ...more });

test("amounts start at 0, and no largest amount leaves the picture", () => {
  for (const largest of [0.0003, 1, 37, 15000]) {
    const scale = chart.amounts(largest);
    assert.equal(scale.from, 0);
    assert.equal(scale.marks[0], 0);
    assert.ok(scale.to > largest && scale.marks.at(-1) <= scale.to * 1.001);
  }
  assert.equal(chart.amounts(0).to, 1);
});

test("whole numbers stand in the middle of their places; marks are few and never beside each other", () => {
  assert.deepEqual(chart.counted(1, 5).marks, [1, 2, 3, 4, 5]);
  assert.deepEqual(chart.counted(1, 24).marks, [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23]);
  assert.deepEqual(chart.counted(1, 60).marks, [1, 6, 12, 18, 24, 30, 36, 42, 48, 54, 60]);
  assert.equal(chart.shareOf(chart.counted(1, 10), 1), 0.05);
});

test("a place on a scale leads back to its value", () => {
  for (const scale of [chart.logarithmic(0.1, 1000), chart.amounts(50), chart.counted(1, 60)]) {
    for (const share of [0, 0.25, 1]) assert.ok(Math.abs(chart.shareOf(scale, chart.valueAt(scale, share)) - share) < 1e-12);
  }
  assert.equal(chart.shareOf(chart.logarithmic(1, 100), 10), 0.5);
});

test("a line is interrupted where a value is unknown, and never drawn as 0", () => {
  const html = toHtml(chart.line(frame(), [[1, 1], [2, 2], [3, null], [4, 4], [5, 5]], "plain"));
  assert.equal([...html.matchAll(/<polyline/g)].length, 2);
  assert.doesNotMatch(html, /,100[" ]/);
});

test("bars stand on one another; what is below 0 is left out", () => {
  const html = toHtml(h("g", null, chart.stacks(frame(), [{ at: 1, parts: [{ hue: "input", size: 4 }, { hue: "output", size: 2 }, { hue: "cache_write", size: -1 }] }], "t")));
  const rects = [...html.matchAll(/y="([\d.]+)" height="([\d.]+)" fill="url\(#t-(\w+)\)"/g)].map(([, y, height, hue]) => ({ hue, y: Number(y), end: Number(y) + Number(height) }));
  assert.deepEqual(rects.map(({ hue }) => hue), ["input", "output"]);
  assert.ok(Math.abs(rects[0].end - 100) < 0.02 && Math.abs(rects[1].end - rects[0].y) < 0.02);
});

test("each hue has a weave of its own, so that no colour stands alone", () => {
  const hues = ["input", "cache_read", "cache_write", "output", "reasoning", "tools", "media"];
  const html = toHtml(chart.weavesOf("x", hues));
  const paths = hues.map((hue) => new RegExp(`<pattern id="x-${hue}"[^>]*>.*?</pattern>`).exec(html)[0].match(/ d="([^"]*)"/)?.[1] ?? "");
  assert.equal(new Set(paths).size, hues.length);
});

test("crossings lie on both lines; lines that touch or that are unknown do not cross", () => {
  const xs = [1, 2, 3, 4];
  assert.deepEqual(chart.crossings(xs, [4, 4, 4, 4], [6, 5, 3, 2], false), [{ x: 2.5, y: 4, falls: true }]);
  assert.deepEqual(chart.crossings(xs, [4, 4, 4, 4], [6, 4, 4, 5], false), []);
  assert.deepEqual(chart.crossings(xs, [4, 4, 4, 4], [6, 4, 2, 2], false), [{ x: 2, y: 4, falls: true }]);
  assert.deepEqual(chart.crossings(xs, [4, null, 4, 4], [6, 5, 3, 2], false), []);
  assert.deepEqual(chart.crossings([1, 100], [1, 1], [2, 0], true), [{ x: 10, y: 1, falls: true }]);
  assert.deepEqual(chart.crossings(xs, [4, 4, 4, 4], [3, 3, 5, 5], false).map(({ falls }) => falls), [false]);
});

test("a handle is a slider with its limits, its value in words, and room for a finger", () => {
  const html = toHtml(chart.grip(frame(), { id: "kept_exchanges", label: "Exchanges kept", value: 4, text: "4 exchanges kept", along: "x", least: 0, most: 9, offset: 1.5 }, 5.5, 5));
  for (const part of ['role="slider"', 'tabindex="0"', 'aria-label="Exchanges kept"', 'aria-valuemin="0"', 'aria-valuemax="9"', 'aria-valuenow="4"', 'aria-valuetext="4 exchanges kept"',
    'width="44" height="44"', 'data-offset="1.5"']) assert.ok(html.includes(part), part);
});

// A page with a core of its own

const number = (id, value, more = {}) => ({ id, group: "g", label: id, kind: "number", unit_text: "", min: 0, max: 1e9, default: value, step: 1, scale: "linear", main: false, help: "", source: "convention", ...more });
const optional = (id, value) => number(id, value, { kind: "optional_number", source: "not given" });
const choice = (id, value, options) => ({ id, group: "g", label: id, kind: "choice", default: value, help: "", source: "", options: options.map(([one, label]) => ({ id: one, label })) });
const description = {
  groups: [{ id: "g", label: "Group" }],
  categories: ["input", "cache_read", "cache_write", "output", "tools"].map((id) => ({ id, label: id })),
  parameters: [
    ...Object.entries({ conversations_per_day: 240, turns_per_conversation: 8, active_hours_per_day: 24, prompt_tokens: 1000, static_prefix_tokens: 800, changing_line_tokens: 0, turn_gap_minutes: 1,
      output_tokens: 250, prompt_trim_ratio: 0, kept_exchanges: 4, summary_every_turns: 5, summary_tokens: 200, summary_prompt_tokens: 100, history_limit_tokens: 8000, tools: 0, tool_schema_tokens: 150,
      subagents_per_conversation: 0, subagent_turns: 5, subagent_prompt_tokens: 2000, success_ratio: 1, attempts: 1, forecast_months: 3, growth_ratio: 0, price_decline_ratio: 0,
      replatform_months: 12, days_passed: 0, days_per_month: 30 }).map(([id, value]) => number(id, value)),
    ...Object.entries({ tokens_before_changing_line: 0, cache_hit_ratio: 0.8, turn_input_tokens: 80, request_cap: 20, budget_usd: 20000, spent_usd: 0 }).map(([id, value]) => optional(id, value)),
    choice("caching", "off", [["off", "off"], ["automatic", "as the seller does it"], ["5m", "5 minutes"], ["stored", "stored cache"]]),
    choice("history", "given", [["given", "not sent"], ["full", "all"], ["window", "window"], ["cap", "limit"], ["summary", "summaries"]]),
    choice("reasoning_kept", "model", [["model", "as the model does"]]), choice("budget_period", "month", [["month", "a month"], ["forecast", "the whole forecast"]]),
    number("summary_model", "", { kind: "reference", what: "chat" }),
  ],
};
const value = (scenario, id) => scenario.parameters[id] ?? description.parameters.find((p) => p.id === id).default;
const figures = (values) => Object.entries(values).map(([id, one]) => ({ id, label: id, value: one, unit: "", unit_text: /^(total|inference)/.test(id) ? "USD per conversation" : "" }));
let pages = 0;
/** `core` answers from scenarios; each page has prices of its own, so that nothing is remembered from the one before. */
function page(core, parameters = {}, more = {}) {
  const scenario = { format: "tokenbill-scenario/1", model: "a/one", parameters };
  const estimate = core.estimate?.(scenario) ?? { figures: [], notices: [], items: [], inputs: [], status: "ok", problem: null };
  pages += 1;
  return { description, format: makeFormat("en"), catalog: null, ui: freshUi(), comparison: null, live: true, failure: null, estimate,
    prices: { state: "ready", source: `fixture ${pages}`, loaded: { as_of: "2026-11-22" } },
    state: { scenario, others: [], at: 0, baseline: null }, ask: (_, question) => question(core, scenario, "2026-11-22"), ...more };
}
const bill = (values, more = {}) => ({ figures: figures(values), notices: [], items: [], inputs: [], status: "ok", problem: null, ...more });

test("a slow answer stays until the reader pauses; what it does not depend on asks for nothing", async () => {
  let drawn = 0;
  asked.whenPaused(() => { drawn += 1; });
  const one = page({});
  let asks = 0;
  const ask = (free = []) => asked.slowly(one, "slot", free, 0, () => (asks += 1));
  assert.equal(ask(), 1);
  assert.equal(ask(), 1);
  one.state = { ...one.state, scenario: { ...one.state.scenario, parameters: { prompt_tokens: 5 } } };
  assert.equal(ask(["prompt_tokens"]), 1);
  assert.equal(ask(), 1, "the last answer stays");
  assert.equal(drawn, 0);
  await new Promise((done) => setTimeout(done, 200));
  assert.equal(drawn, 1);
  assert.equal(ask(), 2);
});

// Caching

/** A cache of 5 minutes that pays from 1 request an hour on; the seller's own is the same; none is sold by the hour. */
const cacher = {
  estimate(scenario) {
    const kind = value(scenario, "caching");
    const line = value(scenario, "changing_line_tokens");
    const before = scenario.parameters.tokens_before_changing_line;
    const found = kind === "off" ? 0 : line > 0 && before !== undefined ? Math.min(800, before) : 800;
    return bill({ inference_per_request: kind === "off" ? 0.01 : 0.012 - found / 100000, requests_per_day: 240, static_tokens: 800, prompt_text_tokens: 1000 + line, average_prompt_tokens: 1400 + line,
      retrieved_tokens: 100, cacheable_tokens: found, cache_read_tokens: found, cache_write_tokens: 100, uncached_tokens: 1300 + line - found, cached_ratio: found / 1400,
      hit_ratio: 0.9, cache_break_even_hit_ratio: 0.22, cache_break_even_uses: 2 },
    { notices: kind === "stored" ? [{ kind: "not_offered", text: "One sells no cache by the hour: priced as the seller caches by itself." }] : [{ kind: "caching", text: "The cache costs more than it saves." }] });
  },
  series(scenario, _, { from, to, steps }) {
    const values = Array.from({ length: steps }, (__, i) => from * (to / from) ** (i / (steps - 1)));
    // 240 requests a day of 240 conversations: a conversation a day is 1/24 request an hour; the lines cross at 1 an hour.
    return { values, figures: { inference_per_request: values.map((x) => (value(scenario, "caching") === "off" ? 0.01 : 0.012 - 0.002 * (1 + Math.log10(x / 24)))) } };
  },
};

test("caching: whether it pays, from how many uses and which hit rate; the crossing with no cache at its traffic", () => {
  const said = text(caching.view(page(cacher, { caching: "5m" })));
  assert.match(said, /Caching pays\. With a cache of 5 minutes a request takes 0\.0040 USD of inference, without 0\.010: 60% cheaper\./);
  assert.match(said, /pays from 2 uses within its lifetime on, or from a hit rate of 22%/);
  assert.match(said, /5 minutes pays from 1 an hour/);
  assert.match(said, /you are here: 10 an hour/);
  assert.match(said, /5 minutes [\d.]+ 60% cheaper 1 an hour 22% 2 90% in use/);
});

test("caching: a choice that the model lacks is told with its reason, not drawn and not in the table", () => {
  const html = toHtml(caching.view(page(cacher, { caching: "5m" })));
  assert.match(html, /Stored cache: One sells no cache by the hour: priced as the seller caches by itself\./);
  assert.doesNotMatch(html, /data-do="use-caching" data-arg="stored"/);
  assert.match(html, /data-do="use-caching" data-arg="off"/);
  assert.match(text(caching.view(page(cacher, { caching: "stored" }))), /One sells no cache by the hour: priced as the seller caches by itself\. .*found by other conversations/);
});

test("caching: with a cache off the picture shows the seller's own, and says so", () => {
  const said = text(caching.view(page(cacher)));
  assert.match(said, /Caching would pay\. With the seller’s own cache/);
  assert.match(said, /Caching is off in your scenario/);
});

test("caching: the blocks stand in order, and the cached part collapses with the place of the line", () => {
  const blocks = (parameters) => {
    const html = toHtml(caching.view(page(cacher, { caching: "5m", ...parameters })));
    return { names: [...html.matchAll(/<rect class="block block-(\w+)" x="([\d.]+)%"/g)].map(([, name]) => name), said: text(caching.view(page(cacher, { caching: "5m", ...parameters }))), html };
  };
  assert.deepEqual(blocks({}).names, ["static", "history", "retrieved", "question"]);
  assert.doesNotMatch(blocks({}).html, /data-grip="tokens_before_changing_line"/);
  const end = blocks({ changing_line_tokens: 25 });
  assert.deepEqual(end.names, ["static", "history", "retrieved", "line", "question"]);
  assert.match(end.said, /found by other conversations: 800 tokens/);
  const middle = blocks({ changing_line_tokens: 25, tokens_before_changing_line: 200 });
  assert.deepEqual(middle.names, ["static", "line", "static", "history", "retrieved", "question"]);
  assert.match(middle.said, /found by other conversations: 200 tokens/);
  assert.match(middle.html, /data-grip="tokens_before_changing_line"/);
  assert.match(blocks({ changing_line_tokens: 25, tokens_before_changing_line: 0 }).said, /nothing that other conversations could find/);
});

// Longer chats

/** Turn t costs t for everything, 3 for a window, 2 and every fifth turn 5 for summaries; a limit is full after 6 turns. */
const talker = (change = (turn) => turn) => ({
  estimate: (scenario) => bill({ inference_per_month: value(scenario, "history") === "full" ? 3600 : 1000 }),
  turns(scenario, _, count) {
    const kind = value(scenario, "history");
    const costs = { full: (t) => t, window: () => 3, summary: (t) => (t % 5 === 0 ? 5 : 2), cap: (t) => t };
    let sum = 0;
    const turns = Array.from({ length: kind === "cap" ? Math.min(6, count) : count }, (__, i) => {
      const usd = costs[kind](i + 1) * (value(scenario, "caching") === "off" ? 1 : 0.5);
      sum += usd;
      return change({ turn: i + 1, read_tokens: 0, write_tokens: 0, uncached_tokens: 100 * usd, output_tokens: 10, usd, cumulative_usd: sum, by_category: { input: usd * 0.75, cache_write: 0, output: usd * 0.25 } }, kind);
    });
    return { turns, problem: kind === "cap" ? { code: "impossible", where: "", message: "The context is full.", hint: "" } : null };
  },
});

test("chats: the turn from which one strategy costs less in all than another", () => {
  const turns = (...costs) => costs.map((cumulative_usd, i) => ({ turn: i + 1, cumulative_usd }));
  assert.deepEqual(chats.overtakes(turns(1, 3, 6, 10), turns(3, 6, 9, 12)), [{ turn: 1, cheaper: false }]);
  assert.deepEqual(chats.overtakes(turns(1, 3, 6, 10, 15, 21), turns(3, 6, 9, 12, 15, 18)), [{ turn: 1, cheaper: false }, { turn: 6, cheaper: true }]);
  assert.deepEqual(chats.overtakes(turns(1, 3, null), turns(1, 3, 4)), []);
  assert.equal(chats.overtakeWords("Window", [{ turn: 1, cheaper: false }, { turn: 6, cheaper: true }], 12), "Window: dearer at first, cheaper in all from turn 6 on.");
  assert.equal(chats.overtakeWords("Limit", [], 12), "Limit: the same as sending everything, up to turn 12.");
});

test("chats: totals of a conversation with their difference, cached or not, and a button for each other strategy", () => {
  const html = toHtml(chats.view(page(talker(), { history: "full" })));
  const said = text(chats.view(page(talker(), { history: "full" })));
  assert.match(said, /A conversation of 8 turns is cheapest with summaries: 19 USD/);
  assert.match(said, /Everything is sent again full 36\.00 18\.00 3,600\.00 in use/);
  assert.match(said, /The last exchanges are kept window 24\.00 33% cheaper 12\.00 1,000\.00 Use/);
  assert.match(said, /As much as fits into a limit cap impossible impossible/);
  assert.match(said, /Window: dearer at first, cheaper in all from turn 6 on\./);
  assert.match(html, />window: turn 6</);
  for (const id of ["window", "summary", "cap"]) assert.match(html, new RegExp(`data-do="use-history" data-arg="${id}"`));
  assert.match(html, /data-grip="kept_exchanges"[^>]*aria-valuenow="4" aria-valuetext="4 exchanges kept"/);
  assert.match(said, /The context is full\./);
  assert.doesNotMatch(said, /In your scenario nothing grows/);
});

test("chats: as long as nothing is dropped no strategy is called the cheapest; one that forgets is told to forget", () => {
  const alike = { ...talker(), turns: (_, __, count) => ({ turns: Array.from({ length: count }, (___, i) => ({ turn: i + 1, usd: 1, cumulative_usd: i + 1, by_category: { input: 1 } })), problem: null }) };
  assert.match(text(chats.view(page(alike, { history: "full" }))), /In 8 turns nothing is dropped yet: a conversation costs 8 USD of inference, whatever the strategy\./);
  assert.match(text(chats.view(page(talker(), { history: "full" }))), /What is no longer sent is forgotten/);
});

test("chats: a history that is given is explained, with the inputs that say what an exchange adds", () => {
  const html = toHtml(chats.view(page(talker())));
  assert.match(html, /In your scenario nothing grows\./);
  assert.match(html, /data-do="use-history" data-arg="full"/);
  for (const id of ["turn_input_tokens", "output_tokens", "reasoning_kept"]) assert.match(html, new RegExp(`id="chats-given-${id}"`));
});

test("chats: ids are unique although inputs stand in several places", () => {
  const ids = [...toHtml(chats.view(page(talker()))).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
});

test("chats: what the core takes back of earlier turns is told, not drawn", () => {
  const takes_back = talker((turn, kind) => (kind === "window" && turn.turn === 6 ? { ...turn, by_category: { input: 5, cache_write: -2, output: 1 } } : turn));
  assert.match(text(chats.view(page(takes_back, { history: "full" }))), /From turn 6 on earlier text is dropped/);
  const bars = (core) => [...toHtml(chats.view(page(core, { history: "full" }))).matchAll(/fill="url\(#chats-none\)"/g)].length;
  assert.deepEqual([bars(talker()), bars(takes_back)], [0, 1]);
  assert.doesNotMatch(text(chats.view(page(talker(), { history: "full" }))), /earlier text is dropped/);
});

// Agent

/** Steps cost their square, a fifth of it cached; 40 steps fill the context; from 20 on the long-context price holds. */
const worker = {
  estimate: (scenario) => bill({ inference_per_conversation: value(scenario, "turns_per_conversation") ** 2 / 100, total_per_conversation: 1, total_per_success: value(scenario, "request_cap") ? 2 : 2,
    success_per_attempt: 0.7, cut_conversations_ratio: 0, unsolved_ratio: 0.3 }, { notices: value(scenario, "turns_per_conversation") >= 20 ? [{ kind: "cliff", text: "" }] : [] }),
  series(scenario, _, { id, steps }) {
    const values = Array.from({ length: steps }, (__, i) => i + 1);
    const cost = (n) => (value(scenario, "history") === "given" ? n / 100 : n > 40 ? null : (n * n) / 100 * (value(scenario, "caching") === "off" ? 1 : 0.2));
    return { values, figures: id === "request_cap" ? { total_per_success: values.map((n) => 2 + 4 / n), cut_conversations_ratio: values.map((n) => 1 / n) } : { inference_per_conversation: values.map(cost) } };
  },
};

test("agent: the square of its steps, cached and not, the context's end and the long-context price", () => {
  const of = page(worker, { history: "full", turns_per_conversation: 12, success_ratio: 0.7 });
  const said = text(agent.view(of));
  assert.match(said, /12 steps cost 1\.44 USD of inference not cached and 0\.288 cached, 80% cheaper\. Twice as many cost 4 times as much, cached 4 times\./);
  assert.match(said, /above 40 steps the context is full/);
  assert.match(said, /long-context price from 20 steps on/);
  assert.match(said, /12 1\.44 0\.29 0\.12/);
  assert.match(said, /60 impossible impossible 0\.60/);
  assert.match(said, /Attempts that succeed within the cap 70%/);
  assert.doesNotMatch(said, /nothing grows/);
});

test("agent: what a cap does, told against none; at the right end there is none", () => {
  const none = toHtml(agent.view(page(worker, { history: "full", turns_per_conversation: 12 })));
  assert.match(text(agent.view(page(worker, { history: "full", turns_per_conversation: 12 }))), /A cap at 24 steps, twice your mean, would cut 4\.2% of the tasks: a solved one would cost 2\.17 USD in all, without a cap 2 \(8\.3% dearer with it\)/);
  assert.match(none, /aria-valuenow="60" aria-valuetext="no cap"/);
  assert.match(text(agent.view(page(worker, { history: "full", turns_per_conversation: 12, request_cap: 10 }))), /Your cap at 10 steps cuts 10% of the tasks/);
});

test("agent: without growing history it says why the curve is straight", () => {
  assert.match(text(agent.view(page(worker))), /In your scenario nothing grows\..*straight line/);
});

// Budget

const level = (share, usd, date, day) => ({ share, usd, date, day });
const months = [["2026-11-22", 100, 100], ["2026-12-22", 150, 250], ["2027-01-22", 200, 450]].map(([date, usd, cumulative_usd], i) =>
  ({ month: i + 1, date, conversations_per_day: 240, price_factor: 1, usd, cumulative_usd, notices: i === 1 ? [{ kind: "price_step", text: "a promotion ends." }] : [] }));
const planner = (budget_) => ({ forecast: () => ({ months, total_usd: 450, budget: budget_ }) });
const monthly = { usd: 120, period: "month", levels: [level(0.5, 60, "2026-12-09", 18), level(0.8, 96, "2026-12-20", 29), level(1, 120, null, null)], breaks_month: 2, month_end_usd: 100, run_rate_usd_per_day: 3.333, run_rate_from: "plan" };

test("budget: the sum, the month in which it breaks, the alarms with their days, and price steps as flags", () => {
  const html = toHtml(budget.view(page(planner(monthly), { budget_usd: 120 })));
  const said = text(budget.view(page(planner(monthly), { budget_usd: 120 })));
  assert.match(said, /450 USD for 3 months/);
  assert.match(said, /breaks in month 2, which begins on Dec 22, 2026/);
  assert.match(said, /50% 60 Dec 9, 2026 18 80% 96 Dec 20, 2026 29 100% 120 not in this month/);
  assert.match(said, /1 Dec 2026 A promotion ends\./);
  assert.match(said, /the month ends at 100 USD/);
  assert.match(html, /role="slider"[^>]*data-grip="budget_usd"[^>]*aria-valuenow="120"[^>]*aria-orientation="vertical"/);
  // Months above the budget are told apart by their weave, not by colour alone.
  assert.equal([...html.matchAll(/fill="url\(#budget-above\)"/g)].length, 2);
});

test("budget: without one there is a way to set it; one for the whole time stands in the picture of the sum", () => {
  assert.match(toHtml(budget.view(page(planner(null)))), /data-do="budget-set" data-arg="100"/);
  const whole = { ...monthly, period: "forecast", breaks_month: null, usd: 500 };
  const said = text(budget.view(page(planner(whole), { budget_usd: 500, budget_period: "forecast" })));
  assert.match(said, /The budget of 500 USD for the whole time holds to the end\./);
  assert.match(said, /USD in all so far/);
  assert.match(said, /not within the forecast/);
});

test("budget: an unknown month is said so and nothing is drawn for it", () => {
  const unknown = { months: [months[0], { ...months[1], usd: null, cumulative_usd: null }], total_usd: null, budget: null };
  const said = text(budget.view(page({ forecast: () => unknown })));
  assert.match(said, /unknown USD for 2 months/);
  assert.equal([...toHtml(budget.view(page({ forecast: () => unknown }))).matchAll(/fill="url\(#budget-sum\)"/g)].length, 1);
});

test("budget: where a line reaches a height", () => {
  assert.equal(budget.reach([[0, 0], [10, 100]], 50), 5);
  assert.equal(budget.reach([[0, 0], [4, 80], [10, 100]], 90), 7);
  assert.equal(budget.reach([[0, 0], [10, 100]], 101), null);
  assert.equal(budget.reach([[0, 0], [5, null], [10, 100]], 50), null);
});

test("a scenario that cannot be priced leaves a sentence in each section", () => {
  const stuck = bill({}, { status: "impossible", problem: { code: "impossible", where: "", message: "The prompt is too long.", hint: "Shorten it." } });
  for (const section of [caching, chats, agent, budget]) {
    assert.match(text(section.view(page({}, {}, { estimate: stuck }))), /The prompt is too long\. Shorten it\./);
  }
});
