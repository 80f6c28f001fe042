// The reference sweep (docs/performance.md), as the benchmarks ask for it.
import { readFileSync } from "node:fs";

const read = (path) => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), "utf8"));
export const scenario_path = "site/bench/reference_sweep.json";
export const axes = read("site/bench/reference_axes.json");
export const cells = axes.reduce((product, axis) => product * axis.steps, 1);
export const request = { scenario: read(scenario_path), today: "2026-11-22", output: "total", axes, cells: false };
