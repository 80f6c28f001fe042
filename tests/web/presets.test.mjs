import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { root } from "./support/load.mjs";

const { format, presets } = JSON.parse(readFileSync(`${root}/site/presets.json`, "utf8"));
const keys = new Set();
for (const file of readdirSync(`${root}/pricing/providers`)) {
  const provider = JSON.parse(readFileSync(`${root}/pricing/providers/${file}`, "utf8"));
  for (const model of provider.models ?? []) keys.add(`${provider.id}/${model.id}`);
}
for (const file of readdirSync(`${root}/pricing/services`)) {
  const { id, services } = JSON.parse(readFileSync(`${root}/pricing/services/${file}`, "utf8"));
  for (const service of services) keys.add(`${id}/${service.id}`);
}
const table = readFileSync(`${root}/core/include/tokenbill/parameters.def`, "utf8");
const ids = new Set([...table.matchAll(/^TOKENBILL_(?:NUMBER|OPTIONAL|CHOICE|REFERENCE)\((\w+),/gm)].map((m) => m[1]));

test("every preset names models and services of the price list and parameters of the table", () => {
  assert.equal(format, "tokenbill-presets/1");
  for (const preset of presets) {
    for (const scenario of [preset.scenario, preset.recomputed?.scenario].filter(Boolean)) {
      assert.ok(keys.has(scenario.model), `${preset.id}: ${scenario.model}`);
      for (const [id, value] of Object.entries(scenario.parameters)) {
        assert.ok(ids.has(id), `${preset.id}: ${id}`);
        if (String(value).includes("/")) assert.ok(keys.has(value), `${preset.id}: ${id} is ${value}`);
      }
    }
  }
  assert.equal(new Set(presets.map((preset) => preset.id)).size, presets.length);
});

test("the articles' example is recomputed with every overhead that the printed figure leaves out", () => {
  const article = presets.find((preset) => preset.printed);
  assert.equal(article.printed.usd_per_month, 15000);
  assert.ok(article.recomputed.reasons.length > 0);
  assert.deepEqual(article.recomputed.scenario.parameters, {});
});

test("numbers that a description names are the scenario's, and the conversations a day are among them", () => {
  for (const { id, description, scenario } of presets) {
    // "10 000", grouped by narrow spaces, is one number; the 4 of GPT-4o is none.
    const named = [...description.matchAll(/(?<![\w.-])\d{1,3}(?:\u202f\d{3})*(?:\.\d+)?(?![\w%])/g)].map(([text]) => Number(text.replaceAll("\u202f", "")));
    const values = Object.values(scenario.parameters);
    for (const number of named) assert.ok(values.includes(number), `${id}: the description says ${number}, which is no value of the scenario`);
    assert.ok(named.includes(scenario.parameters.conversations_per_day), `${id}: the description does not name ${scenario.parameters.conversations_per_day} conversations a day`);
  }
});
