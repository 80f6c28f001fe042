// The section on own GPUs, from a decision made up for the purpose: what it shows is what the document says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { load, root } from "./support/load.mjs";

const own = await load("site/src/views/own.ts");
const { form } = await load("site/src/views/form.ts");
const { withHardware, referenceKey, referenceText } = await load("site/src/references.ts");
const { idle } = await load("site/src/relevance.ts");
const { freshUi } = await load("site/src/page.ts");
const { makeFormat } = await load("site/src/format.ts");
const { toHtml } = await load("site/src/vdom.ts");
const format = makeFormat("en");

// The table of parameters itself, as the core would describe it.
const table = readFileSync(`${root}/core/include/tokenbill/parameters.def`, "utf8");
const pieces = (text) => [...text.matchAll(/"((?:[^"\\]|\\.)*)"|([^,\s][^,]*)/g)].map(([, quoted, bare]) => quoted ?? bare.trim());
const parameters = [...table.matchAll(/^TOKENBILL_(NUMBER|OPTIONAL|CHOICE|REFERENCE)\((.*(?:\n {2}.*)*)\)$/gm)].map(([, kind, all]) => {
  const [id, group, label, ...more] = pieces(all);
  const [help, source] = more.slice(-2);
  const common = { id, group, label, help, source, main: false };
  if (kind === "CHOICE") return { ...common, kind: "choice", default: more[0], options: more[1].split("|").map((one) => ({ id: one.split("=")[0], label: one.split("=")[1] })) };
  if (kind === "REFERENCE") return { ...common, kind: "reference", what: more[0], default: more[1] };
  return { ...common, kind: kind === "NUMBER" ? "number" : "optional_number", unit_text: more[0].replace(/units::/g, ""), min: Number(more[1]), max: Number(more[2]), default: Number(more[3]), step: Number(more[4]), scale: more[5] };
});
export const description = { groups: [{ id: "own", label: "Own capacity" }, { id: "tuning", label: "Fine-tuned small model" }, { id: "latency", label: "Latency" }], categories: [], parameters };

const hardware = { as_of: "2026-11-20", gpus: [{ key: "h100-sxm", name: "H100 SXM" }, { key: "l40s", name: "L40S" }], open_models: [{ key: "big-70b", name: "Big 70B" }, { key: "small-8b", name: "Small 8B" }], left_out: [] };
const catalog = withHardware({ as_of: "2026-11-20", sellers: [{ id: "host", name: "Hoster" }], services: [], models: [{ key: "host/big-70b", name: "Big 70B", seller: "host", kind: "chat", capabilities: [], context_tokens: 131072 }] }, hardware);

const volumes = Array.from({ length: 121 }, (_, i) => 150000 * 10 ** (-2 + i / 20));
const serving = (gpu, name, gpus, more = {}) => ({ gpu, gpu_name: name, gpus_per_replica: gpus, reason: "", concurrency: 96, most_requests: 131.4, first_token_seconds: 0.712, first_token_low: 0.51, first_token_high: 1.24,
  token_seconds: 0.0313, request_seconds: 8.2, output_tokens_per_second: 1534.2, output_low: 1210.4, output_high: 1891.7, replicas: 3, gpus_at_peak: 8, utilisation: 0.274, usd_per_month: 20345.67, usd_per_mtok: 1.8765, rent_source: "median of 12 offers, 1.89 to 3.20 USD an hour", ...more });
const item = (id, label, category, usd) => ({ id, label, category, usd_per_month: usd, usd_per_request: usd / 150000, share: usd / 20345.67, problem: null });
const figure = (id, value, unit_text = "") => ({ id, label: id, value, unit: "", unit_text });
export const capacity = (more = {}) => ({
  model: { id: "big-70b", name: "Big 70B" }, problem: null, per_month: 20345.67,
  deployments: [serving("h100-sxm", "H100 SXM", 2), serving("l40s", "L40S", 8, { usd_per_month: 33456.78, gpus_at_peak: 40, concurrency: 24 }),
    { gpu: "l40s", gpu_name: "L40S", gpus_per_replica: 1, reason: "It does not fit: 65.7 GiB of weights and 0.4 GiB for a request in 40.5 GiB of each GPU." }],
  memory: { capacity: 79.6, usable: 71.7, weights: 35.25, reserve: 4.5, room: 31.95, request: 0.243 },
  items: [item("own.gpus_busy", "GPUs while they work", "gpus", 3210.98), item("own.gpus_idle", "GPUs while they wait", "gpus", 8507.65), item("own.gpus_spare", "Spare replicas", "gpus", 2122.04),
    item("own.storage", "Storage of weights", "infrastructure", 55), item("own.egress", "Traffic out", "infrastructure", 0), item("own.monitoring", "Monitoring of servers", "infrastructure", 200), item("own.people", "People for the servers", "people", 6250)],
  figures: [figure("replicas_at_peak", 3), figure("gpus_at_peak", 8, "unit"), figure("utilisation", 0.274), figure("own_usd_per_mtok_input", 1.234, "USD per million tokens"), figure("own_usd_per_mtok_output", 5.678, "USD per million tokens"),
    figure("own_usd_per_mtok_full", 0.321, "USD per million tokens"), figure("own_base_price", 2.49, "USD per GPU and hour")],
  notices: [], ...more });
const staircase = (volume) => 12000 + 8345.67 * Math.ceil(volume / 4e6);
const way = (id, label, what, usd, curve, more = {}) => ({ id, label, what, usd_per_month: usd, allowed: true, reason: "", curve: volumes.map(curve),
  usd_on_gpus: null, usd_low: null, usd_high: null, curve_low: [], curve_high: [], note: "", ...more });
const banded = (usd_on_gpus, usd_low, usd_high, curve) => ({ usd_on_gpus, usd_low, usd_high, curve_low: volumes.map((v) => curve(v) * 0.9), curve_high: volumes.map((v) => curve(v) * 1.2) });
export const decision = (more = {}) => ({
  verdict: "The same open model, hosted (host/big-70b) is the cheapest at 1\u202f234.56 USD a month; next comes The chosen model, by the token (One) with 4\u202f321.09. Own capacity costs less than The same open model, hosted (host/big-70b) from 8 400 000 requests a month on, 56 times as many. With \"Conversations\" at 280000 instead of 5000 it would be Own capacity (Big 70B on 8 × H100 SXM).",
  best: "hosted", requests_per_month: 150000,
  choices: [way("api", "The chosen model, by the token", "One", 4321.09, (v) => v * 0.0288), way("hosted", "The same open model, hosted", "host/big-70b", 1234.56, (v) => v * 0.00823, { note: "Price checked on 2026-09-23." }),
    way("own", "Own capacity", "Big 70B on 8 × H100 SXM", 20345.67, staircase, banded(20345.67, 18222.33, 24555.44, staircase)),
    way("hybrid", "Hybrid", "70 % on own capacity", 21642, (v) => staircase(v * 0.7) + v * 0.00864, banded(20345.67, 21642, 21642, staircase))],
  volumes,
  crossings: [{ requests_per_month: 8432100, usd_per_month: 69396.4, below: "hosted", above: "own" }, { requests_per_month: 706433, usd_per_month: 20345.67, below: "api", above: "own" }],
  flips: [{ parameter: "conversations_per_day", from: 5000, to: 281070.03, choice: "own" }, { parameter: "gpu_usd_per_hour", from: 2.49, to: 0.10023, choice: "own" }],
  own: capacity(), small: null, ...more });

let pages = 0;
export function page(answer = decision(), given = {}, more = {}) {
  const scenario = { format: "tokenbill-scenario/1", model: "a/one", parameters: given };
  pages += 1;
  return { description, format, catalog, hardware, hardware_problem: "", ui: freshUi(), comparison: null, live: true, failure: null, presets: [],
    estimate: { model: { key: "a/one", name: "One", seller: "a" }, figures: [figure("inference_per_month", 4321.09)], notices: [], items: [], inputs: [], status: "ok", problem: null },
    prices: { state: "ready", source: `fixture ${pages}`, loaded: { as_of: "2026-11-20" } }, state: { scenario, others: [], at: 0, baseline: null },
    ask: (_, question) => question({ decide: () => answer }, scenario, "2026-11-20"), ...more };
}
const html = (...more) => toHtml(own.view(page(...more)));
const text = (markup) => markup.replace(/<[^>]+>/g, " ").replace(/&amp;/g, "&").replace(/\s+/g, " ");
/** Every amount of money in a tree, as printed. */
const shown = (markup) => new Set(text(markup).match(/\d{1,3}(?:,\d{3})*(?:\.\d+)?/g));

/** Without printing a whole page where it is not so. */
const has = (where, what) => assert.ok(what.test(where), `${what} is missing`);

test("every way to buy is told with its amount, the cheapest is marked, and figures are doors", () => {
  const markup = html();
  const rows = [.../<table class="asked fits ways">.*?<\/table>/s.exec(markup)[0].matchAll(/<tr class="?([^">]*)[^>]*><th scope="row">(.*?)<\/tr>|<tr><th scope="row">(.*?)<\/tr>/gs)].map((row) => text(row[0]));
  assert.equal(rows.length, 4);
  for (const [i, usd, against] of [[0, "4,321.09", "3.5× dearer"], [1, "1,234.56", "cheapest"], [2, "20,345.67", "16.5× dearer"], [3, "21,642.00", "17.5× dearer"]]) assert.ok(rows[i].includes(usd) && rows[i].includes(against), rows[i]);
  has(rows[1], /Big 70B · Hoster/);
  has(markup, /data-arg="inference_per_month" aria-label="The chosen model/);
  has(markup, /data-arg="inference_per_month" data-model="host\/big-70b"/);
  has(markup, /data-arg="own_total" data-own/);
  has(text(markup), /is the cheapest at 1,234\.56 USD a month/, "the core's sentence in the reader's digits");
  assert.doesNotMatch(text(markup), /With "Conversations"/, "buttons tell it");
});

test("an amount that holds more than own capacity has a door to that part alone", () => {
  const answer = decision();
  const markup = html({ ...answer, choices: answer.choices.map((one) => (one.id === "own" ? { ...one, usd_per_month: 20845.67 } : one)) });
  has(text(markup), /20,845\.67 of it 20,346 USD on GPUs/);
  has(markup, /data-arg="hybrid\/own_total" data-own/, "the hybrid's part explains itself");
});

test("a month on GPUs has a band where throughput scatters, in the table and around its line; a host tells the age of its price", () => {
  const markup = html();
  const said = text(markup);
  has(said, /20,345\.67 18,222 to 24,555/);
  assert.doesNotMatch(said, /21,642 to 21,642/, "no band where whole replicas absorb it");
  assert.equal(markup.match(/<polygon class="area area-of-own"/g).length, 1);
  assert.doesNotMatch(markup, /area-of-(api|hosted|hybrid)/);
  has(said, /Big 70B · Hoster Price checked on 2026-09-23\./);
  has(said, /The area around it: the throughput between which 80 % of measurements lie/);
});

test("what is out of the question is grey, with the reason; an unknown price is no 0", () => {
  const answer = decision();
  const out = (id, more) => html({ ...answer, choices: answer.choices.map((one) => (one.id === id ? { ...one, ...more } : one)) });
  const stays = out("api", { allowed: false, reason: "The data must stay on own capacity." });
  has(stays, /<tr class="excluded"><th scope="row">.*?The data must stay on own capacity\./s);
  has(stays, /line-of-api line-out/);
  const unpriced = text(out("own", { usd_per_month: null, reason: "A price is not known.", curve: volumes.map(() => null) }));
  has(unpriced, /Own capacity Big 70B on 8 × H100 SXM A price is not known\. unknown/);
  assert.doesNotMatch(unpriced, /chosen model own capacity hybrid/, "no line, no name at its end");
});

test("no money is computed: every amount of a month is one of the document", () => {
  const answer = decision();
  const column = format.column([1e6]);
  const all = (one) => [...one.items.map((each) => each.usd_per_month), one.per_month, ...one.deployments.flatMap((each) => [each.usd_per_month ?? null])];
  const known = new Set([...answer.choices.flatMap((one) => [one.usd_per_month, one.usd_on_gpus, one.usd_low, one.usd_high, ...one.curve, ...one.curve_low, ...one.curve_high]), ...answer.crossings.map((one) => one.usd_per_month), ...all(answer.own)].flatMap((usd) => [format.amount(usd), column(usd)]));
  const amounts = [...shown(html()).values()].filter((one) => /\.\d\d$/.test(one) && Number(one.replaceAll(",", "")) > 100);
  assert.ok(amounts.length > 10);
  for (const one of amounts) assert.ok(known.has(one), `${one} is no amount of the document`);
});

test("the detail has each line of the bill, the figures, the memory and what it could run on", () => {
  const markup = html();
  const said = text(markup);
  for (const line of ["GPUs while they work 3,210.98", "GPUs while they wait 8,507.65", "Spare replicas 2,122.04", "Storage of weights 55.00", "People for the servers 6,250.00", "Total 20,345.67"]) assert.ok(said.includes(line), line);
  has(said, /0 as things stand: Traffic out\./);
  for (const fact of ["Replicas at the peak 3", "GPUs, spares included 8", "Busy 27%", "A million input tokens 1.23 USD", "A million output tokens 5.68 USD", "First token, when full 712 ms measured 510 ms to 1.24 s", "Each token after it 31.3 ms",
    "Output tokens a second and GPU 1,530 measured 1,210 to 1,890"]) assert.ok(said.includes(fact), `${fact} in ${said.slice(said.indexOf("Replicas at"), said.indexOf("Replicas at") + 700)}`);
  has(said, /The memory of one H100 SXM: 79\.6 GiB/);
  has(said, /weights 35\.3 GiB reserve of the engine 4\.5 GiB room for requests 31\.9 GiB , 0\.243 GiB for each; a replica holds 131/);
  has(said, /2 × H100 SXM 96 712 ms 510 ms to 1\.24 s 31\.3 ms 1,530 1,210 to 1,890 8 27% 20,345\.67/);
  has(said, /8 × L40S 24/);
  has(said, /1 cannot serve it, with the reason.*It does not fit: 65\.7 GiB/);
  has(markup, /hue-gpus_idle/);
  has(markup, /data-do="own-gpu" data-arg="l40s 8"/);
  // Its bars end where the total ends.
  const widths = [...markup.matchAll(/class="hue-(?!sum)\w+" x="([\d.]+)%" y="22%" width="([\d.]+)%"/g)].map(([, x, width]) => Number(x) + Number(width));
  assert.ok(Math.abs(widths.at(-1) - 100) < 0.2, String(widths));
});

test("the picture has a line for each way, with dashes of its own, both crossings, and a handle in requests a month", () => {
  const markup = html();
  const lines = [...markup.matchAll(/<polyline class="line line-(\w+) line-of-(\w+)/g)].map(([, dash, id]) => [id, dash]);
  assert.deepEqual([...new Set(lines.map(([id]) => id))], ["api", "hosted", "own", "hybrid"]);
  assert.equal(new Set(lines.map(([, dash]) => dash)).size, 4);
  has(text(markup), /own capacity below chosen model from 706K/);
  has(text(markup), /own capacity below hosted from 8\.43M/);
  has(text(markup), /8,430,000 69,396 hosted own capacity/);
  has(markup, /data-grip="conversations_per_day"[^>]*data-log="true"[^>]*aria-valuenow="150000"[^>]*aria-valuetext="150,000 requests a month, 10,000 conversations a day"/);
  const places = [...markup.matchAll(/points="([^"]+)"/g)].flatMap(([, one]) => one.split(" ").map((pair) => pair.split(",").map(Number)));
  assert.ok(places.every(([x, y]) => x >= 0 && x <= 1000 && y >= 0 && y <= 340), "nothing is drawn outside the picture");
  assert.equal([...html({ ...decision(), volumes: [], choices: decision().choices.map((one) => ({ ...one, curve: [] })) }).matchAll(/class="plot"/g)].length, 0);
});

test("of many crossings of a staircase the last one is named, the others are rings and rows", () => {
  const crossings = [5e6, 6e6, 7e6].map((at, i) => ({ requests_per_month: at, usd_per_month: 50000, below: i % 2 ? "own" : "hosted", above: i % 2 ? "hosted" : "own" }));
  const markup = html({ ...decision(), crossings });
  assert.equal([...markup.matchAll(/class="crossing" r="3.5"/g)].length, 2);
  assert.equal([...text(markup).matchAll(/own capacity below hosted from/g)].length, 1);
  assert.equal([.../<table class="asked fits crossings">.*?<\/table>/s.exec(markup)[0].matchAll(/<th scope="row"/g)].length, 3);
});

test("what would change it is tried with one click, at a round value past the turn", () => {
  const markup = html();
  has(text(markup), /“Conversations a day” at 282,000[^:]* instead of 5,000[^:]*: Own capacity is the cheapest\./);
  const set = [];
  const app = { setParameter: (...one) => set.push(one) };
  for (const [, id, value] of markup.matchAll(/data-do="own-try" data-arg="(\w+)" data-value="([\d.]+)"/g)) own.clicks["own-try"](app, { dataset: { arg: id, value } });
  assert.deepEqual(set.map(([id, value]) => [id, value]), [["conversations_per_day", 282000], ["gpu_usd_per_hour", 0.1]]);
  const range = { min: 0, max: 1 };
  assert.equal(own.beyond(range, { from: 0.2, to: 0.33301 }), 0.334);
  assert.equal(own.beyond(range, { from: 0.5, to: 0.33399 }), 0.333);
  assert.equal(own.beyond(range, { from: 0.5, to: 0.99999 }), 1);
  assert.equal(own.beyond({ min: 1, max: 999.5 }, { from: 2, to: 999.2 }), 999.2, "never past the range");
  has(text(html({ ...decision(), flips: [] })), /Nothing that was tried/);
});

test("switches change between two options; a GPU of the table is chosen with its number", () => {
  const set = [];
  const app = { description, state: { scenario: { parameters: {} } }, setParameter: (...one) => set.push(one), setParameters: (...one) => set.push(one) };
  own.clicks["own-switch"](app, { dataset: { arg: "data_must_stay" } });
  own.clicks["own-switch"](app, { dataset: { arg: "gpu_people" } });
  own.clicks["own-gpu"](app, { dataset: { arg: "l40s 8" } });
  assert.deepEqual(set.map((one) => one.slice(0, -1)), [["data_must_stay", "yes"], ["gpu_people", "no"], [{ own_gpu: "l40s", gpus_per_replica: 8 }]]);
  has(html(decision(), { data_must_stay: "yes" }), /data-arg="data_must_stay" aria-checked="true"/);
  has(html(), /data-arg="gpu_people" aria-checked="true"/);
});

test("inputs say what they come to; the one that replaces the computation says so; those without effect are folded", () => {
  const markup = html();
  has(markup, /id="own-own_gpu"[^>]*placeholder="the cheapest: H100 SXM"/);
  has(markup, /id="own-unit-gpus_per_replica">derived: 2</);
  has(markup, /id="own-unit-gpu_usd_per_hour">derived: 2\.49 USD per GPU and hour</);
  has(markup, /id="own-unit-utilisation_ratio">derived: 27%</);
  has(markup, /id="own-note-utilisation_ratio">Replaces what is computed/);
  const at = (given) => { const one = html(decision(), given); return [one.indexOf('id="own-hardware_life_years"'), one.indexOf("more without effect")]; };
  const [life, fold] = at({});
  assert.ok(life > fold && fold > 0);
  const [now, later] = at({ gpu_payment: "owned" });
  assert.ok(now > 0 && now < later);
  const ids = [...markup.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), []);
  for (const { id } of parameters.filter((p) => p.group === "own")) assert.ok(ids.includes(`own-${id}`) || markup.includes(`data-do="own-switch" data-arg="${id}"`), `${id} is nowhere`);
});

test("a model that is not open is said so, and another can be named from the list", () => {
  const answer = decision({ own: { model: null, problem: { code: "unsupported", where: "own_model", message: "One is not among the open models, so nobody else can run it.", hint: "Name an open model that is good enough in its place." }, per_month: null, deployments: [], memory: {}, items: [], figures: [], notices: [] },
    choices: decision().choices.filter(({ id }) => id === "api"), crossings: [], flips: [] });
  const markup = html(answer);
  has(text(markup), /One is not among the open models, so nobody else can run it\. Name an open model/);
  has(markup, /id="own-missing-own_model"[^>]*list="list-open_model"/);
  assert.doesNotMatch(markup, /Own capacity in detail/);
});

test("a model that no GPU can serve is told with the reasons", () => {
  const answer = decision({ own: capacity({ problem: { code: "impossible", where: "big-70b", message: "No GPU of the list can serve Big 70B like this.", hint: "Allow more time." }, per_month: null, items: [], figures: [], deployments: [capacity().deployments[2]] }) });
  const said = text(html(answer));
  has(said, /No GPU of the list can serve Big 70B like this\. Allow more time\./);
  has(said, /1 cannot serve it/);
});

test("a small model stands beside it with its training, with doors to its own figures", () => {
  const tuned = capacity({ model: { id: "small-8b", name: "Small 8B" }, per_month: 9876.54, items: [item("own.gpus_busy", "GPUs while they work", "gpus", 9000.04), item("training.first", "Data and first training, spread", "one_time", 876.5)] });
  const markup = html(decision({ small: tuned }), { small_model: "small-8b" });
  const section = markup.slice(markup.indexOf("A fine-tuned small model</h3>"));
  has(text(section), /Data and first training, spread 876\.50/);
  has(section, /data-arg="small\/training\.first" data-own/);
  assert.doesNotMatch(section, /data-arg="(?!small\/)[^"]*" data-own/, "none leads to another capacity's figures");
  has(text(html()), /No small model is named\./);
  has(html(), /id="own-small_model"/);
});

test("a list that cannot be loaded is said so and asked for again", async (t) => {
  const failing = page(decision(), {}, { hardware: null, hardware_problem: "hardware-v1.json: the server answered 404." });
  has(text(toHtml(own.view(failing))), /could not be loaded\. hardware-v1\.json: the server answered 404\. Try again/);
  has(text(toHtml(own.view({ ...failing, hardware_problem: "" }))), /Loading the list/);
  const answers = [{ ok: false, status: 404, statusText: "" }, { ok: true, text: async () => "{}" }];
  t.mock.method(globalThis, "fetch", async () => answers.shift());
  let asked = 0;
  const app = { hardware: null, hardware_problem: "", catalog: { sellers: [], models: [], services: [] }, core: { loadHardware: () => { asked += 1; return hardware; } }, update() {} };
  await own.prepare(app);
  has(app.hardware_problem, /hardware-v1\.json: the server answered 404/);
  await own.prepare(app);
  assert.equal(app.hardware_problem, "");
  assert.equal(app.hardware, hardware);
  await own.prepare(app);
  assert.equal(asked, 1, "loaded once");
  assert.equal(app.catalog.services.filter(({ kind }) => kind === "gpu").length, 2);
});

test("GPUs and open models are named from the list of hardware", () => {
  const p = parameters.find(({ id }) => id === "own_gpu");
  assert.equal(referenceText(p, "h100-sxm", catalog), "H100 SXM");
  assert.equal(referenceKey(p, "l40s", catalog), "l40s");
  assert.equal(referenceKey(p, "Big 70B", catalog), null);
  assert.equal(referenceKey(parameters.find(({ id }) => id === "small_model"), "small 8b", catalog), "small-8b");
});

test("the form has one line for all of it, with what is changed", () => {
  const at = (given) => toHtml(form(page(decision(), given)));
  const markup = at({});
  assert.equal([...markup.matchAll(/data-do="to-section" data-arg="own"/g)].length, 1);
  assert.doesNotMatch(markup, /id="in-own_model"|id="in-training_tokens"/);
  has(text(at({ own_gpu: "l40s", training_epochs: 2 })), /in “Own GPUs” 2 changed/);
});

test("what counts only for bought hardware or a small model rests until then", () => {
  has(idle("gpu_purchase_usd", { parameters: {} }, description), /GPUs that always run” is “bought”/);
  assert.equal(idle("gpu_purchase_usd", { parameters: { gpu_payment: "owned" } }, description), null);
  has(idle("training_tokens", { parameters: {} }, description), /“Small model” is given/);
});

const { Decider } = await load("site/src/decider.ts");
const prices = { state: "ready" };
const controller = () => ({ prices_text: "prices", hardware_text: "hardware", today: "2026-11-20", updates: 0, update() { this.updates += 1; }, ask: (_, question) => question({ decide: (scenario) => ({ of: scenario.name }) }, {}, "2026-11-20") });

test("decisions are made beside the page: the last one stays meanwhile, and only the latest question is answered", (t) => {
  const sent = [];
  let tell;
  globalThis.Worker = class {
    addEventListener(kind, listener) { if (kind === "message") tell = (data) => listener({ data }); }
    postMessage(message) { sent.push(message); }
  };
  t.after(() => { delete globalThis.Worker; });
  const app = controller();
  const decider = new Decider(app);
  const [a, b, c] = ["a", "b", "c"].map((name) => ({ name }));
  assert.deepEqual(decider.ask(a, prices), { made: null, late: true });
  tell({ kind: "decided", run: 1, answer: { of: "a" } });
  assert.equal(app.updates, 1);
  assert.deepEqual(decider.ask(a, prices), { made: { answer: { of: "a" }, scenario: a }, late: false });
  decider.ask(b, prices);
  assert.deepEqual(decider.ask(c, prices), { made: { answer: { of: "a" }, scenario: a }, late: true });
  decider.ask({ name: "between" }, prices);
  decider.ask(c, prices);
  assert.deepEqual(sent.map(({ scenario, prices: text, hardware: list }) => [scenario.name, text, list]), [["a", "prices", "hardware"], ["b", undefined, undefined]], "lists are sent once");
  tell({ kind: "decided", run: 2, answer: { of: "b" } });
  assert.equal(sent.at(-1).scenario.name, "c");
  tell({ kind: "decided", run: 3, answer: { of: "c" } });
  assert.equal(decider.ask(c, prices).late, false);
  assert.equal(sent.length, 3);
  // Other prices: what was decided with the old ones is not shown.
  app.prices_text = "new prices";
  assert.deepEqual(decider.ask(c, { state: "ready" }), { made: null, late: true });
  assert.equal(sent.at(-1).prices, "new prices");
});

test("without a worker, or when it fails, the page decides by itself", (t) => {
  const alone = new Decider(controller());
  assert.deepEqual(alone.ask({ name: "a" }, prices).made.answer, { of: "a" });
  let tell;
  globalThis.Worker = class {
    addEventListener(kind, listener) { if (kind === "message") tell = (data) => listener({ data }); }
    postMessage() {}
    terminate() {}
  };
  t.after(() => { delete globalThis.Worker; });
  const app = controller();
  const decider = new Decider(app);
  const b = { name: "b" };
  decider.ask(b, prices);
  tell({ kind: "failed", run: 1, message: "no memory" });
  assert.equal(app.updates, 1);
  assert.deepEqual(decider.ask(b, prices), { made: { answer: { of: "b" }, scenario: b }, late: false });
});
