// The texts in other languages, and how a text is found among them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import test from "node:test";
import { load, root } from "./support/load.mjs";

const { makeTranslate } = await load("site/src/translation.ts");
const { makeFormat } = await load("site/src/format.ts");
const text = readFileSync(`${root}/site/lang/de.json`, "utf8");
const german = JSON.parse(text);
const translate = makeTranslate(german);

test("a text is found as it is, else with its numbers taken out, else by a pattern of words", () => {
  const to = makeTranslate({ "Close": "Schließen", "# of # cells": "# von # Zellen", "{}: explain": "{}: erklären", "Total": "Gesamt",
    "{} costs # USD instead of #": "Statt #2 kostet {} # USD", "Write 1.5k or 30 %.": "1,5k oder 30 % schreiben.", "No.": "Nein." });
  assert.equal(to("Close"), "Schließen");
  assert.equal(to(" Close "), " Schließen ");
  assert.equal(to("1.200 of 3,5 cells"), "1.200 von 3,5 Zellen");
  assert.equal(to("unknown of 3 cells"), "unknown von 3 Zellen");
  assert.equal(to("Total: explain"), "Gesamt: erklären");
  assert.equal(to("GPT-4o: explain"), "GPT-4o: erklären");
  assert.equal(to("GPT-4o costs 5 USD instead of 7"), "Statt 7 kostet GPT-4o 5 USD");
  assert.equal(to("No. Write 1.5k or 30 %."), "Nein. 1,5k oder 30 % schreiben.");
  for (const same of ["Claude Sonnet 4.6", "1.234,5", "", "—", "Closed"]) assert.equal(to(same), same);
});

test("a formula is translated term by term", () => {
  assert.equal(translate("Requests a month × (1 − Requests that fail) × Output, price ÷ 1.000.000"), "Anfragen im Monat × (1 − Anfragen, die fehlschlagen) × Ausgabe, Preis ÷ 1.000.000");
  assert.equal(translate("the smaller of Requests a day and 12"), "das kleinere von Anfragen am Tag und 12");
});

test("of several patterns that fit the one whose words are known is taken", () => {
  assert.equal(translate("A solved task, in all: 1,23 USD: explain"), "Eine gelöste Aufgabe, insgesamt: 1,23 USD: erklären");
  assert.equal(translate("Counts only when “Earlier turns” is not “not sent, or already in the prompt”, or “Sub-agents in a conversation” is above 0."),
    "Zählt nur, wenn „Frühere Runden“ nicht auf „nicht gesendet oder schon im Prompt“ steht oder „Unteragenten je Gespräch“ über 0 liegt.");
});

test("names of models, sellers and services stay as they are", () => {
  const prices = JSON.parse(readFileSync(`${root}/build/native-release/pricing-v1.json`, "utf8"));
  for (const { id, name, models = [] } of prices.providers) {
    for (const one of [id, name, ...models.flatMap((model) => [model.id, model.name])]) if (one) assert.equal(translate(one), one);
  }
});

const number_mark = /#\d?/g;
test("the table is sorted, and its holes agree", () => {
  const keys = Object.keys(german);
  assert.deepEqual(keys, [...keys].sort());
  for (const [key, value] of Object.entries(german)) {
    assert.equal((value.match(number_mark) ?? []).length, (key.match(number_mark) ?? []).length, `numbers of: ${key}`);
    assert.equal((value.match(/\{\d?\}/g) ?? []).length, key.split("{}").length - 1, `words of: ${key}`);
    if (/#|\{\}/.test(key)) assert.doesNotMatch(key.replace(/\p{L}[\w-]*\d[\w-]*/gu, ""), /(?<![\w#])\d|\bunknown\b/u, `a number is a hole: ${key}`);
    assert.equal(value.trim() === value, key.trim() === key, `space around: ${key}`);
  }
});

test("no inputs, choices, groups or helps of the core are without a translation", () => {
  const { groups, categories, parameters } = JSON.parse(execFileSync(`${root}/build/native-release/bin/tokenbill`, ["describe", "--json"], { encoding: "utf8", maxBuffer: 1 << 26 }));
  const said = [...groups, ...categories].map(({ label }) => label)
    .concat(parameters.flatMap((p) => [p.label, p.help, p.unit_text, p.source, ...(p.options ?? []).map(({ label }) => label)]));
  assert.deepEqual([...new Set(said)].filter((one) => one && /\p{L}{2}/u.test(one) && german[one] === undefined && translate(one) === one), []);
});

test("labels of the plans' figures are all translated", () => {
  const folder = `${root}/core/src/plans/`;
  const labels = readdirSync(folder).flatMap((name) => [...readFileSync(folder + name, "utf8").replace(/^#include.*$/gm, "").matchAll(/"([^"\\]+)"/g)].map(([, label]) => label));
  assert.ok(labels.length > 300);
  assert.deepEqual([...new Set(labels)].filter((label) => !label.endsWith(": ") && /\p{Lu}/u.test(label[0]) && german[label] === undefined && translate(label) === label), []);
});

/** What a key is made of: its literal pieces, of which the longest stands somewhere in the sources. */
test("no translation is left of a text that is gone", () => {
  const files = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? files(join(folder, entry.name))
    : [".ts", ".html", ".cpp", ".h", ".def", ".json"].includes(extname(entry.name)) && folder !== `${root}/site/lang` ? [join(folder, entry.name)] : []));
  const plain = (one) => one.replace(/\\(["'])/g, "$1").replace(/\\u202f/g, "\u202f").replace(/\s+/g, " ").replaceAll("_", " ");
  const sources = ["site/src", "core/src", "core/include"].flatMap((folder) => files(`${root}/${folder}`)).concat(`${root}/site/index.html`, `${root}/site/presets.json`, `${root}/claims/claims.json`)
    .map((path) => plain(readFileSync(path, "utf8").replace(/['"`]\s*\+?\s*\n\s*(?:\+\s*)?['"`]/g, ""))).join("\n").toLowerCase();
  const gone = Object.keys(german).filter((key) => {
    const pieces = plain(key).split(/#\d?|\{\}|[(),:;]|“|”|\. | (?:your cap|cuts|an?|is|are|each|it|they|and|or|of|by|on|in|at|to|from|with|than|for|per|has|have|had|was|were|retired?|holds|breaks|costs?|nothing|above|below|USD|lines?|models?|sellers?|months?|requests?|tokens?|days?)(?= |$)/i).map((piece) => piece.trim().toLowerCase());
    const longest = pieces.reduce((a, b) => (b.length > a.length ? b : a), "");
    return longest.length > 2 && !sources.includes(longest) && !sources.includes(longest.replace(/\.$/, ""));
  });
  assert.deepEqual(gone, []);
});

test("the widget and the page call inputs and lines the same in German", async () => {
  const { languageOf } = await load("site/src/widget/texts.ts");
  const { labels } = languageOf("de").texts;
  const { parameters } = JSON.parse(execFileSync(`${root}/build/native-release/bin/tokenbill`, ["describe", "--json"], { encoding: "utf8", maxBuffer: 1 << 26 }));
  const plans = ["month_plan", "serve"].map((name) => readFileSync(`${root}/core/src/plans/${name}.cpp`, "utf8").replace(/,\s+/g, ", ")).join("");
  const english = (id) => parameters.find((p) => p.id === id)?.label ?? new RegExp(`"${id.replace(".", "\\.")}", "([^"]+)"`).exec(plans)?.[1];
  const named = Object.entries(labels).map(([id, label]) => [id, label, english(id)]).filter(([, , label]) => label !== undefined);
  assert.ok(named.length > 20);
  assert.deepEqual(named.filter(([, label, from]) => translate(from) !== label), []);
});

test("numbers typed in German mean what German shows", () => {
  const de = makeFormat("de");
  for (const [typed, meant] of [["1,5", "1.5"], ["1.500", "1500"], ["1.500,25", "1500.25"], ["1,5k", "1.5k"], ["0,125", "0.125"], ["0.125", "0.125"], ["1.5", "1.5"], ["12.34", "12.34"], ["1.234.567", "1234567"], ["30 %", "30 %"]]) {
    assert.equal(de.canonical(typed), meant, typed);
  }
  for (const value of [0, 0.5, 1.5, 12.34, 999, 1000, 1500, 1234567.891, 0.0001]) assert.equal(Number(de.canonical(de.field(value))), value);
});
