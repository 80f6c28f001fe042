// The reference sweep (docs/performance.md), as the benchmarks ask for it.
import { readFileSync } from "node:fs";

export const scenario_path = "native/bench/reference_sweep.json";
export const axes = [
  ["turns_per_conversation", 1, 50, 8, "log"], ["prompt_tokens", 2500, 50000, 8, "log"], ["output_tokens", 50, 5000, 8, "log"],
  ["conversations_per_day", 10, 1e6, 8, "log"], ["cache_hit_ratio", 0, 1, 8, "linear"], ["route_1_share_ratio", 0, 0.9, 8, "linear"],
  ["batch_share_ratio", 0, 0.5, 8, "linear"], ["failure_ratio", 0, 0.2, 8, "linear"],
].map(([id, from, to, steps, scale]) => ({ id, from, to, steps, scale }));
export const cells = axes.reduce((product, axis) => product * axis.steps, 1);
export const request = { scenario: JSON.parse(readFileSync(new URL(`../${scenario_path}`, import.meta.url), "utf8")),
  today: "2026-11-22", output: "total", axes, cells: false };
