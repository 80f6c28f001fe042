// ./run bench: the reference sweep on every back end, and beside them in the same run the same sweep in C++, JavaScript and
// NumPy; then reading records of usage, beside node and Python. Prints tables and writes build/bench.json
// (docs/performance.md). Built already: the command line's benchmark, the page and its modules.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { benchGpu } from "./bench_gpu.mjs";
import { benchUsage } from "./bench_usage.mjs";
import { cpp, javascript, numpy } from "./bench_peers.mjs";
import { axes, cells, request, scenario_path } from "./reference_sweep.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const folder = "build/bench";
mkdirSync(folder, { recursive: true });

const results = [];
const add = (backend, seconds, note) => {
  results.push({ backend, cells_per_second: Math.round(cells / seconds), note });
  console.log(`${backend.padEnd(22)} ${(cells / seconds / 1e6).toFixed(1).padStart(8)} million cells a second   ${note}`);
};
const left_out = (backend, why) => {
  results.push({ backend, cells_per_second: null, note: why });
  console.log(`${backend.padEnd(22)} ${"-".padStart(8)} ${why}`);
};
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const machine = `${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores`;
console.log(`${machine}\nReference sweep: ${cells.toLocaleString("en")} cells over eight axes; cheapest cell, ten lowest, histogram of totals.\n`);

// Natively.
const native = JSON.parse(execFileSync("build/native-release/bin/tokenbill-bench",
  [scenario_path, ...axes.map((axis) => `${axis.id}=${axis.from}:${axis.to}:${axis.steps}:${axis.scale}`)], { maxBuffer: 1 << 28 }));
const { tape } = native;
const one = native["native-1"];
add("native-1", one.seconds, `tape of ${tape.nodes.length} nodes`);
add("native-all", native["native-all"].seconds, `${native.cores} cores`);

// Peers. All must find the same cheapest cell and nearly the same histogram: a library's last bit may move a value over an
// edge.
let reference = null;
const peer = (backend, command, file, note) => {
  const run = spawnSync(command, [file].filter(Boolean), { encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.status !== 0) return left_out(backend, `${command} failed: ${(run.stderr ?? run.error?.message ?? "").trim().split("\n").at(-1)}`);
  const answer = JSON.parse(run.stdout);
  reference ??= answer.histogram;
  const moved = answer.histogram.reduce((sum, count, i) => sum + Math.abs(count - reference[i]), 0) / 2;
  if (answer.cell !== one.cell || Math.abs(answer.minimum / one.minimum - 1) > 1e-12 || moved > cells * 1e-6)
    throw new Error(`${backend} found another answer: cell ${answer.cell} at ${answer.minimum}, ${moved} cells in other buckets; ours: cell ${one.cell} at ${one.minimum}.`);
  return add(backend, answer.seconds, note);
};
writeFileSync(`${folder}/peer.cpp`, cpp(tape));
execFileSync("g++", ["-O3", "-ffp-contract=off", "-o", `${folder}/peer`, `${folder}/peer.cpp`]);
peer("native-handwritten-1", `${folder}/peer`, "", "the same loops in C++, -O3");
writeFileSync(`${folder}/peer.py`, numpy(tape, false));
peer("numpy-1", "/usr/bin/python3", `${folder}/peer.py`, "one function of the eight inputs, over arrays of cells that stay in the cache");
writeFileSync(`${folder}/peer_broadcast.py`, numpy(tape, true));
peer("numpy-broadcast-1", "/usr/bin/python3", `${folder}/peer_broadcast.py`, "each line over the axes that it depends on");
writeFileSync(`${folder}/peer.mjs`, javascript(tape, false));
peer("js-1", process.execPath, `${folder}/peer.mjs`, "one function of the eight inputs, called in eight loops");
writeFileSync(`${folder}/peer_hoisted.mjs`, javascript(tape, true));
peer("js-hoisted-1", process.execPath, `${folder}/peer_hoisted.mjs`, "each line moved by hand to the outermost loop in which it is constant");

// WebAssembly, in the workers of node.
await build({ entryPoints: ["web/tokenbill.ts"], outfile: `${folder}/tokenbill.mjs`, format: "esm", bundle: true, logLevel: "error" });
const { readSweep } = await (async () => {
  await build({ entryPoints: ["web/sweep.ts"], outfile: `${folder}/sweep.mjs`, format: "esm", bundle: true, logLevel: "error" });
  return import(`${root}/${folder}/sweep.mjs`);
})();
const ask = (worker, message) => new Promise((resolve) => {
  worker.once("message", resolve);
  if (message) worker.postMessage(message);
});
async function pool(count) {
  const workerData = { core: `${root}/${folder}/tokenbill.mjs`, wasm: "build/web-release/bin/core-all.wasm", prices: "build/site/pricing-v1.json", request };
  const workers = Array.from({ length: count }, () => new Worker(`${root}/scripts/bench_worker.mjs`, { workerData }));
  await Promise.all(workers.map((worker) => ask(worker)));
  const seconds = [];
  let header = null;
  for (let run = 0; run < 4; run += 1) {
    const begun = performance.now();
    const [{ items }] = await Promise.all(workers.map((worker) => ask(worker, { kind: "start" })));
    let next = 0;
    await Promise.all(workers.map(async (worker) => {
      while (next < items) {
        const first = next;
        next = Math.min(items, next + 16);
        await ask(worker, { kind: "items", first, end: next });
      }
    }));
    const parts = [];
    for (const worker of workers.slice(1)) parts.push((await ask(worker, { kind: "part" })).bytes);
    ({ header } = readSweep((await ask(workers[0], { kind: "merge", parts })).bytes));
    seconds.push((performance.now() - begun) / 1000);
  }
  for (const worker of workers) await worker.terminate();
  if (header.minimum.cell !== one.cell || header.minimum.value !== one.minimum) throw new Error("WebAssembly and native differ.");
  return median(seconds);
}
add("wasm-worker-1", await pool(1), "core-all.wasm with 128-bit registers");
add("wasm-pool", await pool(cpus().length), `${cpus().length} workers`);
const card = await benchGpu();
if (card.skip) left_out("webgpu", card.skip);
else add("webgpu", card.seconds, `${card.adapter}; 32-bit numbers, every cell read back, ${card.operations} operations a cell`);

const rate = (backend) => results.find((result) => result.backend === backend)?.cells_per_second ?? NaN;
const ratios = [["native-1", "numpy-1"], ["native-1", "numpy-broadcast-1"], ["native-1", "native-handwritten-1"], ["wasm-worker-1", "js-1"], ["wasm-worker-1", "js-hoisted-1"], ["wasm-pool", "wasm-worker-1"], ["native-all", "native-1"]]
  .map(([a, b]) => ({ of: a, to: b, ratio: Number((rate(a) / rate(b)).toFixed(2)) }));
console.log();
for (const { of, to, ratio } of ratios) console.log(`${of} : ${to}`.padEnd(40), ratio);
console.log(`\nall ${native.models} models of a scenario priced in ${(native.compare_all_models_seconds * 1e3).toFixed(1)} ms; price list read and checked in ${(native.load_prices_seconds * 1e3).toFixed(1)} ms; sweep compiled in ${(native.compile_sweep_seconds * 1e3).toFixed(2)} ms`);

const usage = await benchUsage(folder, await import(`${root}/${folder}/tokenbill.mjs`));
console.log("\nRecords of usage, JSON lines");
for (const { backend, records_per_second, note } of usage)
  console.log(`${backend.padEnd(22)} ${(records_per_second / 1e6).toFixed(2).padStart(8)} million records a second   ${note}`);
writeFileSync("build/bench.json", `${JSON.stringify({ machine, cells, results, ratios, usage, compare_all_models_seconds: native.compare_all_models_seconds,
  load_prices_seconds: native.load_prices_seconds, compile_sweep_seconds: native.compile_sweep_seconds }, null, 1)}\n`);
// Dawn's threads would keep node.
process.exit(0);
