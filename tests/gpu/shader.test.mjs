// Runs the generated WGSL on a graphics processor, be it one of software, and reads the numbers back. Each operation is
// compared with its meaning and its bound in C++ (tests/data/operations.json, which a test of the core holds to op.def and
// BoundedLane), each reduction with plain JavaScript over the same cells, and sweeps with those of core-all.wasm.
// Without an adapter the tests are reported as skipped, with the reason.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import { findGpu } from "../../scripts/gpu_adapter.mjs";
import { bundle, root } from "../web/support/load.mjs";

const read = (path) => readFileSync(`${root}/${path}`, "utf8");

const { gpu, skip = false } = await findGpu();
const built = await bundle("web/gpu_sweep.ts", { format: "esm", loader: { ".wgsl": "text" } });
const { gpuSweep, skeleton } = await import(`data:text/javascript;base64,${Buffer.from(built).toString("base64")}`);
const options = { allow_software: true, gpu, cells: true, lowest: 10 };

async function compute(shader, more = {}) {
  const result = await gpuSweep(shader, { ...options, ...more });
  assert.equal(result.reason, undefined);
  return result;
}
const place = (code) => skeleton.replace("// {{cost}}", () => code);
const axes = (lists) => lists.map((values, i) => ({ id: `axis ${i}`, values }));
/** A sweep whose function is written by hand; `body` gives a value and an error from x. */
const shaderOf = (lists, body) => ({ nodes: 1, axes: axes(lists),
  wgsl: place(`const axis_count = ${lists.length}u;\nfn cost(x: array<vec2f, axis_count>) -> vec2f { ${body} }\n`) });
const numbers = (count) => Array.from({ length: count }, (_, i) => i);

const table = Object.entries(JSON.parse(read("tests/data/operations.json")));
const calls = table.map(([name, { wgsl, axes: lists }]) => {
  const value = wgsl.replaceAll(/\{(\d)\}/g, "x[$1].x");
  const operands = lists.map((_, k) => `x[${k}].x, x[${k}].y`).join(", ");
  const of_sum = { add: ", x[0].y + x[1].y, 1.0", excess: ", x[0].y + x[1].y, 1.0", complement: ", x[0].y, 1.0" }[name] ?? "";
  return `let v = ${value}; let e = ${name}_error(v, ${operands}${of_sum});`;
});
for (const [i, [name, { axes: lists, expected, errors }]] of table.entries()) {
  test(`${name} on a graphics processor, and its bound`, { skip }, async () => {
    const bounds = await compute(shaderOf(lists, `${calls[i]} if (e >= beyond) { return vec2f(unsure, beyond); } return vec2f(e, 0.0);`));
    const { cells } = await compute(shaderOf(lists, `${calls[i]} if (e >= beyond) { return vec2f(unsure, beyond); } return vec2f(v, e);`));
    let known = 0;
    expected.forEach((value, cell) => {
      const told = `cell ${cell}: ${cells[cell]} within ${bounds.cells[cell]}, expected ${value} within ${errors[cell]}`;
      // Nothing can be said, and the core says the same.
      if (Number.isNaN(cells[cell])) return assert.equal(errors[cell], null, told);
      known += 1;
      assert.ok(Math.abs(cells[cell] - value) <= bounds.cells[cell], told);
      // No wider than it need be: the margin of the bounds is a tenth, of the exponential and steps a little more.
      assert.ok(bounds.cells[cell] <= 2 * errors[cell] + 1e-17, told);
    });
    assert.ok(known > expected.length / 2);
  });
}

test("cells in many dispatches are those of one, and a cancel keeps what is done", { skip }, async () => {
  const shader = shaderOf([numbers(30), numbers(1000)], "return vec2f(x[0].x * 1000.0 + x[1].x, 0.0);");
  const whole = await compute(shader);
  const parts = await compute(shader, { chunk: 700 });
  for (let i = 0; i < 30_000; i += 1) assert.equal(whole.cells[i], i);
  assert.deepEqual(parts.cells, whole.cells);
  let asked = 0;
  const cancelled = await compute(shader, { chunk: 700, cancelled: () => (asked += 1) > 3 });
  assert.equal(cancelled.done, 2100);
  assert.equal(cancelled.cells[2099], 2099);
  assert.ok(Number.isNaN(cancelled.cells[2100]));
});

test("dispatches of growing size leave no cell out", { skip }, async () => {
  const told = [];
  const shader = shaderOf([numbers(1500), numbers(1000)], "return vec2f(x[0].x * 1000.0 + x[1].x, 0.0);");
  const { cells, done } = await compute(shader, { progress: (share) => told.push(share) });
  assert.equal(done, 1_500_000);
  assert.ok(told.length > 1 && told.at(-1) === 1);
  assert.equal(cells.findIndex((value, i) => value !== i), -1);
});

test("each failure is told as a sentence", async () => {
  const shader = { wgsl: place("this is no shader"), nodes: 1, axes: axes([[1]]) };
  const reason = async (more) => (await gpuSweep(shader, { ...options, ...more })).reason;
  assert.match(await reason({ gpu: { requestAdapter: async () => null } }), /no graphics adapter/);
  assert.match(await reason({ gpu: { requestAdapter: async () => { throw new Error("out of order"); } } }), /out of order/);
  const software = { info: { vendor: "google", architecture: "swiftshader", device: "", description: "", isFallbackAdapter: true } };
  assert.match(await reason({ allow_software: false, gpu: { requestAdapter: async () => software } }), /software/);
  if (!skip) assert.match(await reason({}), /refused in line \d+/);
});

test("a device that is lost in the middle of a run, is too small or refuses a buffer is told", { skip }, async () => {
  const shader = shaderOf([numbers(5000)], "return vec2f(x[0].x, 0.0);");
  // The real adapter, with a device that the test changes.
  const changed = (change) => ({ requestAdapter: async () => {
    const real = await gpu.requestAdapter();
    return { info: real.info, requestDevice: async () => change(await real.requestDevice()) };
  } });
  const reason = async (change, more = {}) => (await gpuSweep(shader, { ...options, gpu: changed(change), chunk: 1000, ...more })).reason;
  let device;
  assert.match(await reason((real) => (device = real), { progress: () => device.destroy() }), /lost/);
  assert.match(await reason((real) => {
    Object.defineProperty(real, "limits", { value: { maxComputeInvocationsPerWorkgroup: 64, maxComputeWorkgroupSizeX: 64 } });
    return real;
  }), /too small/);
  assert.match(await reason((real) => {
    const create = real.createBuffer.bind(real);
    real.createBuffer = (wanted) => create({ ...wanted, usage: 0 });
    return real;
  }), /WebGPU refused the sweep/);
});

test("the reductions are those of plain JavaScript over the same cells", { skip }, async () => {
  // Values from 1 to 7 million, of which some are impossible, some do not exist and some cannot be told.
  const shader = shaderOf([numbers(700), numbers(1000)], `
    let cell = x[0].x * 1000.0 + x[1].x;
    if (x[1].x == 17.0) { return vec2f(impossible, 0.0); }
    if (x[1].x == 18.0) { return vec2f(unknown, 0.0); }
    if (cell == 5019.0 || cell == 699999.0) { return vec2f(unsure, beyond); }
    let value = abs(cell - 250020.5) * 10.0 + 1.0;
    return vec2f(value, value * 1e-6);`);
  const valueOf = (cell) => Math.abs(cell - 250020.5) * 10 + 1;
  const sure = numbers(700_000).filter((cell) => cell % 1000 !== 17 && cell % 1000 !== 18 && cell !== 5019 && cell !== 699_999);
  const mean = sure.reduce((sum, cell) => sum + valueOf(cell), 0) / sure.length;
  const deviations = sure.reduce((sum, cell) => sum + (valueOf(cell) - mean) ** 2, 0);
  const times = new Map();
  const word = new Uint32Array(1);
  const least = new Float32Array(word.buffer);
  for (const cell of sure) {
    least[0] = valueOf(cell);
    word[0] &= 0xffff0000;
    times.set(least[0], (times.get(least[0]) ?? 0) + 1);
  }
  for (const chunk of [undefined, 70_000]) {
    const { kept, cells } = await compute(shader, { chunk, cells: false });
    assert.equal(cells.length, 0);
    assert.deepEqual([kept.done, kept.impossible, kept.unknown, kept.count], [700_000, 700, 700, sure.length]);
    assert.deepEqual(kept.unsure, [5019, 699_999]);
    assert.ok(Math.abs(kept.mean / mean - 1) < 1e-6 && Math.abs(kept.deviations / deviations - 1) < 1e-5, `${kept.mean} ${mean} ${kept.deviations} ${deviations}`);
    assert.deepEqual(new Map(kept.buckets), new Map([...times].sort(([a], [b]) => a - b)));
    // The ten lowest, and no cell far from them; the highest of the sure ones.
    const wanted = [...sure].sort((a, b) => valueOf(a) - valueOf(b) || a - b).slice(0, 10);
    for (const cell of wanted) assert.ok(kept.near.includes(cell), `cell ${cell}`);
    assert.ok(kept.near.includes(0) === false && kept.near.includes(699_998));
    assert.ok(kept.near.length < 30_000, `${kept.near.length} cells`);
    assert.deepEqual(kept.near, [...kept.near].sort((a, b) => a - b));
  }
});

test("of values that 32 bits cannot tell apart all are near", { skip }, async () => {
  const { kept } = await compute(shaderOf([numbers(5000)], "return vec2f(1000.0 + select(100.0, 0.0, x[0].x > 4989.0), 0.01);"), { lowest: 3 });
  assert.deepEqual(kept.near, numbers(5000));
  const apart = await compute(shaderOf([numbers(5000)], "return vec2f(1000.0 + x[0].x, 0.6);"), { lowest: 1 });
  assert.deepEqual(apart.kept.near, [0, 1, 4998, 4999]);
});

test("what is too much for the graphics processor is left to the workers", { skip }, async () => {
  const many = shaderOf([numbers(1000), numbers(1000), numbers(1000)], "return vec2f(x[0].x, 0.0);");
  assert.match((await gpuSweep(many, options)).reason, /at most 16777216/);
  assert.match((await gpuSweep(shaderOf([numbers(600), numbers(1000)], "return vec2f(7.0, 0.1);"), { ...options, cells: false })).reason, /too close together/);
});

const core_path = ["build/web-release/bin/core-all.wasm", "build/site/core-all.wasm"].map((path) => `${root}/${path}`).find(existsSync);
const prices_path = [`${root}/build/native-release/pricing-v1.json`, `${root}/build/site/pricing-v1.json`].find(existsSync);
const no_core = !core_path || !prices_path ? "core-all.wasm or the prices are not built" : skip;

async function loadCore() {
  const load = async (path) => import(`data:text/javascript;base64,${Buffer.from(await bundle(path)).toString("base64")}`);
  const { Core, op } = await load("web/tokenbill.ts");
  const { readSweep } = await load("web/sweep.ts");
  const core = await Core.fromBytes(readFileSync(core_path));
  core.loadPrices(readFileSync(prices_path, "utf8"));
  const exactly = (request) => {
    const job = core.startJob(op.sweep, request);
    while (job.step(1e6));
    const exact = readSweep(job.take());
    if (typeof exact === "string") assert.fail(exact);
    return exact;
  };
  const shader = (request) => core.call(op.sweep_shader, { ...request, skeleton });
  const finish = (request, kept) => core.call(op.sweep_finish, { ...request, kept });
  return { core, op, exactly, shader, finish };
}

/** The same shader that gives the bound in place of the value. */
const boundsOf = (shader) => ({ ...shader, wgsl: shader.wgsl.replace(/return vec2f\((v\d+), (e\d+)\);/, "return vec2f($2, 0.0);") });

test("a million random cells lie within their bounds, and the winners are those of 64 bits", { skip: no_core }, async () => {
  const { exactly, shader: shaderFor, finish } = await loadCore();
  const { presets } = JSON.parse(read("site/presets.json"));
  // Random places that every run takes: a linear congruential generator.
  let state = 2024;
  const random = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32);
  let compared = 0;
  let missing = 0;
  let widest = 0;
  const ranges = { output_tokens: [10, 100_000], prompt_tokens: [100, 1_500_000], conversations_per_day: [1, 1e6], static_prefix_tokens: [100, 60_000], failure_ratio: [0, 0.3], turns_per_conversation: [1, 60] };
  const ids = Object.keys(ranges);
  for (let round = 0; compared < 1e6; round += 1) {
    const { scenario } = presets[round % presets.length];
    const chosen = ["output_tokens", ...ids.filter((id) => id !== "output_tokens").sort(() => random() - 0.5).slice(0, 2)];
    const request = { scenario, today: "2026-11-22", output: round % 3 === 2 ? "total_per_accepted_answer" : "total", axes: chosen.map((id) => {
      const [low, high] = ranges[id];
      const values = Array.from({ length: 41 }, () => low + (high - low) * random() ** 3).sort((a, b) => a - b);
      return { id, values: round % 2 === 0 && high > 1 ? [...new Set(values.map(Math.round))] : values };
    }) };
    const exact = exactly(request);
    const shader = shaderFor(request);
    const found = await compute(shader);
    const bounds = await compute(boundsOf(shader));
    const { header, unsure } = finish(request, found.kept);
    found.kept.unsure.forEach((cell, i) => assert.equal(unsure[i] ?? NaN, exact.cells[cell]));
    const unsure_cells = new Set(found.kept.unsure);
    exact.cells.forEach((value, cell) => {
      compared += 1;
      if (unsure_cells.has(cell)) return;
      const told = () => `round ${round}, cell ${cell} of ${scenario.name}: ${found.cells[cell]} within ${bounds.cells[cell]}, expected ${value}`;
      if (Number.isNaN(value) !== Number.isNaN(found.cells[cell])) assert.fail(told());
      if (Number.isNaN(value)) {
        missing += 1;
      } else {
        if (!(Math.abs(found.cells[cell] - value) <= bounds.cells[cell])) assert.fail(told());
        if (value > 0) widest = Math.max(widest, bounds.cells[cell] / value);
      }
    });
    for (const key of ["cells", "done", "partial", "impossible", "unknown", "count", "minimum", "maximum", "lowest"])
      assert.deepEqual(header[key], exact.header[key], `${key} in round ${round}`);
    if (!exact.header.count) continue;
    assert.ok(Math.abs(header.mean / exact.header.mean - 1) < 1e-4 && Math.abs(header.deviation / exact.header.deviation - 1) < 1e-3);
    for (const [percent, value] of Object.entries(exact.header.percentiles))
      assert.ok(Math.abs(header.percentiles[percent] / value - 1) < 0.01, `${percent} %: ${header.percentiles[percent]}, expected ${value}`);
  }
  assert.ok(missing > 1000, `${missing} cells without a figure`);
  console.log(`# ${compared} cells, ${missing} without a figure; the widest bound ${widest}`);
});

test("a near tie in 32 bits is decided in 64", { skip: no_core }, async () => {
  const { exactly, shader: shaderFor, finish } = await loadCore();
  // Neighbouring values that one 32-bit number stands for: the first is the lowest, the last the highest.
  const request = { scenario: { format: "tokenbill-scenario/1", model: "openai/gpt-4o", parameters: { prompt_tokens: 1000, output_tokens: 100 } }, today: "2026-11-22", output: "total",
    axes: [{ id: "conversations_per_day", values: Array.from({ length: 300 }, (_, i) => 1000 + (i === 137 ? 0 : i + 1) * 1e-9).sort((a, b) => a - b) }] };
  const exact = exactly(request);
  const found = await compute(shaderFor(request));
  assert.equal(new Set(found.cells).size, 1);
  assert.ok(new Set(exact.cells).size > 100);
  const { header } = finish(request, found.kept);
  assert.deepEqual([header.minimum, header.maximum, header.lowest], [exact.header.minimum, exact.header.maximum, exact.header.lowest]);
  assert.equal(header.minimum.cell, 0);
});

test("what does not fit the sweep is refused with where and what", { skip: no_core }, async () => {
  const { core, op } = await loadCore();
  const request = { scenario: { format: "tokenbill-scenario/1", model: "openai/gpt-4o" }, today: "2026-11-22", axes: [{ id: "output_tokens", from: 1, to: 10, steps: 10 }] };
  const kept = { done: 10, impossible: 0, unknown: 0, count: 9, mean: 5, deviations: 2, buckets: [[4, 9]], near: [0, 3], unsure: [9] };
  const refused = (changes) => JSON.parse(core.callText(op.sweep_finish, JSON.stringify({ ...request, kept: { ...kept, ...changes } }))).error;
  assert.equal(refused({}), undefined);
  for (const [changes, key] of [[{ near: [3, 0] }, "near"], [{ near: [10] }, "near"], [{ unsure: [] }, "done"], [{ buckets: [[4, 8]] }, "buckets"],
    [{ buckets: [[-1, 9]] }, "buckets"], [{ count: 0.5 }, "count"], [{ mean: null }, "mean"]]) {
    const error = refused(changes);
    assert.equal(error?.where, `/kept/${key}`, JSON.stringify(changes));
    assert.match(error.message, /^expected /);
  }
  assert.match(JSON.parse(core.callText(op.sweep_finish, JSON.stringify(request))).error.message, /"kept"/);
});
