// One WASM worker of the benchmarks: compiles the sweep, runs the items it is sent, hands over what it kept.
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

const { Core, op } = await import(workerData.core);
const core = await Core.fromBytes(readFileSync(workerData.wasm));
core.loadPrices(readFileSync(workerData.prices, "utf8"));
let job = null;
parentPort.on("message", (message) => {
  if (message.kind === "start") {
    job = core.startJob(op.sweep, workerData.request);
    parentPort.postMessage({ items: job.items() });
  } else if (message.kind === "items") {
    job.run(message.first, message.end);
    parentPort.postMessage({});
  } else if (message.kind === "part") {
    parentPort.postMessage({ bytes: job.part() });
  } else {
    for (const part of message.parts) if (!job.merge(part)) throw new Error("a part does not belong to the sweep");
    job.cancel();
    parentPort.postMessage({ bytes: job.take() });
  }
});
parentPort.postMessage({});
