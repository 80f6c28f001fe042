// Runs sweeps on one of the two back ends and tells which one it was, and why not the other.

import type { Core } from '../../web/tokenbill';
import { op } from '../../web/tokenbill';
import { readSweep, type SweepRequest, type SweepResult, type SweepShader } from '../../web/sweep';
import type { CoreFailure } from '../../web/types';
import type { FromWorker, ToWorker } from '../../web/worker';
import { newWorker } from './new_worker';

export type Backend = 'auto' | 'worker' | 'webgpu';

export interface Outcome {
  readonly values: readonly ArrayLike<number>[];
  /** NaN where there is no figure, or not yet. 64-bit from the worker, 32-bit from WebGPU. */
  readonly cells: Float64Array | Float32Array;
  readonly done: number;
  /** "worker", or the name of the graphics adapter. */
  readonly backend: 'worker' | 'webgpu';
  readonly adapter: string;
  readonly ms: number;
  /** Of 32-bit values, relative; 0 for the worker's. */
  readonly bound: number;
  /** Why WebGPU did not do it, where it was tried. */
  readonly note: string;
}

export interface Progress {
  readonly share: number;
  readonly ms: number;
}

/** From so many operations on, a graphics processor is worth its start. */
const large = 64e6;
/** A worker that does not answer a cancel for so long is ended. */
const patience_ms = 500;

export class SweepRunner {
  #worker: Worker | null = null;
  #prices: string | null = null;
  #run = 0;
  #cancelled = false;
  #heard = 0;
  #settle: ((message: FromWorker) => void) | null = null;
  #progress: (progress: Progress) => void = () => {};

  /** @param core for compiling; @param prices the text that the page's core has loaded */
  constructor(readonly core: Core, readonly prices: () => string) {}

  /** Ends what runs; its promise comes back with what was done until then. */
  cancel(): void {
    this.#cancelled = true;
    if (!this.#worker || !this.#settle) return;
    const run = this.#run;
    this.#send({ kind: 'cancel', run });
    setTimeout(() => {
      if (run !== this.#run || !this.#settle || this.#heard === run) return;
      this.#worker?.terminate();
      this.#worker = null;
      this.#settle({ kind: 'failed', run, message: 'The sweep was ended; nothing of it is kept.' });
    }, patience_ms);
  }

  async run(request: SweepRequest, backend: Backend, progress: (progress: Progress) => void): Promise<Outcome | { readonly problem: string }> {
    this.#cancelled = false;
    // Compiling answers every mistake of the request, whichever back end runs it.
    const text = this.core.callText(op.sweep_shader, JSON.stringify(request));
    const answer = JSON.parse(text) as SweepShader | { error: CoreFailure };
    const cells = request.axes.reduce((product, axis) => product * axis.steps, 1);
    let note = '';
    if ('error' in answer && answer.error.code !== 'unsupported') return { problem: `${answer.error.message} ${answer.error.hint}`.trim() };
    if (backend === 'webgpu' || (backend === 'auto' && !('error' in answer) && cells * answer.nodes >= large)) {
      if ('error' in answer) {
        note = answer.error.message;
      } else {
        const { gpuSweep, skeleton } = await import('../../web/gpu_sweep');
        const shader = this.core.call<SweepShader>(op.sweep_shader, { ...request, skeleton });
        const started = performance.now();
        const result = await gpuSweep(shader, { allow_software: backend === 'webgpu', cancelled: () => this.#cancelled,
          progress: (share) => progress({ share, ms: performance.now() - started }) });
        if (!('reason' in result)) {
          return { values: shader.axes.map((axis) => axis.values), cells: result.cells, done: result.done, backend: 'webgpu',
            adapter: result.adapter, ms: result.ms, bound: shader.bound, note: '' };
        }
        note = result.reason;
      }
    }
    const message = await this.#inWorker(request, progress);
    if (message.kind !== 'done') return { problem: message.kind === 'failed' ? message.message : '' };
    const result: SweepResult | string = readSweep(message.bytes);
    if (typeof result === 'string') {
      const { error } = JSON.parse(result) as { error: CoreFailure };
      return { problem: `${error.message} ${error.hint}`.trim() };
    }
    return { values: result.values, cells: result.cells, done: result.header.done, backend: 'worker', adapter: 'worker', ms: message.ms, bound: 0, note };
  }

  #send(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #inWorker(request: SweepRequest, progress: (progress: Progress) => void): Promise<FromWorker> {
    const run = (this.#run += 1);
    this.#progress = progress;
    return new Promise((resolve) => {
      this.#settle = (message) => {
        this.#settle = null;
        resolve(message);
      };
      try {
        this.#start();
      } catch (error) {
        this.#settle({ kind: 'failed', run, message: `This page may not start a worker here (${error instanceof Error ? error.message : String(error)}).` });
        return;
      }
      const prices = this.prices();
      if (prices !== this.#prices) this.#send({ kind: 'prices', text: prices });
      this.#prices = prices;
      this.#send({ kind: 'start', run, request });
    });
  }

  #start(): void {
    if (this.#worker) return;
    this.#prices = null;
    const worker = newWorker();
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'heard') {
        this.#heard = data.run;
      } else if (data.kind === 'progress') {
        if (data.run === this.#run) this.#progress(data);
      } else if (data.run === this.#run || data.run < 0) {
        this.#settle?.(data);
      }
    });
    worker.addEventListener('error', (event) => {
      this.#worker = null;
      this.#settle?.({ kind: 'failed', run: this.#run, message: `The worker did not start. ${event.message ?? ''}`.trim() });
    });
    this.#worker = worker;
  }
}
