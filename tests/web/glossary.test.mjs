// The glossary and the links to it: each leads from an input that exists to a term that is explained.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { anchor } from "../../scripts/markdown.mjs";
import { load } from "./support/load.mjs";

const { explained, explained_inputs } = await load("site/src/glossary_links.ts");
const text = readFileSync(new URL("../../docs/glossary.md", import.meta.url), "utf8");
const table = readFileSync(new URL("../../core/include/tokenbill/parameters.def", import.meta.url), "utf8");
const terms = [...text.matchAll(/^### (.+)\n(.+)/gm)];

test("an input's word is explained where its link leads", () => {
  const ids = new Set([...table.matchAll(/TOKENBILL_(?:NUMBER|OPTIONAL|CHOICE|REFERENCE)\((\w+),/g)].map((m) => m[1]));
  const places = new Set(terms.map(([, term]) => `docs/glossary.html#${anchor(term)}`));
  for (const id of explained_inputs) {
    assert.ok(ids.has(id), id);
    assert.ok(places.has(explained(id).href), explained(id).href);
  }
  assert.equal(explained("days_per_month"), null);
});

test("each term is there once, has an explanation, and the page's own words are among them", () => {
  const names = terms.map(([, term]) => term.toLowerCase());
  assert.deepEqual(names.filter((one, i) => names.indexOf(one) !== i), []);
  for (const [, term, first] of terms) assert.doesNotMatch(first, /^#|^$/, term);
  for (const word of ["token", "context window", "cache read", "cache write", "cache hit", "batch", "tool call", "reasoning tokens", "ttl", "percentile", "break-even", "prefill and decode", "inference", "contingency", "mtok"]) {
    assert.ok(names.includes(word), word);
  }
});
