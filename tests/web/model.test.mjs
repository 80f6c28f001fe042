// docs/model.md and the links to it: every figure, item and input leads to a section that exists, and defaults are those in force.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { anchor, markdownToHtml } from "../../scripts/markdown.mjs";
import { load, root } from "./support/load.mjs";

const { modelLink, modelSection } = await load("site/src/model_links.ts");
const read = (path) => readFileSync(`${root}/${path}`, "utf8");
const model = read("docs/model.md");
const sections = [...model.matchAll(/^## (.*)$/gm)].map(([, title]) => anchor(title));

// Id -> group, default, smallest and largest value, of the numbers in the table of parameters.
const parameters = new Map([...read("core/include/tokenbill/parameters.def").matchAll(/^(?:.*")?\)?TOKENBILL_(\w+)\((\w+), (\w+), "[^"]*"(?:, ([^,"]+), ([^,"]+), ([^,"]+), ([^,"]+),)?/gm)]
  .filter(([, kind]) => ["NUMBER", "OPTIONAL", "CHOICE", "REFERENCE"].includes(kind))
  .map(([, kind, id, group, , low, high, start]) => [id, { kind, group, low: Number(low), high: Number(high), start: Number(start) }]));

const dumps = ["month_plan", "fleet_plan"].map((plan) => read(`tests/golden/${plan}.txt`).split("\nterms\n"));
const named = dumps.flatMap(([values]) => [...values.matchAll(/^([a-z][\w.]*) \[[^\]]*\] = (.*)$/gm)].map(([, id, formula]) => ({ id, input: formula === "input" })));
const items = dumps.flatMap(([, terms]) => [...terms.matchAll(/^\w+: (\S+)$/gm)].map(([, id]) => id));
const figures = named.filter(({ input }) => !input).map(({ id }) => id);
// Those of parts that the dumped plan does not have.
const of_other_shapes = ["history_growth_tokens", "warm_ratio", "helpers.summary", "token_cap_requests", "usd_cap_requests", "chosen_cost_per_request", "route_1_cost_per_request", "cascade_break_even_ratio"];
const told = new Map([...model.matchAll(/^\| (`.*`) \| \[[^\]]*\]\(#([\w-]+)\) \|$/gm)].flatMap(([, ids, section]) => [...ids.matchAll(/`([^`]+)`/g)].map(([, id]) => [id, section])));

test("every item and figure of the month has a section in docs/model.md, the same in its table and in the page's links", () => {
  assert.ok(items.length > 50 && figures.length > 100, `${items.length} items, ${figures.length} figures`);
  for (const id of [...items, ...figures, ...of_other_shapes]) {
    assert.ok(told.has(id), `docs/model.md, "Where each figure is told": ${id} is missing`);
    assert.equal(modelSection(id), told.get(id), id);
    assert.ok(sections.includes(told.get(id)), `${id}: docs/model.md has no section #${told.get(id)}`);
  }
  for (const id of told.keys()) assert.ok([...items, ...figures, ...of_other_shapes].includes(id), `${id} is no figure any more`);
});

test("every figure is written in the section that tells it", () => {
  const texts = new Map(model.split(/^## /m).slice(1).map((text) => [anchor(text.slice(0, text.indexOf("\n"))), text]));
  for (const [id, section] of told) assert.ok(texts.get(section).includes(id), `${id} is not in #${section}`);
});

test("every input has a section: a parameter that of its group, a price or a switch its own", () => {
  for (const { id } of named.filter(({ input }) => input)) {
    const section = modelSection(id, parameters.get(id)?.group);
    assert.ok(sections.includes(section), `${id} -> ${section}`);
  }
  for (const [id, { group }] of parameters) assert.ok(sections.includes(modelSection(id, group)), `${id} -> ${modelSection(id, group)}`);
  assert.equal(modelLink("route_1.price.input.tier1"), "model.html#rate-card");
  assert.equal(modelLink("fallback.prompt_size"), "model.html#conversations");
  assert.equal(modelLink("something.else"), "model.html");
});

test("the defaults and ranges in docs/model.md are those of the table of parameters, and none is missing", () => {
  const rows = new Map([...model.matchAll(/^\| `(\w+)` \| ([^|]*) \| ([^|]*) \| [^|]* \|$/gm)].map(([, id, start, range]) => [id, { start, range }]));
  assert.deepEqual([...rows.keys()].sort(), [...parameters.keys()].sort());
  for (const [id, { kind, low, high, start }] of parameters) {
    if (kind !== "NUMBER" && kind !== "OPTIONAL") continue;
    const row = rows.get(id);
    assert.deepEqual(row.range.split(" to ").map(Number), [low, high], id);
    if (kind === "NUMBER") assert.equal(Number(row.start), start, id);
    else assert.equal(row.start, "not given", id);
  }
});

test("links within docs/model.md lead somewhere", () => {
  for (const [, target] of model.matchAll(/\]\(#([^)]*)\)/g)) assert.ok(sections.includes(target), target);
});

test("the converter writes what docs/model.md uses, and nothing but text where it does not know", () => {
  assert.equal(markdownToHtml("## Own & other\n\nA `<b>` *left\nout*: **b** [x](#y) [z](formats.md) 2 * 3 * 4 <script>"),
    '<h2 id="own--other">Own &amp; other</h2>\n<p>A <code>&lt;b&gt;</code> <em>left out</em>: <b>b</b> <a href="#y">x</a> z 2 * 3 * 4 &lt;script&gt;</p>');
  assert.equal(markdownToHtml("- a\n  b\n- c\n\n```\nx < y\n\nz\n```"), '<ul><li>a b</li>\n<li>c</li></ul>\n<pre tabindex="0"><code>x &lt; y\n\nz</code></pre>');
  assert.equal(markdownToHtml("| a | b |\n|---|---|\n| 1 | `2` |"),
    '<div class="wide" tabindex="0"><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><code>2</code></td></tr></tbody></table></div>');
  const html = markdownToHtml(model);
  for (const section of sections) assert.equal(html.split(`id="${section}"`).length, 2, section);
  assert.doesNotMatch(html.replace(/<pre.*?<\/pre>/gs, ""), /\*\*|```|^\|/m);
});
