// Records of usage a second: the import natively and as WebAssembly, and beside it what one writes in an afternoon, JSON.parse
// or Python's json on each line with a table of one model's prices. All must come to the same sum.
import { execFileSync } from "node:child_process";
import { closeSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from "node:fs";

export const records = 400_000;
const program = "build/native-release/bin/tokenbill";
const prices = { input: 2.5, cache_read: 1.25, output: 10 };  // gpt-4o, USD per million tokens

/** A log of chat completions as a server writes it, 429 bytes a line. */
function write(path) {
  const file = openSync(path, "w");
  for (let i = 0; i < records; i += 10_000) {
    const lines = [];
    for (let k = i; k < i + 10_000; k += 1)
      lines.push(JSON.stringify({
        id: `chatcmpl-${k.toString(36).padStart(29, "B")}`, object: "chat.completion", created: 1793491200 + Math.floor(k * 4), model: "gpt-4o",
        choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "[redacted]" } }],
        usage: { prompt_tokens: 1500 + (k % 997), completion_tokens: 100 + (k % 313), total_tokens: 1600 + (k % 997) + (k % 313),
          prompt_tokens_details: { cached_tokens: 1024, audio_tokens: 0 }, completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 } },
        service_tier: "default", system_fingerprint: "fp_a1b2c3d4e5",
      }));
    writeSync(file, `${lines.join("\n")}\n`);
  }
  closeSync(file);
}

const javascript = `
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
const begun = performance.now();
let usd = 0;
const months = new Map();
for await (const line of createInterface({ input: createReadStream(process.argv[2], { highWaterMark: 1 << 20 }) })) {
  const { model, created, usage } = JSON.parse(line);
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  const cost = ((usage.prompt_tokens - cached) * ${prices.input} + cached * ${prices.cache_read} + usage.completion_tokens * ${prices.output}) / 1e6;
  const key = model + new Date(created * 1000).toISOString().slice(0, 7);
  months.set(key, (months.get(key) ?? 0) + cost);
  usd += cost;
}
console.log(JSON.stringify({ seconds: (performance.now() - begun) / 1000, usd }));
`;
const python = `
import json, sys, time
from datetime import datetime, timezone
begun = time.perf_counter()
usd = 0.0
months = {}
with open(sys.argv[1], "rb") as lines:
    for line in lines:
        record = json.loads(line)
        usage = record["usage"]
        cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens", 0)
        cost = ((usage["prompt_tokens"] - cached) * ${prices.input} + cached * ${prices.cache_read} + usage["completion_tokens"] * ${prices.output}) / 1e6
        key = (record["model"], datetime.fromtimestamp(record["created"], timezone.utc).strftime("%Y-%m"))
        months[key] = months.get(key, 0.0) + cost
        usd += cost
print(json.dumps({"seconds": time.perf_counter() - begun, "usd": usd}))
`;

function natively(path) {
  const begun = performance.now();
  const { usd, read } = JSON.parse(execFileSync(program, ["import", path, "--json"]));
  if (read.records !== records || read.broken !== 0) throw new Error(`${read.records} of ${records} records were read.`);
  return { seconds: (performance.now() - begun) / 1000, usd };
}

async function inWebAssembly({ Core, op }, path) {
  const core = await Core.fromBytes(readFileSync("build/web-release/bin/core-usage.wasm"));
  core.loadPrices(readFileSync("build/site/pricing-v1.json", "utf8"));
  const begun = performance.now();
  const job = core.startJob(op.usage, { scenario: JSON.parse(readFileSync("build/site/presets/chatbot.json", "utf8")), today: "2026-11-22" });
  job.run(0, 1);
  const file = openSync(path, "r");
  const piece = new Uint8Array(1 << 20);
  for (let size = readSync(file, piece); size > 0; size = readSync(file, piece)) job.merge(piece.subarray(0, size));
  closeSync(file);
  job.cancel();
  const { usd } = JSON.parse(new TextDecoder().decode(job.take()));
  return { seconds: (performance.now() - begun) / 1000, usd };
}

/** @returns {Promise<{backend: string, records_per_second: number, note: string}[]>} */
export async function benchUsage(folder, binding) {
  const path = `${folder}/usage.jsonl`;
  write(path);
  writeFileSync(`${folder}/usage.mjs`, javascript);
  writeFileSync(`${folder}/usage.py`, python);
  const ways = [
    ["usage-native-1", "tokenbill import, starting included", () => natively(path)],
    ["usage-wasm-1", "core-usage.wasm", () => inWebAssembly(binding, path)],
    ["usage-js-1", "JSON.parse of each line in node, one price", () => JSON.parse(execFileSync(process.execPath, [`${folder}/usage.mjs`, path]))],
    ["usage-python-1", "json.loads of each line in Python, one price", () => JSON.parse(execFileSync("/usr/bin/python3", [`${folder}/usage.py`, path]))],
  ];
  const results = [];
  let sum = null;
  for (const [backend, note, measure] of ways) {
    const runs = [await measure(), await measure(), await measure()].sort((a, b) => a.seconds - b.seconds);
    sum ??= runs[0].usd;
    for (const { usd } of runs) if (Math.abs(usd / sum - 1) > 1e-9) throw new Error(`${backend} comes to ${usd} USD, not to ${sum}.`);
    results.push({ backend, records_per_second: Math.round(records / runs[1].seconds), note });
  }
  return results;
}
