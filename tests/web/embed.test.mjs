// What the builder page writes, and the styles that the widget is left with.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./support/load.mjs";
import { pruneCss } from "../../scripts/prune_css.mjs";

const { attributesOf, fragmentOf, ownFragment, readChoice } = await load("site/src/builder/choice.ts");
const { elementSnippet, frameSnippet, pictureSnippet } = await load("site/src/snippets.ts");
const { languageOf, spoken } = await load("site/src/widget/texts.ts");
const { readSettings } = await load("site/src/widget/settings.ts");
const { filesOf } = await load("site/src/embed_files.ts");
const { makeFormat, ratioWords } = await load("site/src/format.ts");

const presets = ["chatbot", "agent"];

test("a choice is written as the widget reads it, and read back as it was", () => {
  for (const fragment of ["#preset=chatbot", "#preset=agent&theme=dark&lang=de&accent=aa3377&density=compact&currency=EUR&rate=0.92&controls=model,caching",
    "#1abc_-&readonly=1&host=dark&width=narrow", "#preset=agent&controls="]) {
    const choice = readChoice(fragment, presets);
    assert.equal(ownFragment(choice), fragment);
    assert.deepEqual(readChoice(ownFragment(choice), presets), choice);
    const settings = readSettings(`#${fragmentOf(choice)}`);
    assert.deepEqual([settings.preset, settings.theme, settings.accent, settings.density, settings.currency, settings.rate],
      [choice.preset, choice.theme, choice.accent, choice.density, choice.currency || null, choice.rate || null]);
    if (choice.controls) assert.deepEqual(settings.controls, choice.controls);
    if (choice.readonly) assert.deepEqual(settings.controls, []);
  }
  assert.equal(ownFragment(readChoice("#preset=nothing&lang=%%%&theme=plaid&rate=2", presets)), "#preset=chatbot", "a rate alone says nothing");
});

test("names from a scenario are text in every snippet", () => {
  const place = { site: "https://x.example/", title: 'LLM cost: "><script>alert(1)</script>](y) \\', link: "https://x.example/index.html#1a" };
  const choice = readChoice("#1a&theme=dark", presets);
  for (const text of [frameSnippet(place, fragmentOf(choice), 500), elementSnippet(place, attributesOf(choice, place.site), "")]) {
    assert.equal(text.match(/<script/g)?.length ?? 0, text.startsWith("<script src") ? 1 : 0);
    assert.ok(text.includes('title="LLM cost: &quot;&gt;&lt;script&gt;'));
  }
  const [, shown] = /^\[!\[(.*)\]\(https:\/\/x\.example\/embed\/v1\/agent\.svg\)\]\(https:\/\/x\.example\/index\.html#1a\)$/.exec(pictureSnippet(place, "agent"));
  assert.doesNotMatch(shown.replace(/\\./g, ""), /[\][<>|\\]/);
  assert.match(frameSnippet(place, fragmentOf(choice), 500), /src="https:\/\/x\.example\/embed\/v1\/#1a&amp;theme=dark"/);
});

test("each language has every sentence, of the same kind, and none is left in English", () => {
  const english = languageOf("en").texts;
  const sample = (value) => (typeof value === "function" ? value("A", "B", "C") : value);
  // Words that are the same in both languages.
  const shared = new Set(["Prompt"]);
  for (const tag of spoken.filter((one) => one !== "en")) {
    const { texts } = languageOf(tag);
    const compare = (own, other, path) => {
      for (const [name, value] of Object.entries(other)) {
        if (name === "labels") continue;
        if (typeof value === "object") compare(own[name], value, `${path}${name}.`);
        else {
          assert.equal(typeof own[name], typeof value, `${tag}: ${path}${name}`);
          if (!shared.has(sample(value))) assert.notEqual(sample(own[name]), sample(value), `${tag}: ${path}${name}`);
        }
      }
    };
    compare(texts, english, "");
  }
  const { texts, locale } = languageOf("de-AT");
  assert.equal(ratioWords(3.14, makeFormat(locale), texts.ratio), "3,1-mal so teuer");
  assert.equal(makeFormat(locale, texts.unknown).amount(null), "unbekannt");
});

test("a language tag: texts, numbers in 0 to 9, direction", () => {
  const of = (tag) => { const { tag: own, locale, direction } = languageOf(tag); return [own, locale, direction]; };
  assert.deepEqual(of("de"), ["de", "de-u-nu-latn", "ltr"]);
  assert.deepEqual(of("ar-EG"), ["en", "ar-EG-u-nu-latn", "rtl"]);
  assert.deepEqual(of("ku-Arab"), ["en", "ku-Arab-u-nu-latn", "rtl"]);
  for (const bad of [null, undefined, "", "x", 3, {}, "de_DE", "a b", "__proto__"]) assert.deepEqual(of(bad), ["en", undefined, "ltr"], String(bad));
  assert.equal(of("valueOf")[0], "en");
  assert.equal(makeFormat("ar-EG-u-nu-latn").number(1234).replace(/\D/g, ""), "1234");
});

const estimate = {
  scenario: { name: 'A & <b>"x"</b>' }, model: { key: "a/b", name: "B" }, status: "unpriced", prices_as_of: "2026-11-22", sentence: "",
  problem: { message: "The price of the output is unknown.", hint: "Choose another model." },
  totals: { per_month: null, per_request: null, per_conversation: null, per_year: null },
  items: [{ id: "output.text", label: "Output", category: "output", usd_per_month: null, usd_per_request: null, share: null }],
};

test("an unknown bill is the word in picture and table, never 0; names are escaped", () => {
  const { svg, md, json } = filesOf({ preset: { id: "x", name: "X", scenario: estimate.scenario }, estimate, fragment: "#1a", styles: "", base: "../../" });
  assert.match(svg, />unknown<tspan/);
  assert.match(svg, /The price of the output is unknown\./);
  assert.match(svg, /A &amp; &lt;b&gt;"x"|A &amp; &lt;b&gt;&quot;x&quot;/);
  assert.doesNotMatch(svg.replace(/<style>.*<\/style>/, "").replace(/<[^>]*>/g, ""), /\b0\b/);
  assert.match(md, /\| \*\*Total\*\* \| unknown \|/);
  assert.ok(JSON.parse(json).html.includes('title="LLM cost: A &amp; &lt;b&gt;&quot;x&quot;&lt;/b&gt;"'));
});

test("styles: a rule stays if the page can meet it", () => {
  const sources = ["h('p', { class: `big hue-${category}` }, 'model')", '<main id="w" class="wide w-title">'];
  const css = '@charset "utf-8";:root{--a:1}.big,.small{a:b}.small{c:d}.hue-input{e:f}.big:not(.small){g:h}.w-title .none{i:j}#w>a{k:l}#other{m:n}'
    + '@media print{.small{o:p}}@media (min-width:1px){.big,.x>.big{q:r}}a[href$=".x}"]{s:t}.js :is(.big,.small){u:v}@font-face{w:x}';
  assert.equal(pruneCss(css, sources), '@charset "utf-8";:root{--a:1}.big{a:b}.hue-input{e:f}.big:not(.small){g:h}#w>a{k:l}'
    + '@media (min-width:1px){.big{q:r}}a[href$=".x}"]{s:t}@font-face{w:x}');
});
