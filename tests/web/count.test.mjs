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
const { families, familyOf, isNamed, tokensOf } = await load("site/src/count/families.ts");
const { isCountable } = await load("site/src/count/countable.ts");

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

test("an estimate is never exact, and what is not counted is not 0", () => {
  for (const family of families) {
    for (const script of ["english", "latin", "other"]) {
      const { likely, low, high } = tokensOf(family, { o200k_base: 1234, cl100k_base: 1300 }, script);
      if (family.encoding) assert.ok(likely === low && low === high);
      else assert.ok(low < likely && likely < high && low > 0, `${family.name} ${script}: ${low} ${likely} ${high}`);
      const none = tokensOf(family, {}, script);
      assert.deepEqual([none.likely, none.low, none.high], [null, null, null]);
    }
  }
  const claude = tokensOf(familyOf("claude-4.7"), { o200k_base: 1000 }, "english");
  assert.deepEqual([claude.low, claude.likely, claude.high], [1250, 1520, 1850]);
  assert.equal(tokensOf(familyOf("o200k"), { o200k_base: 0 }, "english").likely, 0);
  // An estimate of one token is no fraction.
  assert.deepEqual(Object.values(tokensOf(familyOf("gemini"), { o200k_base: 1 }, "english")).slice(1), [1, 1, 2]);
  assert.equal(tokensOf(familyOf("llama"), { o200k_base: 1 }, "english").low, 1);
});

test("every tokenizer of the price list has a family; one that is not known is among the others", () => {
  const { providers } = JSON.parse(readFileSync(`${root}/build/native-release/pricing-v1.json`, "utf8"));
  const others = families.at(-1);
  const without = new Set();
  for (const { id, models = [] } of providers) {
    for (const model of models) {
      const name = model.tokenizer?.family ?? null;
      const family = familyOf(name);
      if (name !== null && family === others) without.add(name);
      // What OpenAI names a tokenizer for has a public one here.
      if (id === "openai" && model.kind === "chat" && isNamed(`${id}/${model.id}`)) assert.ok(family.encoding, model.id);
    }
  }
  assert.deepEqual([...without].sort(), ["glm", "grok", "kimi", "mimo", "minimax", "nova", "phi", "titan", "voyage"]);
  assert.equal(familyOf(null), others);
  assert.ok(isNamed("openai/gpt-4o-mini") && isNamed("azure/o3-2025-04-16") && isNamed("amazon-bedrock/openai.gpt-oss-120b-1:0") && isNamed("openai/ft:gpt-4.1-2025-04-14"));
  assert.ok(!isNamed("openai/gpt-6-sol"));
});

test("inputs that are a text's tokens can be counted, limits and pictures not", () => {
  const input = (id, unit_text = "tokens per request", kind = "number") => isCountable({ id, unit_text, kind });
  for (const id of ["prompt_tokens", "static_prefix_tokens", "output_tokens", "turn_input_tokens", "tool_schema_tokens", "judge_input_tokens"]) assert.ok(input(id), id);
  for (const id of ["history_limit_tokens", "output_cap_tokens", "image_input_tokens", "audio_output_tokens"]) assert.ok(!input(id), id);
  assert.ok(input("chunk_tokens", "tokens each") && input("turn_input_tokens", "tokens per request", "optional_number"));
  assert.ok(!input("token_cap", "tokens per conversation") && !input("tokens_per_second", "tokens per second") && !input("turns", "requests per conversation"));
});
