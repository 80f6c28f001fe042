import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { load, root } from "./support/load.mjs";
import { embedPrices } from "../../scripts/embed_prices.mjs";

const { readSettings } = await load("site/src/widget/settings.ts");
const { HeightReporter } = await load("site/src/widget/height.ts");
const { readable } = await load("site/src/widget/look.ts");

test("the fragment: a packed scenario or a preset, then parameters; what is unknown is left alone", () => {
  const usual = { packed: null, preset: null, theme: "auto", accent: null, density: "comfortable", lang: null, currency: null, rate: null, rate_date: null,
    controls: ["conversations_per_day", "model"] };
  assert.deepEqual(readSettings(""), usual);
  assert.deepEqual(readSettings("#"), usual);
  assert.deepEqual(readSettings("#1abc-_&theme=dark&accent=f80"), { ...usual, packed: "#1abc-_", theme: "dark", accent: "ff8800" });
  assert.deepEqual(readSettings("#preset=chatbot&density=low&theme=plaid&accent=red"), { ...usual, preset: "chatbot" });
  assert.deepEqual(readSettings("#lang=de&currency=eur&rate=0.92&rate_date=2026-11-20&density=compact"),
    { ...usual, lang: "de", currency: "EUR", rate: "0.92", rate_date: "2026-11-20", density: "compact" });
  assert.deepEqual(readSettings("#controls=a,b,,c,a,d").controls, ["a", "b", "c"]);
  assert.deepEqual(readSettings("#controls=").controls, []);
  assert.deepEqual(readSettings("#preset=x&readonly=1&controls=a").controls, []);
  assert.deepEqual(readSettings("#readonly=0").controls, usual.controls);
  assert.equal(readSettings("#accent=%23AbCdEf").accent, "abcdef");
  assert.equal(readSettings("#%&%zz=%").preset, null);
});

/** A reporter with a clock of its own. */
function reporter() {
  const posted = [];
  let now = 0;
  let pending = null;
  const heights = new HeightReporter((height) => posted.push(height), () => now, (run) => (pending = { run, at: now + 1000 }), () => { pending = null; });
  return { posted, heights, pending: () => pending !== null,
    pass(ms) {
      now += ms;
      if (pending && now >= pending.at) {
        const { run } = pending;
        pending = null;
        run();
      }
    } };
}

test("heights: whole pixels between 120 and 4000; less than 2 px is no change", () => {
  const { posted, heights, pending } = reporter();
  for (const height of [499.2, 500.9, 498.7, 40, 9000]) heights.changed(height);
  assert.deepEqual(posted, [500, 120, 4000]);
  assert.equal(pending(), false, "no timer runs");
});

test("heights: after 20 changes without a rest a pause, then the last one; so for every drag of a window", () => {
  const { posted, heights, pass } = reporter();
  for (let drag = 1; drag < 10; drag += 1) {
    for (let i = 0; i < 40; i += 1) {
      heights.changed(200 + 10 * i + drag);
      pass(16);
    }
    assert.equal(posted.length, 21 * drag - 1);
    pass(1000);
    assert.equal(posted.at(-1), 590 + drag);
    pass(1500);
  }
});

test("heights: a host that answers each with another is given up, however slowly it answers", () => {
  for (const answers_after of [4, 700]) {
    const { posted, heights, pass, pending } = reporter();
    heights.changed(300);
    for (let step = 0, answered = 0; step < 1000; step += 1) {
      if (posted.length === answered) {
        pass(1001);
        continue;
      }
      answered = posted.length;
      pass(answers_after);
      heights.changed(posted.at(-1) === 300 ? 500 : 300);
    }
    assert.equal(posted.length, 60);
    assert.equal(pending(), false);
  }
});

test("an accent is kept where it can be read and moved towards the ink where not", () => {
  assert.equal(readable("0b5a66", "fbfaf7", "15181c"), "#0b5a66");
  assert.notEqual(readable("ffee00", "fbfaf7", "15181c"), "#ffee00");
  assert.equal(readable("ffee00", "14161a", "ebe8e1"), "#ffee00");
  assert.notEqual(readable("101010", "14161a", "ebe8e1"), "#101010");
});

test("the widget's price list has the wanted models with the rows that are not over, and tells what is missing", () => {
  const row = (until, status) => ({ tier: "standard", ...(until && { until }), ...(status && { status }) });
  const bundle = { format: "tokenbill-prices/1", as_of: "2026-11-22", providers: [
    { id: "a", calendars: { days: [] }, resells: [{ models: ["b/z"] }], models: [
      { id: "x", prices: [row("2026-11-22"), row("2026-11-22T00:00:01Z"), row(), row(undefined, "cancelled")] }, { id: "y", prices: [row()] }] },
    { id: "b", models: [{ id: "z", prices: [row()] }] }, { id: "c", resells: [] }] };
  const { prices, missing } = embedPrices(bundle, ["a/x", "a/gone"]);
  assert.deepEqual(prices, { format: "tokenbill-prices/1", as_of: "2026-11-22", providers: [
    { id: "a", calendars: { days: [] }, models: [{ id: "x", prices: [row("2026-11-22T00:00:01Z"), row()] }] }] });
  assert.deepEqual(missing, ["a/gone"]);
  assert.equal(bundle.providers[0].models.length, 2, "the whole list stays whole");
});

test("no model is named twice for the widget", () => {
  const keys = JSON.parse(readFileSync(`${root}/site/embed_models.json`, "utf8"));
  assert.equal(new Set(keys).size, keys.length);
});
