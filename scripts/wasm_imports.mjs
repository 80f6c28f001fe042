// What a WebAssembly file asks of its host, against the list of what it may: node scripts/wasm_imports.mjs FILE.wasm
import { readFileSync } from "node:fs";

const allowed = new Set(["env.emscripten_notify_memory_growth", "wasi_snapshot_preview1.proc_exit"]);
const wanted = [
  "memory", "tb_abi_version", "tb_alloc", "tb_free", "tb_call", "tb_result_ptr", "tb_result_len", "tb_release",
  "tb_job_start", "tb_job_step", "tb_job_progress", "tb_job_cancel",
];
const module = new WebAssembly.Module(readFileSync(process.argv[2]));
const imports = WebAssembly.Module.imports(module).map((entry) => `${entry.module}.${entry.name}`);
const exports = new Set(WebAssembly.Module.exports(module).map((entry) => entry.name));
const surplus = imports.filter((name) => !allowed.has(name));
const absent = wanted.filter((name) => !exports.has(name));
console.log(`imports: ${imports.join(", ") || "none"}`);
if (surplus.length > 0) console.log(`not allowed: ${surplus.join(", ")}`);
if (absent.length > 0) console.log(`not exported: ${absent.join(", ")}`);
process.exit(surplus.length + absent.length > 0 ? 1 : 0);
