// Runs a WebAssembly program with a main under node: run_wasi.mjs PROGRAM.wasm [argument…]
// The CMake web presets name it as the emulator, so ctest and people start the tests as they do natively.
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const [program, ...args] = process.argv.slice(2);
if (!program) {
  console.error("usage: run_wasi.mjs PROGRAM.wasm [argument…]");
  process.exit(2);
}
const wasi = new WASI({ version: "preview1", args: [program, ...args], env: {} });
const module = await WebAssembly.compile(await readFile(program));
const instance = await WebAssembly.instantiate(module, {
  // The process ends within the program's exit. Node's own way throws through the program's frames, which crashes node 20
  // after a long run.
  wasi_snapshot_preview1: { ...wasi.wasiImport, proc_exit: (code) => process.exit(code) },
  // The second one belongs to raise(), which doctest names but never calls here.
  env: { emscripten_notify_memory_growth() {}, __call_sighandler() {} },
});
wasi.start(instance);
