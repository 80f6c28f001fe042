// Runs the generated WGSL on a graphics processor, be it one of software, and reads the numbers back. Each operation is
// compared with its meaning in C++ (tests/data/operations.json, which a test of the core holds to op.def), and a sweep
// with the same sweep of core-all.wasm. Without an adapter the tests are reported as skipped, with the reason.
//
// Bounds, relative, in units of 2^-23: 3 for an operation (WGSL allows 2.5 for a division), 3 + 2 a for e^-a. For a sweep
// what the core says of its tape.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import { findGpu } from "../../scripts/gpu_adapter.mjs";
import { bundle, root } from "../web/support/load.mjs";

const read = (path) => readFileSync(`${root}/${path}`, "utf8");
const ulp = 2 ** -23;

const { gpu, skip = false } = await findGpu();
const built = await bundle("web/gpu_sweep.ts", { format: "esm", loader: { ".wgsl": "text" } });
const { gpuSweep, skeleton } = await import(`data:text/javascript;base64,${Buffer.from(built).toString("base64")}`);
const options = { allow_software: true, gpu };

async function compute(shader, more = {}) {
  const result = await gpuSweep(shader, { ...options, ...more });
  assert.equal(result.reason, undefined);
  return result;
}
const place = (code) => skeleton.replace("// {{cost}}", () => code);
const axes = (lists) => lists.map((values, i) => ({ id: `axis ${i}`, values }));

const operations = Object.entries(JSON.parse(read("tests/data/operations.json")));
for (const [name, { wgsl, axes: lists, expected }] of operations) {
  test(`${name} on a graphics processor`, { skip }, async () => {
    const body = wgsl.replaceAll(/\{(\d)\}/g, "x[$1]");
    const code = place(`const axis_count = ${lists.length}u;\nfn cost(x: array<f32, axis_count>) -> f32 { return ${body}; }\n`);
    const { cells, done } = await compute({ wgsl: code, bound: 0, nodes: 1, axes: axes(lists) });
    assert.equal(done, expected.length);
    expected.forEach((value, i) => {
      const a = lists[0][i % lists[0].length];
      const bound = (name === "decay" ? 3 + 2 * a : 3) * ulp * value;
      assert.ok(Math.abs(cells[i] - value) <= bound, `cell ${i}: ${cells[i]}, expected ${value} within ${bound}`);
    });
  });
}

test("cells in many dispatches are those of one, and a cancel keeps what is done", { skip }, async () => {
  const code = place("const axis_count = 2u;\nfn cost(x: array<f32, axis_count>) -> f32 { return x[0] * 1000.0 + x[1]; }\n");
  const shader = { wgsl: code, bound: 0, nodes: 1, axes: axes([Array.from({ length: 30 }, (_, i) => i), Array.from({ length: 1000 }, (_, i) => i)]) };
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
  const code = place("const axis_count = 2u;\nfn cost(x: array<f32, axis_count>) -> f32 { return x[0] * 1000.0 + x[1]; }\n");
  const numbers = (count) => Array.from({ length: count }, (_, i) => i);
  const told = [];
  const { cells, done } = await compute({ wgsl: code, bound: 0, nodes: 1, axes: axes([numbers(1500), numbers(1000)]) }, { progress: (share) => told.push(share) });
  assert.equal(done, 1_500_000);
  assert.ok(told.length > 1 && told.at(-1) === 1);
  assert.equal(cells.findIndex((value, i) => value !== i), -1);
});

test("each failure is told as a sentence", async () => {
  const shader = { wgsl: place("this is no shader"), bound: 0, nodes: 1, axes: axes([[1]]) };
  const reason = async (more) => (await gpuSweep(shader, { ...options, ...more })).reason;
  assert.match(await reason({ gpu: { requestAdapter: async () => null } }), /no graphics adapter/);
  assert.match(await reason({ gpu: { requestAdapter: async () => { throw new Error("out of order"); } } }), /out of order/);
  const software = { info: { vendor: "google", architecture: "swiftshader", device: "", description: "", isFallbackAdapter: true } };
  assert.match(await reason({ allow_software: false, gpu: { requestAdapter: async () => software } }), /software/);
  if (!skip) assert.match(await reason({}), /refused in line \d+/);
});

test("a device that is lost in the middle of a run, is too small or refuses a buffer is told", { skip }, async () => {
  const code = place("const axis_count = 1u;\nfn cost(x: array<f32, axis_count>) -> f32 { return x[0]; }\n");
  const shader = { wgsl: code, bound: 0, nodes: 1, axes: axes([Array.from({ length: 5000 }, (_, i) => i)]) };
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

test("a sweep whose cells are too many to hand back is left to the workers", { skip }, async () => {
  const code = place("const axis_count = 3u;\nfn cost(x: array<f32, axis_count>) -> f32 { return x[0]; }\n");
  const axis = Array.from({ length: 1000 }, (_, i) => i);
  const { reason } = await gpuSweep({ wgsl: code, bound: 0, nodes: 1, axes: axes([axis, axis, axis]) }, options);
  assert.match(reason, /at most 16777216/);
});

const core_path = ["build/web-release/bin/core-all.wasm", "build/site/core-all.wasm"].map((path) => `${root}/${path}`).find(existsSync);
const prices_path = [`${root}/build/native-release/pricing-v1.json`, `${root}/build/site/pricing-v1.json`].find(existsSync);
const no_core = !core_path || !prices_path ? "core-all.wasm or the prices are not built" : skip;

test("a sweep on a graphics processor lies within the bound that core-all.wasm tells", { skip: no_core }, async () => {
  const { Core, op } = await import(`data:text/javascript;base64,${Buffer.from(await bundle("web/tokenbill.ts")).toString("base64")}`);
  const sweep = await import(`data:text/javascript;base64,${Buffer.from(await bundle("web/sweep.ts")).toString("base64")}`);
  const core = await Core.fromBytes(readFileSync(core_path));
  core.loadPrices(readFileSync(prices_path, "utf8"));
  const { presets } = JSON.parse(read("site/presets.json"));
  let compared = 0;
  let missing = 0;
  for (const { scenario } of presets) {
    const request = { scenario, today: "2026-11-22", output: "total", axes: [
      { id: "output_tokens", from: 10, to: 100_000, steps: 37, scale: "log" },
      { id: "prompt_tokens", from: 100, to: 1_500_000, steps: 211, scale: "log" }] };
    const job = core.startJob(op.sweep, request);
    while (job.step(1000));
    const exact = sweep.readSweep(job.take());
    if (typeof exact === "string") assert.fail(exact);
    const shader = core.call(op.sweep_shader, { ...request, skeleton });
    const found = await compute(shader);
    assert.ok(shader.bound > 0 && shader.bound < 1e-4);
    exact.cells.forEach((value, i) => {
      assert.equal(Number.isNaN(found.cells[i]), Number.isNaN(value), `cell ${i} of ${scenario.name}`);
      if (Number.isNaN(value)) missing += 1;
      else assert.ok(Math.abs(found.cells[i] - value) <= shader.bound * value, `cell ${i} of ${scenario.name}: ${found.cells[i]}, expected ${value}`);
      compared += 1;
    });
  }
  assert.ok(compared > 20_000 && missing > 1000);
});
