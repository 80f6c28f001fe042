// The reference sweep by WebGPU: every cell computed and read back, in 32-bit numbers.
// node scripts/bench_gpu.mjs [--tflops N]    N: what the card multiplies and adds in a second, in 10^12, to compare with
// Built already: core-all.wasm and the page (./run). ./run bench calls it as well.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { findGpu } from "./gpu_adapter.mjs";
import { cells, request } from "./reference_sweep.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

async function load(path) {
  const { outputFiles } = await build({ absWorkingDir: root, entryPoints: [path], bundle: true, write: false, format: "esm", target: "es2022", logLevel: "error", loader: { ".wgsl": "text" } });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
}

/** Median of three runs, what computed it, and how many operations a cell has; or in `skip` why there is none. */
export async function benchGpu() {
  const { gpu, skip } = await findGpu();
  if (skip) return { skip };
  const { Core, op } = await load("web/tokenbill.ts");
  const { gpuSweep, skeleton } = await load("web/gpu_sweep.ts");
  const core = await Core.fromBytes(readFileSync(`${root}/build/web-release/bin/core-all.wasm`));
  core.loadPrices(readFileSync(`${root}/build/site/pricing-v1.json`, "utf8"));
  const shader = core.call(op.sweep_shader, { ...request, skeleton });
  if (shader.error) return { skip: shader.error.message };
  const runs = [];
  for (let i = 0; i < 3; i += 1) {
    const result = await gpuSweep(shader, { allow_software: true, gpu, cells: false, lowest: 10 });
    if ("reason" in result) return { skip: result.reason };
    runs.push(result);
  }
  runs.sort((a, b) => a.ms - b.ms);
  // What is read from an axis is no operation.
  const operations = [...shader.wgsl.matchAll(/^ {2}let v\d+ = (?!x\[)/gm)].length;
  return { seconds: runs[1].ms / 1000, adapter: runs[1].adapter, operations };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { seconds, adapter, operations, skip } = await benchGpu();
  if (skip) {
    console.log(`skipped: ${skip}`);
  } else {
    const rate = cells / seconds;
    console.log(`${(rate / 1e6).toFixed(1)} million cells a second on ${adapter}; ${operations} operations a cell, ${(rate * operations / 1e9).toFixed(1)} thousand million a second`);
    const at = process.argv.indexOf("--tflops");
    if (at > 0) console.log(`${((rate * operations) / (Number(process.argv[at + 1]) * 1e12) * 100).toFixed(2)} % of the card's multiply-adds`);
  }
  // Dawn's threads would keep node.
  process.exit(0);
}
