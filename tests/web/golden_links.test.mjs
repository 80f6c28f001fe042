// Links once given to somebody are read for ever. tests/web/golden_links.json has links as they were written, each with what it
// opens, as the core reads it. Entries are only ever added.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { load, root } from "./support/load.mjs";

const { Core, decodeLink, encodeLink, readShort, writeShort } = await load("tests/web/support/links.ts");
const read = (path) => readFileSync(`${root}/${path}`, "utf8");
const golden = JSON.parse(read("tests/web/golden_links.json"));
const { presets } = JSON.parse(read("site/presets.json"));
const core = await Core.fromBytes(readFileSync(`${root}/build/web-release/bin/core.wasm`));
core.loadPrices(read("build/native-release/pricing-v1.json"));
const { parameters } = core.describe();
const today = "2026-11-22";
const short = (link, day = today) => readShort(link, core, parameters, presets, day);
const opened = (scenario) => {
  const { scenario: read, problems } = core.check(scenario);
  assert.deepEqual(problems, []);
  return read;
};

test("every link that was ever written opens what it opened then", async () => {
  assert.ok(golden.length >= 25 && new Set(golden.map(({ link }) => link)).size === golden.length);
  for (const { what, link, opens } of golden) {
    const { state, problem, told = "" } = link.includes("=") ? short(link) : await decodeLink(link);
    assert.equal(problem, undefined, what);
    assert.equal(told, "", what);
    assert.deepEqual(opened(state.scenario), opens.scenario, what);
    assert.deepEqual((state.others ?? []).map(opened), opens.others ?? [], what);
    assert.deepEqual([state.at ?? 0, state.baseline, state.section], [opens.at ?? 0, opens.baseline, opens.section], what);
  }
});

test("the examples' links are among them", () => {
  for (const { id } of presets) assert.ok(golden.some(({ what }) => what === `example: ${id}`), id);
});

test("what is copied is read back the same, in either form", async () => {
  for (const { what, opens } of golden) {
    const link = writeShort(opens, core, parameters, presets);
    if (link === null) continue;
    assert.ok(link.length < 1900, what);
    const { state, told } = short(link);
    assert.equal(told, "", what);
    assert.deepEqual(opened(state.scenario), opens.scenario, what);
    assert.equal(state.section, opens.section);
  }
  const { link, opens } = golden.find(({ what }) => what === "as copied: chatbot");
  assert.deepEqual(new Set(writeShort(opens, core, parameters, presets).slice(1).split("&")), new Set(link.slice(1).split("&")));
  assert.deepEqual((await decodeLink(await encodeLink(opens))).state.scenario, opens.scenario);
});

test("only few plain values make a link that can be read; all else is packed", () => {
  const scenario = (more) => ({ format: "tokenbill-scenario/1", model: "openai/gpt-4o", parameters: { output_tokens: 300 }, ...more });
  const written = (state) => writeShort(state, core, parameters, presets);
  assert.equal(written({ scenario: scenario({}) }), "#m=openai/gpt-4o&out=300");
  assert.equal(written({ scenario: scenario({ name: "A & B = 50 % + more" }), section: "models" }), "#m=openai/gpt-4o&out=300&name=A+%26+B+%3D+50+%25+%2B+more&view=models");
  assert.equal(written({ scenario: scenario({ ranges: { output_tokens: { low: 100, high: 900 } } }) }), null);
  assert.equal(written({ scenario: scenario({}), baseline: "openai/gpt-4o-mini" }), null);
  assert.equal(written({ scenario: scenario({}), others: [scenario({})] }), null);
  assert.equal(written({ scenario: scenario({ name: "blank at its end " }) }), null, "what a text would lose is packed");
  const many = Object.fromEntries(parameters.filter((p) => p.kind === "number").slice(0, 20).map((p) => [p.id, p.default]));
  assert.equal(written({ scenario: scenario({ parameters: many }) }), null);
});

test("values of a typed link are read as the core reads a typed number", () => {
  const { state } = short("#m=gpt-4o&in=1.5k&out=1 000&n=2M&failure_ratio=10%&cache=5m");
  assert.equal(state.scenario.model, "openai/gpt-4o", "an id without its seller becomes the key");
  assert.deepEqual(state.scenario.parameters, { conversations_per_day: 2e6, prompt_tokens: 1500, output_tokens: 1000, failure_ratio: 0.1, caching: "5m" });
  assert.equal(short("#preset=agent&out=5").state.scenario.name, "Research agent");
  assert.equal(short("#preset=agent&out=5").state.scenario.parameters.output_tokens, 5);
});

test("what a typed link holds beyond that is told with the nearest name, and the rest is kept", () => {
  for (const [link, told] of [
    ["#outt=3&n=5", /no input “outt”; did you mean “out”\? Kept: n\./],
    ["#prompt_token=3&n=5", /did you mean “prompt_tokens”\?/],
    ["#preset=chatbott&n=5", /no example “chatbott”; did you mean “chatbot”\?/],
    ["#m=gpt-55&n=5", /“m”: no model is called "gpt-55"\. Did you mean openai/],
    ["#in=many&n=5", /“in”: expected a number.*found "many"/],
    ["#cache=6m&n=5", /“cache”: expected one of/],
    ["#in=1&prompt_tokens=2&n=5", /twice; the first counts\. Kept: in, n\./],
    ["#date=yesterday&n=5", /“date”: expected a date/],
    ["#view=modles&n=5", /no section “modles”; did you mean “models”\?/],
    ["#__proto__=1&constructor=2&n=5", /no input “__proto__”.*no input “constructor”/],
    ["#n=5&=&&x", /no input “”/],
  ]) {
    const read = short(link);
    assert.match(read.told, told, link);
    assert.equal(read.state.scenario.parameters.conversations_per_day, 5, link);
  }
  assert.equal({}.polluted, undefined);
});

test("a typed link that holds nothing, or is too long, gives a sentence", () => {
  assert.match(short("#foo=1").problem, /nothing that can be read.*“foo”.*defaults/);
  assert.match(short(`#name=${"A".repeat(64 * 1024)}`).problem, /64 KiB/);
  assert.match(short("#in=1e400").problem, /nothing that can be read/);
  for (let i = 0; i < 300; i += 1) {
    const noise = Array.from({ length: 40 }, (_, k) => String.fromCharCode(32 + ((i * 7919 + k * 104729) % 95))).join("");
    const read = short(`#in=${noise}`);
    assert.ok("problem" in read || "state" in read, noise);
  }
  assert.equal(short("#m=whatever&n=5", null).state.scenario.model, "whatever", "without prices no model can be looked up; the page tells when they are there");
});
