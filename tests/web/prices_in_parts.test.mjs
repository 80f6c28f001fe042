// The price list read in parts, as the page reads it, beside the same list read in one piece.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load, root } from "./support/load.mjs";

const { Core, CoreError, loadPricesInParts } = await load("tests/web/support/prices.ts");
const started = () => Core.fromBytes(readFileSync(`${root}/build/web-release/bin/core.wasm`));
const list = readFileSync(`${root}/build/native-release/pricing-v1.json`, "utf8");
const refusal = async (run) => {
  try {
    await run();
  } catch (error) {
    if (error instanceof CoreError) return error.failure;
    throw error;
  }
  return assert.fail("it was accepted");
};
const scenario = JSON.parse(readFileSync(`${root}/site/presets.json`, "utf8")).presets[0].scenario;

test("in parts, the price list gives the same catalog and the same prices, and is left in between", async () => {
  const [whole, parts] = [await started(), await started()];
  let pauses = 0;
  assert.deepEqual(await loadPricesInParts(parts, list, async () => void (pauses += 1)), whole.loadPrices(list));
  assert.ok(pauses > 5, `${pauses} pauses`);
  assert.deepEqual(parts.catalog(), whole.catalog());
  assert.deepEqual(parts.compare(scenario, "2026-11-22"), whole.compare(scenario, "2026-11-22"));
});

test("what is wrong in the list is told with its line in the whole, and prices in use stay", async () => {
  const [whole, parts] = [await started(), await started()];
  await loadPricesInParts(parts, list, async () => {});
  const before = parts.catalog();
  for (const broken of ["", "{", "null", list.replace("tokenbill-prices/1", "tokenbill-prices/9"), list.slice(0, -20), list.replace('"as_of"', '"as_off"')]) {
    const expected = await refusal(() => whole.loadPrices(broken));
    assert.deepEqual(await refusal(() => loadPricesInParts(parts, broken, async () => {})), expected);
    assert.deepEqual(parts.catalog(), before);
  }
  const one_bad = list.replace('"input":', '"imput":');
  const loaded = await loadPricesInParts(parts, one_bad, async () => {});
  assert.ok(loaded.left_out.length > 0);
  assert.deepEqual(loaded, whole.loadPrices(one_bad));
});
