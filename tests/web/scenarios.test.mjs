import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./support/load.mjs";

const { addScenario, allScenarios, most_scenarios, removeScenario, renameScenario, showScenario } = await load("site/src/scenarios.ts");
const { Undo } = await load("site/src/history.ts");

const scenario = (name, parameters = {}) => ({ format: "tokenbill-scenario/1", name, parameters });
const one = { scenario: scenario("Bot", { output_tokens: 300 }), baseline: null, others: [], at: 0 };
const names = (state) => allScenarios(state).map((each) => each.name);

test("a copy stands behind the present scenario and is shown from then on", () => {
  const two = addScenario(one);
  assert.deepEqual(names(two), ["Bot", "Bot 2"]);
  assert.equal(two.at, 1);
  assert.deepEqual(two.scenario.parameters, one.scenario.parameters);
  assert.deepEqual(names(addScenario(showScenario(two, 0))), ["Bot", "Bot 3", "Bot 2"], "no name is given twice");
});

test("no more scenarios than can be read beside each other, and never none", () => {
  let state = one;
  for (let i = 0; i < 20; i += 1) state = addScenario(state);
  assert.equal(names(state).length, most_scenarios);
  for (let i = 0; i < 20; i += 1) state = removeScenario(state, 0);
  assert.equal(names(state).length, 1);
  assert.equal(removeScenario(one, 0), one);
});

test("switching changes which one is shown, not their order", () => {
  const three = addScenario(addScenario(one));
  for (const at of [0, 1, 2]) {
    const shown = showScenario(three, at);
    assert.deepEqual(names(shown), names(three));
    assert.equal(shown.scenario.name, names(three)[at]);
  }
  assert.equal(showScenario(three, three.at), three);
  assert.equal(showScenario(three, 9), three);
});

test("removing keeps the shown one where it is still there", () => {
  const three = addScenario(addScenario(one)); // shown: the third
  assert.equal(removeScenario(three, 0).scenario.name, "Bot 3");
  assert.deepEqual(names(removeScenario(three, 0)), ["Bot 2", "Bot 3"]);
  assert.equal(removeScenario(three, 2).scenario.name, "Bot 2");
  assert.equal(removeScenario(showScenario(three, 0), 2).scenario.name, "Bot");
});

test("a name is changed in place; an empty one is none", () => {
  const two = addScenario(one);
  assert.deepEqual(names(renameScenario(two, 0, " Cheap bot ")), ["Cheap bot", "Bot 2"]);
  assert.equal(renameScenario(two, 0, "Cheap bot").scenario.name, "Bot 2");
  assert.equal("name" in renameScenario(one, 0, "  ").scenario, false);
  assert.equal(renameScenario(two, 1, "Bot 2"), two);
});

test("undo brings a removed scenario and the one that was shown back", () => {
  const undo = new Undo();
  let state = addScenario(one);
  const steps = [[removeScenario(state, 0), "remove"], [renameScenario(removeScenario(state, 0), 0, "Left"), "rename"]];
  for (const [next, kind] of steps) {
    undo.record(state, kind, 0);
    state = next;
  }
  assert.deepEqual(names(state), ["Left"]);
  state = undo.undo(state);
  assert.deepEqual(names(state), ["Bot 2"]);
  state = undo.undo(state);
  assert.deepEqual(names(state), ["Bot", "Bot 2"]);
  assert.equal(state.at, 1);
  assert.deepEqual(names(undo.redo(state)), ["Bot 2"]);
});
