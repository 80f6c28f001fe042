// Counts of tokens against published values and, over many texts, against the package that the ranks come from, whose own way of
// counting is another one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import cl100k_ranks from "gpt-tokenizer/bpeRanks/cl100k_base";
import o200k_ranks from "gpt-tokenizer/bpeRanks/o200k_base";
import * as cl100k_package from "gpt-tokenizer/encoding/cl100k_base";
import * as o200k_package from "gpt-tokenizer/encoding/o200k_base";
import { load, root } from "./support/load.mjs";

const { Tokenizer } = await load("site/src/count/bpe.ts");

const o200k = new Tokenizer("o200k_base", o200k_ranks);
const cl100k = new Tokenizer("cl100k_base", cl100k_ranks);
const as_text = { disallowedSpecial: new Set() };
const same = (text, name = JSON.stringify(text.slice(0, 60))) => {
  assert.equal(o200k.count(text), o200k_package.countTokens(text, as_text), `o200k ${name}`);
  assert.equal(cl100k.count(text), cl100k_package.countTokens(text, as_text), `cl100k ${name}`);
};

test("published counts: those of tiktoken's own tests", () => {
  for (const [text, tokens] of [["hello world", 2], ["rer", 1], ["'rer", 2], ["today\n ", 3], ["today\n \n", 2], ["today\n  \n", 2], [" \u00850", 4], ["👍", 3]]) {
    assert.equal(cl100k.count(text), tokens, JSON.stringify(text));
  }
  assert.equal(o200k.count("hello world"), 2);
  assert.equal(o200k.count(""), 0);
  // Half a character is sent as the sign for what cannot be read.
  for (const one of [o200k, cl100k]) assert.equal(one.count("\ud83d"), one.count("\ufffd"));
});

test("what is written like a special token is text", () => {
  for (const text of ["<|endoftext|>", "a <|im_start|>system<|im_end|> b", "<|endofprompt|>", "<|start|><|message|>"]) {
    assert.ok(o200k.count(text) > 3, text);
    same(text);
  }
});

test("texts of many languages and kinds are counted as the package counts them", () => {
  for (const text of [
    "You are a helpful assistant. Answer in three sentences, and don't promise what you can't keep. IT'S LATE, WE'RE DONE.",
    "Alle Menschen sind frei und gleich an Würde und Rechten geboren.", "Tous les êtres humains naissent libres et égaux.",
    "Все люди рождаются свободными и равными.", "人人生而自由，在尊严和权利上一律平等。", "すべての人間は、生まれながらにして自由であり、", "모든 인간은 태어날 때부터 자유로우며",
    "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق.", "सभी मनुष्यों को गौरव और अधिकारों", "ทุกคนเกิดมามีอิสระ", "👩‍👩‍👧‍👦 🇩🇪 🏳️‍🌈 👍🏽 e\u0301",
    "\t\tif (a[i] != 0x1F) { return b; }\r\n\r\n    // done   \n", '{"type":"function","name":"search","parameters":{"q":"string"}}',
    "1234567890 3.14159 1,000,000 ½ Ⅷ ²", "   ", "\n\n\n", " \n \n", "a\u00a0b\u2003c", "https://example.org/a/b?c=d&e=f#g", "ſ's 'S 'ſ", "CamelCaseHTTPServer snake_case_name",
  ]) same(text);
  for (const file of ["README.md", "site/src/count/bpe.ts", "core/src/plans/serve.cpp", "site/presets.json", "site/style.css"]) same(readFileSync(`${root}/${file}`, "utf8"), file);
});

test("texts of random characters are counted as the package counts them", () => {
  let seed = 7;
  const below = (n) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  const alphabet = [..."aeinortsAEIT  \n\t'.,/-_0159", "ß", "é", "ж", "中", "の", "한", "ع", "ग", "👍", "\u0301", "\u200d", "'s", "'LL", " the", "ing", "\r\n"];
  for (let round = 0; round < 400; round += 1) same(Array.from({ length: 1 + below(120) }, () => alphabet[below(alphabet.length)]).join(""));
});

test("a mark of byte order is no white space, as in tiktoken", () => {
  assert.equal(o200k.count("a\ufeff\ufeffb"), o200k.count("a") + o200k.count("\ufeff\ufeff") + o200k.count("b"));
});

test("a million characters without a place to cut do not take for ever", () => {
  for (const text of ["a".repeat(1_000_000), " ".repeat(1_000_000), "中".repeat(300_000), "=".repeat(1_000_000), "ABCdef0123+/".repeat(80_000)]) {
    const start = performance.now();
    const count = o200k.count(text);
    assert.ok(count > 0 && count <= text.length, text.slice(0, 5));
    assert.ok(performance.now() - start < 20_000, `${text.slice(0, 5)}: ${performance.now() - start} ms`);
  }
  // Far from the ends a long run is as many tokens as its parts.
  assert.equal(cl100k.count("a".repeat(80_000)), 10 * cl100k.count("a".repeat(8_000)));
});

test("counting pauses where its caller likes", () => {
  const text = "one two three";
  const steps = o200k.steps(text);
  const seen = [];
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) {
      assert.equal(step.value, 3);
      break;
    }
    seen.push(step.value);
  }
  assert.deepEqual(seen, [3, 7, 13]);
});
