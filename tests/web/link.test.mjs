import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import test from "node:test";
import { load } from "./support/load.mjs";

const { decodeLink, encodeLink } = await load("site/src/link.ts");
const state = {
  scenario: { format: "tokenbill-scenario/1", name: "Ünïcode bot 🤖", model: "openai/gpt-4o", parameters: { prompt_tokens: 2400, caching: "5m" } },
  baseline: "anthropic/claude-sonnet-4-6",
  section: "models",
};
const packed = (text, version = "1") => `#${version}${deflateRawSync(Buffer.from(text)).toString("base64url")}`;

test("a link carries the whole state", async () => {
  const link = await encodeLink(state);
  assert.match(link, /^#1[\w-]+$/);
  assert.deepEqual(await decodeLink(link), { state });
});

test("links made by the first release are read for ever", async () => {
  const golden = "#1Nc1BCsIwEEbhq8i_TmkVdZFreACZpqMNJjMhmQpSencp4vo9-Fa0wEI1KvyKh9ZMBg_TF8sYU-r-uT_CQSgzPG5LKVrtEGayUQ0OWSdO8CCxuWqJoQ-Jlom7piJs3bm7wqFQpczGte1YUHlzbWRRpd0L1_tEH_jTMAwOgcIc5QmPS8a2OTQO-wj_sxq2Lw";
  assert.deepEqual(await decodeLink(golden), { state: {
    scenario: { format: "tokenbill-scenario/1", name: "Support chatbot", model: "anthropic/claude-sonnet-4-6",
      parameters: { conversations_per_day: 2000, caching: "5m" } },
    baseline: undefined, section: "models" } });
  assert.match((await decodeLink(golden.slice(0, 60))).problem, /damaged/, "a link that was cut off is told");
});

test("several scenarios travel in one link; a link without them is one scenario", async () => {
  const several = { ...state, others: [{ format: "tokenbill-scenario/1", name: "Second", parameters: { output_tokens: 900 } }, { format: "tokenbill-scenario/1", name: "Third" }], at: 1 };
  assert.deepEqual(await decodeLink(await encodeLink(several)), { state: several });
  assert.equal((await decodeLink(await encodeLink(state))).state.others, undefined);
});

test("what a link holds beyond what is known is told and goes into the next link", async () => {
  const held = await decodeLink(packed(JSON.stringify({ ...state, notes: ["a"], at: 7, others: "many" })));
  assert.deepEqual(held.state, state);
  assert.deepEqual(held.rest, { notes: ["a"], others: "many" });
  const again = await decodeLink(await encodeLink({ ...held.state, baseline: "openai/gpt-4o" }, held.rest));
  assert.deepEqual(again.rest, held.rest);
  assert.equal(again.state.baseline, "openai/gpt-4o", "what is known is never replaced by what is not");
});

test("an empty fragment and the sections' anchors are nothing of ours", async () => {
  assert.equal(await decodeLink(""), null);
  assert.equal(await decodeLink("#"), null);
  assert.equal(await decodeLink("#section-models"), null);
});

test("a damaged link gives a sentence instead of a throw", async () => {
  for (const link of ["#1", "#1!!!!", "#1AAAA", packed("[]"), packed("null"), packed('{"scenario":3}'), packed("{"), `${packed("{}")}x`]) {
    const decoded = await decodeLink(link);
    assert.match(decoded.problem, /damaged/, link);
  }
});

test("a link of a newer version says so", async () => {
  assert.match((await decodeLink(packed("{}", "2"))).problem, /newer version/);
  assert.match((await decodeLink("#hello")).problem, /not one of Tokenbill/);
});

test("a link above 64 KiB is not unpacked", async () => {
  assert.match((await decodeLink(`#1${"A".repeat(64 * 1024)}`)).problem, /64 KiB/);
});

test("a small link that would unpack to more than 1 MiB is stopped on the way", async () => {
  const bomb = packed(`{"scenario":{"name":"${" ".repeat(8 * 1024 * 1024)}"}}`);
  assert.ok(bomb.length < 64 * 1024);
  assert.match((await decodeLink(bomb)).problem, /damaged/);
});

test("a link's keys never reach a prototype", async () => {
  const decoded = await decodeLink(packed('{"scenario":{"__proto__":{"polluted":1}},"__proto__":{"polluted":1}}'));
  assert.ok("state" in decoded);
  assert.equal({}.polluted, undefined);
  assert.equal(decoded.state.polluted, undefined);
});
