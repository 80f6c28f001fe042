// Loads core.wasm, or core-all.wasm with all operations, and calls it: JSON text in, JSON text out (docs/abi.md). No glue code, no dependency.

import type {
  Catalog, CheckedScenario, Comparison, CoreFailure, Decision, Description, Estimate, Explanation, Forecast, Levers, LoadedHardware,
  LoadedPrices, Ranges, Scenario, Series, Solution, Turns,
} from './types';
import type { SweepAxis } from './sweep';

export const op = {
  load_prices: 1, describe: 2, estimate: 3, compare: 4, explain: 5, check_scenario: 6, catalog: 7, sweep: 8,
  sweep_shader: 9, set: 10, forecast: 11, levers: 12, solve: 13, turns: 14, series: 15,
  load_hardware: 16, decide: 17, explain_own: 18, range: 19, sweep_finish: 20, usage: 21, add_prices: 22,
} as const;

interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize?(): void;
  tb_abi_version(): number;
  tb_alloc(size: number): number;
  tb_free(pointer: number): void;
  tb_call(op: number, request: number, size: number): number;
  tb_result_ptr(handle: number): number;
  tb_result_len(handle: number): number;
  tb_release(handle: number): void;
  tb_job_start(op: number, request: number, size: number): number;
  tb_job_step(handle: number, cells: number): number;
  tb_job_progress(handle: number): number;
  tb_job_cancel(handle: number): void;
  tb_job_items(handle: number): number;
  tb_job_run(handle: number, first: number, end: number): void;
  tb_job_part(handle: number): number;
  tb_job_so_far(handle: number): number;
  tb_job_merge(handle: number, part: number, size: number): number;
}

/** An answer {"error": …} of the core; `message` is a sentence for people. */
export class CoreError extends Error {
  constructor(readonly failure: CoreFailure) {
    super(failure.message);
  }
}

/** The core's answer, or what it refused and why. Anything else that goes wrong is thrown on. */
export function answerOr<Answer>(question: () => Answer): Answer | CoreFailure {
  try {
    return question();
  } catch (error) {
    if (error instanceof CoreError) return error.failure;
    throw error;
  }
}

// The core imports two functions; neither has anything to do here: views are made anew for every call.
const imports = { env: { emscripten_notify_memory_growth() {} }, wasi_snapshot_preview1: { proc_exit() {} } };

export class Core {
  #exports: Exports;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();

  constructor(instance: WebAssembly.Instance) {
    this.#exports = instance.exports as unknown as Exports;
    this.#exports._initialize?.();
    if (this.#exports.tb_abi_version() !== 1) throw new Error('core.wasm is of another version than this page.');
  }

  /** From a URL; a server that sends another type than application/wasm costs one more request, nothing else. */
  static async load(url: string | URL, integrity = ''): Promise<Core> {
    try {
      return new Core((await WebAssembly.instantiateStreaming(fetch(url, { integrity }), imports)).instance);
    } catch {
      const response = await fetch(url, { integrity });
      if (!response.ok) throw new Error(`${url}: the server answered ${response.status}.`);
      return Core.fromBytes(await response.arrayBuffer());
    }
  }

  static async fromBytes(bytes: BufferSource): Promise<Core> {
    return new Core((await WebAssembly.instantiate(bytes, imports)).instance);
  }

  /** From now on answers with the module of another core; jobs that are under way end in the old one. */
  become(other: Core): void {
    this.#exports = other.#exports;
  }

  #send(text: string, use: (pointer: number, size: number) => number): number {
    return this.#sendBytes(this.#encoder.encode(text), use);
  }

  #sendBytes(bytes: Uint8Array<ArrayBuffer>, use: (pointer: number, size: number) => number): number {
    const pointer = this.#exports.tb_alloc(bytes.length);
    new Uint8Array(this.#exports.memory.buffer, pointer, bytes.length).set(bytes);
    const handle = use(pointer, bytes.length);
    this.#exports.tb_free(pointer);
    return handle;
  }

  /** A copy of the answer's bytes, after which the answer is released. slice() because memory may grow or be resizable. */
  #take(handle: number): Uint8Array<ArrayBuffer> {
    const start = this.#exports.tb_result_ptr(handle);
    const bytes = new Uint8Array(this.#exports.memory.buffer).slice(start, start + this.#exports.tb_result_len(handle));
    this.#exports.tb_release(handle);
    return bytes;
  }

  callText(operation: number, request: string): string {
    return this.#decoder.decode(this.#take(this.#send(request, (p, n) => this.#exports.tb_call(operation, p, n))));
  }

  /** @throws CoreError where the core answers with an error */
  call<Result>(operation: number, request: unknown): Result {
    const answer = JSON.parse(this.callText(operation, typeof request === 'string' ? request : JSON.stringify(request)));
    if (answer?.error) throw new CoreError(answer.error as CoreFailure);
    return answer as Result;
  }

  loadPrices = (text: string) => this.call<LoadedPrices>(op.load_prices, text);
  describe = () => this.call<Description>(op.describe, {});
  catalog = () => this.call<Catalog>(op.catalog, {});
  estimate = (scenario: Scenario, today: string) => this.call<Estimate>(op.estimate, { scenario, today });
  compare = (scenario: Scenario, today: string) => this.call<Comparison>(op.compare, { scenario, today });
  explain = (scenario: Scenario, today: string, item: string) =>
    this.call<Explanation>(op.explain, { scenario, today, item });
  forecast = (scenario: Scenario, today: string) => this.call<Forecast>(op.forecast, { scenario, today });
  levers = (scenario: Scenario, today: string) => this.call<Levers>(op.levers, { scenario, today });
  /** The largest value of a parameter with which a figure of the bill is at most so much. */
  solve = (scenario: Scenario, today: string, parameter: string, figure: string, at_most: number) =>
    this.call<Solution>(op.solve, { scenario, today, parameter, figure, at_most });
  /** The first `turns` requests of one conversation. */
  turns = (scenario: Scenario, today: string, turns: number) => this.call<Turns>(op.turns, { scenario, today, turns });
  series = (scenario: Scenario, today: string, axis: SweepAxis, figures: readonly string[]) =>
    this.call<Series>(op.series, { scenario, today, axis, figures });
  /** How far the month may be off and which inputs it is due to; of core-all.wasm. */
  range = (scenario: Scenario, today: string, assumptions: 'given' | 'typical', samples = 4096) =>
    this.call<Ranges>(op.range, { scenario, today, assumptions, samples });
  /** GPUs, their rent and open models, from hardware-v1.json; of core-all.wasm, like the two that need them. */
  loadHardware = (text: string) => this.call<LoadedHardware>(op.load_hardware, text);
  /** Which way to buy is the cheapest, at which volume, and what would change it. */
  decide = (scenario: Scenario, today: string) => this.call<Decision>(op.decide, { scenario, today });
  explainOwn = (scenario: Scenario, today: string, item: string) =>
    this.call<Explanation>(op.explain_own, { scenario, today, item });
  check = (scenario: unknown) => this.call<CheckedScenario>(op.check_scenario, { scenario });
  set = (scenario: Scenario, id: string, text: string) =>
    this.call<{ scenario: Scenario }>(op.set, { scenario, id, text }).scenario;

  /** A long job of core-all.wasm: step it until it answers false, or run the items that are this worker's share; then take its bytes. */
  startJob(operation: number, request: unknown) {
    const exports = this.#exports;
    const handle = this.#send(JSON.stringify(request), (p, n) => exports.tb_job_start(operation, p, n));
    return {
      step: (cells: number) => exports.tb_job_step(handle, cells) === 1,
      progress: () => exports.tb_job_progress(handle),
      /** 0 where the request was refused: the bytes are there and say why. */
      items: () => exports.tb_job_items(handle),
      run: (first: number, end: number) => exports.tb_job_run(handle, first, end),
      /** What the items gave since the last part. */
      part: () => this.#take(exports.tb_job_part(handle)),
      /** What take() would give if it ended here. */
      soFar: () => this.#take(exports.tb_job_so_far(handle)),
      merge: (part: Uint8Array<ArrayBuffer>) => this.#sendBytes(part, (p, n) => exports.tb_job_merge(handle, p, n)) === 1,
      /** Ends it; what is done is kept. */
      cancel: () => exports.tb_job_cancel(handle),
      take: () => this.#take(handle),
    };
  }
}

export type Job = ReturnType<Core['startJob']>;
