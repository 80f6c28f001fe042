// Random usage, priced by the catalog (through `tokenbill verify`) and by the data set @pydantic/genai-prices: equal to
// 1e-9, or the difference stands with its reason in genai_prices_differences.json. Which model is which:
// genai_prices_ids.json. Another program than the build's: TOKENBILL=path.

import { calcPrice, waitForUpdate } from "@pydantic/genai-prices";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));
const program = process.env.TOKENBILL ?? join(root, "build/native-release/bin/tokenbill");
const seed = Number(process.env.SEED ?? 20261122);
const today = Date.parse("2026-11-22T12:00:00Z");
const tolerance = 1e-9;

// The classes of both sides. `parts` are the package's counters that one token of the class raises.
const inputs = {
  input: { price: "input_mtok", parts: [] },
  cache_read: { price: "cache_read_mtok", parts: ["cache_read_tokens"] },
  cache_write: { price: "cache_write_mtok", parts: ["cache_write_tokens"] },
  cache_write_5m: { price: "cache_write_mtok", parts: ["cache_write_tokens"] },
  cache_write_30m: { price: "cache_write_mtok", parts: ["cache_write_tokens"] },
  cache_write_1h: { price: "cache_write_1h_mtok", parts: ["cache_write_tokens", "cache_write_1h_tokens"] },
  input_image: { price: "input_image_mtok", parts: ["input_image_tokens"] },
  input_audio: { price: "input_audio_mtok", parts: ["input_audio_tokens"] },
  input_video: { price: "input_video_mtok", parts: ["input_video_tokens"] },
  cache_read_image: { price: "cache_image_read_mtok", parts: ["cache_read_tokens", "input_image_tokens", "cache_image_read_tokens"] },
  cache_read_audio: { price: "cache_audio_read_mtok", parts: ["cache_read_tokens", "input_audio_tokens", "cache_audio_read_tokens"] },
  cache_read_video: { price: "cache_video_read_mtok", parts: ["cache_read_tokens", "input_video_tokens", "cache_video_read_tokens"] },
};
const outputs = {
  output: { price: "output_mtok", parts: [] },
  output_reasoning: { price: "output_reasoning_mtok", parts: ["output_reasoning_tokens"] },
  output_citation: { price: "output_citation_mtok", parts: ["output_citation_tokens"] },
  output_image: { price: "output_image_mtok", parts: ["output_image_tokens"] },
  output_audio: { price: "output_audio_mtok", parts: ["output_audio_tokens"] },
  output_video: { price: "output_video_mtok", parts: ["output_video_tokens"] },
};
const writes = ["cache_write", "cache_write_5m", "cache_write_30m", "cache_write_1h"];
// Charges that are no tokens: the package's unit, its counters (with how many of them make one of ours), our fees for it.
const charges = {
  web_searches_kcount: { counters: ["web_searches"], per: 1000, fees: ["web_search", "web_search_preview"] },
  storage_searches_kcount: { counters: ["storage_searches"], per: 1000, fees: ["file_search"] },
  requests_kcount: { counters: [], per: 1000, fees: ["request"] },  // the package adds one by itself
  audio_hours: { counters: ["audio_seconds"], per: 1, one: 3600, fees: ["audio_hour"] },
  input_audio_hours: { counters: ["audio_seconds", "input_audio_seconds"], per: 1, one: 3600, fees: ["audio_hour"] },
  input_document_kpages: { counters: ["input_document_pages"], per: 1000, fees: ["page"] },
  input_annotated_document_kpages: { counters: ["input_document_pages", "input_annotated_document_pages"], per: 1000, fees: ["annotated_page"] },
  input_text_messages_kcount: { counters: ["input_text_messages"], per: 1000, fees: ["text_message"] },
};

/// mulberry32: the same numbers on every machine.
function generator(state) {
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, whole: (low, high) => low + Math.floor(next() * (high - low + 1)) };
}

function own_catalog() {
  const providers = readdirSync(join(root, "pricing/providers")).map((file) => read(`pricing/providers/${file}`));
  const models = new Map();
  for (const provider of providers)
    for (const model of provider.models) models.set(`${provider.id}/${model.id}`, { ...model, calendars: provider.calendars ?? {} });
  for (const provider of providers)
    for (const resale of provider.resells ?? [])
      for (const key of resale.models) models.set(`${provider.id}/${key}`, models.get(key));
  return models;
}

const close = (a, b) => Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
const same = (a, b) => (a === null || b === null ? a === b : close(a, b));
const stamp = (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const rounded = (value) => (value === null ? null : Number(value.toPrecision(12)));
const day = 86400e3;

const package_prices = (model) => (Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }]);

/// Every second at which a price may change on either side and the one before, and a moment in each period between. Where
/// prices depend on the hour: every change of the hour on a weekday, a Saturday and the holidays of each period.
function moments_of(own, model, random) {
  const rows = own.prices.filter((row) => row.tier === "standard" && row.status !== "cancelled");
  const changes = new Set();
  for (const row of rows) for (const moment of [row.from, row.until]) if (moment) changes.add(Date.parse(moment));
  const times = new Set();
  for (const { constraint } of package_prices(model)) {
    if (constraint?.start_date) changes.add(Date.parse(constraint.start_date));
    if (constraint?.start_time) times.add(constraint.start_time.slice(0, 5)).add(constraint.end_time.slice(0, 5));
  }
  for (const row of rows) for (const window of row.windows ?? []) times.add(window.from).add(window.to);
  const sorted = [...changes].sort((a, b) => a - b);
  const bounds = [(sorted[0] ?? today) - 300 * day, ...sorted, Math.max(sorted[sorted.length - 1] ?? 0, today) + 300 * day];
  const moments = new Set([...sorted, ...sorted.map((moment) => moment - 1000)]);
  const between = new Set([today]);
  for (let i = 1; i < bounds.length; ++i) {
    const [begin, end] = [bounds[i - 1], bounds[i]];
    between.add(begin + Math.floor((random.next() * (end - begin)) / 1000) * 1000);
    if (times.size === 0) continue;
    const first = Math.ceil(begin / day) * day;
    const dates = [3, 6].map((weekday) => first + ((weekday - new Date(first).getUTCDay() + 7) % 7) * day);
    for (const date of [...dates, ...Object.values(own.calendars).flat().map((text) => Date.parse(text))])
      for (const time of times)
        for (const moment of [Date.parse(`1970-01-01T${time === "24:00" ? "00:00" : time}:00Z`) + date].flatMap((at) => [at - 1000, at]))
          if (moment >= begin && moment < end) moments.add(moment);
  }
  return { between, all: [...new Set([...moments, ...between])].sort((a, b) => a - b) };
}

/// Prompt sizes around each threshold of either side, and between them.
function sizes_of(own, model, random) {
  const thresholds = new Set();
  for (const row of own.prices) for (const tier of row.context_tiers ?? []) thresholds.add(tier.above ?? tier.from);
  for (const { prices } of package_prices(model))
    for (const price of Object.values(prices)) for (const tier of price?.tiers ?? []) thresholds.add(tier.start);
  const sizes = new Set([random.whole(40, 30000)]);
  for (const threshold of thresholds) {
    for (const size of [threshold - 1, threshold, threshold + 1, threshold + 2]) sizes.add(size);
    sizes.add(random.whole(threshold + 2, 2 * threshold));
  }
  return [...sizes];
}

/// The classes that either side names for this model.
function classes_of(own, model, table) {
  const ours = new Set(own.prices.flatMap((row) => Object.keys(row.usd_per_mtok)));
  const theirs = new Set(package_prices(model).flatMap(({ prices }) => Object.keys(prices)));
  const own_writes = writes.some((id) => ours.has(id));
  return Object.keys(table).filter((id) =>
    writes.includes(id) ? ours.has(id) || (!own_writes && id === "cache_write" && theirs.has("cache_write_mtok")) || (id === "cache_write_1h" && theirs.has("cache_write_1h_mtok"))
                        : ours.has(id) || theirs.has(table[id].price));
}

/// The package's counters for our usage; it asks for explicit zeros where counters overlap.
const all_counters = [...Object.values(inputs), ...Object.values(outputs)].flatMap(({ parts }) => parts);
function counters(usage) {
  const total = Object.fromEntries(all_counters.map((id) => [id, 0]));
  const add = (id, count) => (total[id] = (total[id] ?? 0) + count);
  for (const [id, count] of Object.entries(usage)) {
    const is_input = id in inputs;
    add(is_input ? "input_tokens" : "output_tokens", count);
    for (const part of (is_input ? inputs : outputs)[id].parts) add(part, count);
  }
  return total;
}

function package_result(pair, usage, ms) {
  return calcPrice(usage, pair.model.id, { provider: pair.only, timestamp: new Date(ms) });
}

/// Splits `total` into random parts, one for each class.
function split(total, classes, random) {
  const weights = classes.map(() => (random.next() < 0.2 ? 0 : random.next()));
  const sum = weights.reduce((a, b) => a + b, 0);
  const usage = {};
  let left = total;
  classes.forEach((id, i) => {
    usage[id] = i === classes.length - 1 ? left : Math.min(left, sum > 0 ? Math.floor((total * weights[i]) / sum) : 0);
    left -= usage[id];
  });
  return usage;
}

const own_row_at = (own, ms) =>
  own.prices.find((row) => row.tier === "standard" && row.status !== "cancelled" && (!row.from || Date.parse(row.from) <= ms) && (!row.until || ms < Date.parse(row.until)));

const differences = read("tests/data/genai_prices_differences.json");
const ids = read("tests/data/genai_prices_ids.json");
const providers = await waitForUpdate();
const own_models = own_catalog();
const used = new Set();  // entries of the list that a comparison needed

test("every entry of the lists names something that exists, with a reason that is a sentence", () => {
  for (const entry of differences) {
    const name = `${entry.seller}/${entry.model} ${entry.class}`;
    assert.deepEqual(Object.keys(entry), ["seller", "model", "class", "ours", "theirs", "reason"], name);
    assert.match(entry.reason, /^[A-Z].{15,}\.$/, name);
  }
  const keys = differences.map((entry) => JSON.stringify([entry.seller, entry.model, entry.class, entry.ours, entry.theirs]));
  assert.deepEqual(keys.filter((key, i) => keys.indexOf(key) !== i), []);
  for (const [key, { provider, model }] of Object.entries(ids)) {
    assert.ok(own_models.has(key), `${key} is not in the catalog`);
    assert.ok(providers.find(({ id }) => id === provider)?.models.some(({ id }) => id === model), `the package has no ${provider}/${model}`);
  }
});

test("every model of the package is compared or left out for a written reason", () => {
  const seller_of = new Map(Object.entries(ids).map(([key, { provider }]) => [provider, key.slice(0, key.indexOf("/"))]).filter(([, seller]) => seller !== "vertex"));
  const compared = new Set(Object.values(ids).map(({ provider, model }) => `${provider}/${model}`));
  const find = (seller, model) => differences.find((entry) => entry.class === "*" && entry.seller === seller && entry.model === model);
  const silent = [];
  let left_out = 0, whole = 0;
  for (const provider of providers) {
    const seller = seller_of.get(provider.id) ?? provider.id;
    const all = find(seller, "*");
    if (all && !provider.models.some(({ id }) => compared.has(`${provider.id}/${id}`))) {
      used.add(all);
      whole += provider.models.length;
      console.log(`left out: all ${provider.models.length} models of ${provider.id}: ${all.reason}`);
      continue;
    }
    for (const { id } of provider.models) {
      if (compared.has(`${provider.id}/${id}`)) continue;
      const entry = find(seller, id);
      if (entry) used.add(entry), ++left_out, console.log(`left out: ${seller}/${id}: ${entry.reason}`);
      else silent.push(`${provider.id}/${id}`);
    }
  }
  console.log(`${compared.size} models of the package are compared, ${left_out} left out one by one, ${whole} with their whole seller`);
  assert.deepEqual(silent, [], "models that are neither compared nor left out with a reason");
});

test("every price agrees with the package or differs for a written reason", { skip: existsSync(program) ? false : `${program} was not built` }, () => {
  const pairs = Object.entries(ids).map(([key, target]) => {
    const model = providers.find(({ id }) => id === target.provider).models.find(({ id }) => id === target.model);
    const provider = providers.find(({ id }) => id === target.provider);
    // Only this model, found by its id: the package's own name matching may find another first.
    const only = { ...provider, fallback_model_providers: undefined, models: [{ ...model, match: { equals: model.id } }] };
    return { key, seller: key.slice(0, key.indexOf("/")), id: key.slice(key.indexOf("/") + 1), own: own_models.get(key), model, only };
  });

  // The cases: one for each class alone, and one of all classes at once.
  const cases = [];
  const checks = [];
  for (const pair of pairs) {
    // Of its own for each model: a change to one leaves the cases of the others alone.
    const random = generator([...pair.key].reduce((hash, letter) => Math.imul(hash ^ letter.codePointAt(0), 16777619), seed));
    const in_classes = classes_of(pair.own, pair.model, inputs);
    const out_classes = classes_of(pair.own, pair.model, outputs);
    const moments = moments_of(pair.own, pair.model, random);
    const sizes = sizes_of(pair.own, pair.model, random);
    for (const ms of moments.all) {
      const row = own_row_at(pair.own, ms);
      const prices = package_result(pair, {}, ms).model_price;
      // Every size once in each period; at its edges one below the thresholds and one above.
      const chosen = moments.between.has(ms) || sizes.length === 1 ? sizes : [sizes[0], sizes[sizes.length - 1]];
      for (const size of chosen) {
        const fees = [];
        for (const [unit, charge] of Object.entries(charges)) {
          const theirs = prices[unit];
          const ours = row?.fees?.find(({ id }) => charge.fees.includes(id));
          if (theirs === undefined) continue;  // the package knows no such charge here
          const count = charge.counters.length === 0 ? 1 : random.whole(0, 9);
          fees.push({ charge, id: ours?.id ?? charge.fees[0], ours: ours ? ours.usd : null, theirs: theirs / charge.per, count });
        }
        const check = { pair, ms, size, alone: {}, fees };
        const put = (usage, with_fees) => {
          const given = { seller: pair.seller, model: pair.id, at: stamp(ms), usage };
          if (with_fees) given.unit_fees = fees.filter((fee) => fee.ours !== null).map((fee) => ({ quantity: fee.count, usd_per_unit: fee.ours }));
          cases.push({ id: String(cases.length), title: "", kind: "request", inputs: given, expected: {} });
          return cases.length - 1;
        };
        const output = random.whole(1, 30000);
        for (const id of in_classes) check.alone[id] = { usage: { [id]: size }, count: size, at: put({ [id]: size }) };
        for (const id of out_classes) {
          const usage = { input: size, [id]: output };
          check.alone[id] = { usage, count: output, at: put(usage) };
        }
        check.mixed = { usage: { ...split(size, in_classes, random), ...split(output, out_classes, random) } };
        check.mixed.at = put(check.mixed.usage, true);
        checks.push(check);
      }
    }
  }
  const folder = mkdtempSync(join(tmpdir(), "tokenbill-"));
  let results;
  try {
    writeFileSync(join(folder, "cases.json"), JSON.stringify({ schema: "golden-cases/1", cases }));
    // Cases without a price end the program with 1: the figures are read all the same.
    const run = () => execFileSync(program, ["verify", join(folder, "cases.json"), "--json"], { encoding: "utf8", maxBuffer: 1 << 29, stdio: ["ignore", "pipe", "inherit"] });
    let text;
    try {
      text = run();
    } catch (error) {
      text = error.stdout;
    }
    results = JSON.parse(text).cases;
  } finally {
    rmSync(folder, { recursive: true });
  }
  assert.equal(results.length, cases.length);

  const found = new Map();  // differences, by what tells them apart
  const sums = [];
  let compared = 0;
  for (const { pair, ms, size, alone, fees, mixed } of checks) {
    if (results[mixed.at].verdict === "failed") {
      // No price of ours at that moment: before the first row or after the last.
      assert.match(results[mixed.at].detail, /No price is known/, `${pair.key} ${stamp(ms)}`);
      assert.notEqual(ms, today, `${pair.key} has no price today`);
      pair.unpriced = true;
      continue;
    }
    let explained = 0, complete = true;
    const differ = (id, ours, theirs) => {
      const key = JSON.stringify([pair.key, id, rounded(ours), rounded(theirs)]);
      if (!found.has(key)) found.set(key, { pair, id, ours: rounded(ours), theirs: rounded(theirs), where: `${stamp(ms)}, ${size} tokens` });
      pair.differs = true;
    };
    for (const [id, one] of Object.entries(alone)) {
      const theirs_all = package_result(pair, counters(one.usage), ms);
      const is_input = id in inputs;
      const known = theirs_all.model_price[is_input ? "input_mtok" : "output_mtok"] !== undefined || theirs_all.model_price[(is_input ? inputs : outputs)[id].price] !== undefined;
      const theirs = known ? ((is_input ? theirs_all.input_price : theirs_all.output_price) * 1e6) / one.count : null;
      const usd = results[one.at].figures[is_input ? "input_usd" : "output_usd"];
      const ours = usd === null ? null : (usd * 1e6) / one.count;
      ++compared;
      if (!same(ours, theirs)) differ(id, ours, theirs);
      if (ours === null || theirs === null) complete = complete && (mixed.usage[id] ?? 0) === 0;
      else if (!close(ours, theirs)) explained += ((ours - theirs) * (mixed.usage[id] ?? 0)) / 1e6;
    }
    const usage = counters(mixed.usage);
    for (const fee of fees) {
      if (!same(fee.ours, fee.theirs)) {
        differ(`fee:${fee.id}`, fee.ours, fee.theirs);
        explained += ((fee.ours ?? 0) - fee.theirs) * fee.count;
      }
      for (const counter of fee.charge.counters) usage[counter] = (usage[counter] ?? 0) + fee.count * (fee.charge.one ?? 1);
    }
    if (!complete) continue;
    ++compared;
    const ours = results[mixed.at].figures.total_usd;
    const theirs = package_result(pair, usage, ms).total_price;
    // Where no class differs, the sums must be equal; where some do, they account for the whole of it.
    if (ours === null || Math.abs(ours - theirs - explained) > tolerance * Math.max(Math.abs(ours), Math.abs(theirs)))
      sums.push(`${pair.key} ${stamp(ms)} ${JSON.stringify(mixed.usage)}: ${ours} here, ${theirs} there, ${explained} explained`);
  }

  const without = [];
  for (const { pair, id, ours, theirs, where } of found.values()) {
    const entry = differences.find((one) => one.seller === pair.seller && one.model === pair.id && one.class === id && same(one.ours, ours) && same(one.theirs, theirs));
    if (entry) used.add(entry);
    else without.push({ seller: pair.seller, model: pair.id, class: id, ours, theirs, where });
    console.log(`${pair.key} ${id}: ${ours} here, ${theirs} there (${where}): ${entry?.reason ?? "NO REASON"}`);
  }
  const equal = pairs.filter((pair) => !pair.differs).length;
  const open = new Set(without.map(({ seller, model }) => `${seller}/${model}`)).size;
  console.log(`${compared} prices compared. ${pairs.length} models compared: ${equal} equal in everything, ${pairs.length - equal - open} with a written reason for each difference, ${open} without`);
  if (process.env.DIFFERENCES) writeFileSync(process.env.DIFFERENCES, JSON.stringify(without, null, 1));
  assert.deepEqual(sums, [], "sums that differ by more than their parts");
  assert.deepEqual(without, [], "differences without a reason");
});

test("no reason is stale", { skip: existsSync(program) ? false : `${program} was not built` }, () => {
  const stale = differences.filter((entry) => !used.has(entry)).map(({ seller, model, class: id, ours, theirs }) => `${seller}/${model} ${id}: ${ours} here, ${theirs} there`);
  assert.deepEqual(stale, [], "entries of genai_prices_differences.json that no comparison needs");
});
