import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./support/load.mjs";

const { makeFormat, ratioWords, daysBetween } = await load("site/src/format.ts");
const en = makeFormat("en");
const de = makeFormat("de");
const plain = (text) => text.replaceAll(/[\u00a0\u202f]/g, " ");

test("an unknown amount is the word, never 0", () => {
  assert.equal(en.amount(null), "unknown");
  assert.equal(en.percent(null), "unknown");
  assert.equal(en.number(null), "unknown");
  assert.equal(en.column([null, 5])(null), "unknown");
});

test("amounts are whole when large, cents below, and keep two significant digits when tiny", () => {
  assert.equal(en.amount(15000), "15,000");
  assert.equal(en.amount(1234.5), "1,235");
  assert.equal(en.amount(999.994), "999.99");
  assert.equal(en.amount(0), "0");
  assert.equal(en.amount(0.01), "0.010");
  assert.equal(en.amount(0.00000027), "0.00000027");
  assert.equal(en.amount(0.0000001234), "0.000000123");
  assert.equal(en.amount(1e15), "1,000,000,000,000,000");
});

test("the decimal points of a column stand below each other", () => {
  const column = en.column([7500, 12.345, 0]);
  assert.deepEqual([7500, 12.345, 0, 0.001].map(column), ["7,500.00", "12.35", "0.00", "<0.01"]);
  const small = en.column([0.0031, 0.0002]);
  assert.deepEqual([0.0031, 0.0002].map(small), ["0.00310", "0.00020"]);
});

test("fields are written in the reader's way and read back to the same number", () => {
  for (const format of [en, de, makeFormat("fr"), makeFormat("de-CH"), makeFormat("en-IN"), makeFormat("es")]) {
    for (const value of [0, 5, 2000, 10000, 1234567, 0.25, 1234.5, 30.4167, 0.000001]) {
      const canonical = plain(format.canonical(format.field(value))).replaceAll(" ", "");
      assert.equal(Number(canonical), value, `${format.field(value)} -> ${canonical}`);
    }
  }
});

test("what is typed in the reader's way becomes what the core reads; anything else is left to the core", () => {
  assert.equal(en.canonical("1,234"), "1234");
  assert.equal(en.canonical("1,234.5"), "1234.5");
  assert.equal(en.canonical("1,234k"), "1234k");
  assert.equal(de.canonical("1.234"), "1234");
  assert.equal(de.canonical("1.234,5"), "1234.5");
  assert.equal(de.canonical("0,5"), "0.5");
  for (const text of ["1.5k", "2M", "3e6", "1 000", "1.000,5", "abc", "", "12,34", "4k to 9k"]) assert.equal(en.canonical(text), text);
});

test("sentences of the core take the reader's grouping", () => {
  assert.equal(en.localize("1\u202f500\u202f000 × 500 = 41\u202f%"), "1,500,000 × 500 = 41%");
  assert.equal(plain(de.localize("1\u202f500.25 is 41\u202f%")), "1.500,25 is 41 %");
  assert.equal(en.localize("GPT-5.4 on 2026-11-22"), "GPT-5.4 on 2026-11-22");
});

test("differences are signed and in words", () => {
  assert.equal(ratioWords(null, en), "");
  assert.equal(ratioWords(1, en), "the same");
  assert.equal(ratioWords(3.14, en), "3.1× dearer");
  assert.equal(ratioWords(1.25, en), "25% dearer");
  assert.equal(ratioWords(0.38, en), "62% cheaper");
  assert.equal(ratioWords(0.002, en), "500× cheaper");
  assert.equal(ratioWords(0, en), "free");
});

test("days are counted between dates, whatever the clock's zone", () => {
  assert.equal(daysBetween("2026-11-22", "2026-12-06"), 14);
  assert.equal(daysBetween("2026-03-28", "2026-03-30"), 2);
});

test("groups of the core's numbers are not taken for decimals, and its decimals are told in the locale's way", () => {
  assert.equal(de.localize("5\u202f000 conversations"), "5.000 conversations");
  assert.equal(de.localize("Requests × 0.25 ÷ (1.5 + 2)"), "Requests × 0,25 ÷ (1,5 + 2)");
  assert.equal(de.localize("12.5 USD with Claude Sonnet 4.6, GPT-5.4 at 3.1× dearer"), "12,5 USD with Claude Sonnet 4.6, GPT-5.4 at 3,1× dearer");
  assert.equal(en.localize("12.5 USD"), "12.5 USD");
});
