// Runs sweeps on a pool of workers or on a graphics processor, and tells which it was, and why not the other.

import type { Core } from '../../web/tokenbill';
import { op } from '../../web/tokenbill';
import { readSweep, type FinishedSweep, type SweepHeader, type SweepRequest, type SweepResult, type SweepShader } from '../../web/sweep';
import type { CoreFailure } from '../../web/types';
import type { FromWorker, ToWorker } from '../../web/worker';
import { newWorker } from './new_worker';

export type Backend = 'auto' | 'worker' | 'webgpu';

export interface Outcome {
  readonly values: readonly ArrayLike<number>[];
  /** NaN where there is no figure, or not yet; empty where none was kept. 64-bit from workers, 32-bit from WebGPU. */
  readonly cells: Float64Array | Float32Array;
  readonly done: number;
  /** Of the whole grid. */
  readonly of: number;
  /** What else was kept of the cells: extremes and counts are exact; of WebGPU percentiles and mean are those of 32-bit values. */
  readonly header: SweepHeader;
  readonly backend: 'worker' | 'webgpu';
  /** The name of the graphics adapter, or how many workers. */
  readonly adapter: string;
  readonly ms: number;
  /** Why WebGPU did not do it, where it was tried. */
  readonly note: string;
}

/** What comes of the first items is told once this share of all is done: ascending, each below 1. */
interface Stages {
  readonly shares: readonly number[];
  readonly told: (bytes: Uint8Array<ArrayBuffer>) => void;
}

export interface Progress {
  readonly share: number;
  readonly ms: number;
}

/** From so many operations on, a graphics processor is worth its start. */
const large = 64e6;
/** A worker that does not answer for so long after a cancel is ended. */
const patience_ms = 500;
/** A worker is given work for about so long: then it hears a cancel. */
const share_ms = 30;
const most_workers = 8;
/** What the core assumes where a request does not say (docs/sweep.md). */
const most_kept = 2 ** 24;
const default_lowest = 10;

interface Member {
  readonly worker: Worker;
  /** What waits for its next message. */
  settle: ((message: FromWorker) => void) | null;
}

/** Workers that run items of the same sweep. They are started when a sweep first needs them, and stay. */
class Pool {
  #members: Member[] = [];
  #prices: string | null = null;
  #run = 0;
  #cancelled = false;
  /** Items are under way; what follows, handing over what is done, may take longer than a cancel waits. */
  #computing = false;
  #before: Promise<unknown> = Promise.resolve();

  get size(): number { return this.#members.length; }

  cancel(): void {
    this.#cancelled = true;
    const run = this.#run;
    setTimeout(() => { if (run === this.#run && this.#computing) this.#end('The sweep was ended; nothing of it is kept.'); }, patience_ms);
  }

  /** The result's bytes; what is done where it was cancelled. Sweeps run one after the other. @throws with a sentence where no worker can run */
  run(request: SweepRequest, prices: string, progress: (share: number) => void, stages: Stages | null): Promise<Uint8Array<ArrayBuffer>> {
    const result = this.#before.then(() => this.#sweep(request, prices, progress, stages));
    this.#before = result.catch(() => {});
    return result;
  }

  async #sweep(request: SweepRequest, prices: string, progress: (share: number) => void, stages: Stages | null): Promise<Uint8Array<ArrayBuffer>> {
    this.#cancelled = false;
    const run = (this.#run += 1);
    this.#start();
    if (prices !== this.#prices) this.#send({ kind: 'prices', text: prices });
    this.#prices = prices;
    const members = [...this.#members];
    const ready = await Promise.all(members.map((member) => this.#ask(member, { kind: 'start', run, request }, 'ready')));
    const first = members[0]!;
    if (ready[0]!.refused) return (await this.#ask(first, { kind: 'merge', run, parts: [] }, 'done')).bytes;
    const { items } = ready[0]!;
    let next = 0;
    let done = 0;
    const counts = members.map(() => 1);
    const runUntil = (end: number): Promise<unknown> => Promise.all(members.map(async (member, i) => {
      while (next < end && !this.#cancelled) {
        const from = next;
        next = Math.min(end, next + counts[i]!);
        const did = await this.#ask(member, { kind: 'items', run, first: from, end: next }, 'did');
        done += did.items;
        // The last items are shared out in small portions, so that all workers end together.
        const wanted = Math.floor(did.items * Math.min(4, share_ms / Math.max(0.1, did.ms)));
        counts[i] = Math.max(1, Math.min(wanted, Math.ceil((items - next) / (2 * members.length))));
        progress(done / items);
      }
    }));
    const parts = (): Promise<Uint8Array<ArrayBuffer>[]> =>
      Promise.all(members.slice(1).map(async (member) => (await this.#ask(member, { kind: 'part', run }, 'part')).bytes));
    this.#computing = true;
    try {
      for (const share of stages?.shares ?? []) {
        await runUntil(Math.ceil(items * share));
        if (this.#cancelled) break;
        stages?.told((await this.#ask(first, { kind: 'so_far', run, parts: await parts() }, 'so_far')).bytes);
      }
      await runUntil(items);
    } finally {
      this.#computing = false;
    }
    const { bytes } = await this.#ask(first, { kind: 'merge', run, parts: await parts() }, 'done');
    this.#run += 1;
    return bytes;
  }

  #send(message: ToWorker): void {
    for (const { worker } of this.#members) worker.postMessage(message);
  }

  #ask<Kind extends FromWorker['kind']>(member: Member, message: ToWorker, kind: Kind): Promise<Extract<FromWorker, { kind: Kind }>> {
    return new Promise((resolve, reject) => {
      member.settle = (answer) => {
        if (answer.kind === kind) resolve(answer as Extract<FromWorker, { kind: Kind }>);
        else reject(new Error(answer.kind === 'failed' ? answer.message : `The worker answered "${answer.kind}" to "${message.kind}".`));
      };
      member.worker.postMessage(message);
    });
  }

  /** Ends all workers; whoever waits for one is told why. */
  #end(message: string): void {
    const members = this.#members;
    this.#members = [];
    for (const { worker, settle } of members) {
      worker.terminate();
      settle?.({ kind: 'failed', run: -1, message });
    }
  }

  #start(): void {
    if (this.#members.length > 0) return;
    this.#prices = null;
    const wanted = Math.min(most_workers, navigator.hardwareConcurrency || 2);
    for (let i = 0; i < wanted; i += 1) {
      const member: Member = { worker: newWorker(), settle: null };
      member.worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === 'failed' && data.run < 0) this.#end(data.message);
        else member.settle?.(data);
      });
      member.worker.addEventListener('error', (event) => this.#end(`A worker did not start. ${event.message ?? ''}`.trim()));
      this.#members.push(member);
    }
  }
}

function problemOf(answer: string): { readonly problem: string } {
  const { error } = JSON.parse(answer) as { error: CoreFailure };
  return { problem: `${error.message} ${error.hint}`.trim() };
}

export class SweepRunner {
  readonly #pool = new Pool();
  #cancelled = false;

  /** @param core for compiling, with all operations; @param prices the text that the page's core has loaded */
  constructor(readonly core: Core, readonly prices: () => string) {}

  /** Ends what runs; its promise comes back with what was done until then. */
  cancel(): void {
    this.#cancelled = true;
    this.#pool.cancel();
  }

  /** Every model over draws of all inputs, by workers: what few draws say is told at once, then what more do.
   *  @param shares of the draws, ascending, each below 1; @return the header of all of them, or of what was done when it was cancelled */
  async runInStages(request: SweepRequest, shares: readonly number[], told: (header: SweepHeader) => void, progress: (progress: Progress) => void):
    Promise<SweepHeader | { readonly problem: string }> {
    const started = performance.now();
    try {
      const bytes = await this.#pool.run(request, this.prices(), (share) => progress({ share, ms: performance.now() - started }),
        { shares, told: (so_far) => told((readSweep(so_far) as SweepResult).header) });
      const result = readSweep(bytes);
      return typeof result === 'string' ? problemOf(result) : result.header;
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }

  async run(request: SweepRequest, backend: Backend, progress: (progress: Progress) => void): Promise<Outcome | { readonly problem: string }> {
    this.#cancelled = false;
    // Compiling answers every mistake of the request, whichever back end runs it.
    const text = this.core.callText(op.sweep_shader, JSON.stringify(request));
    const answer = JSON.parse(text) as SweepShader | { error: CoreFailure };
    const cells = request.axes.reduce((product, axis) => product * axis.steps, 1);
    let note = '';
    const started = performance.now();
    const told = (share: number) => progress({ share, ms: performance.now() - started });
    if ('error' in answer && answer.error.code !== 'unsupported') return { problem: `${answer.error.message} ${answer.error.hint}`.trim() };
    // The reductions of a graphics processor are of one figure.
    const two = request.against !== undefined;
    if (two && backend === 'webgpu') {
      note = 'A frontier of two figures is kept by workers.';
    } else if (backend === 'webgpu' || (!two && backend === 'auto' && !('error' in answer) && cells * answer.nodes >= large)) {
      if ('error' in answer) {
        note = answer.error.message;
      } else {
        const { gpuSweep, skeleton } = await import('../../web/gpu_sweep');
        const shader = this.core.call<SweepShader>(op.sweep_shader, { ...request, skeleton });
        const result = await gpuSweep(shader, { allow_software: backend === 'webgpu', cells: request.cells ?? cells <= most_kept,
          lowest: request.lowest ?? default_lowest, cancelled: () => this.#cancelled, progress: told });
        if (!('reason' in result)) {
          try {
            const { header, unsure } = this.core.call<FinishedSweep>(op.sweep_finish, { ...request, kept: result.kept });
            if (result.cells.length > 0) result.kept.unsure.forEach((cell, i) => { result.cells[cell] = unsure[i] ?? NaN; });
            return { values: shader.axes.map((axis) => axis.values), cells: result.cells, done: result.done, of: cells, header,
              backend: 'webgpu', adapter: result.adapter, ms: performance.now() - started, note: '' };
          } catch (error) {
            note = `What it kept is not of this sweep: ${error instanceof Error ? error.message : String(error)}`;
          }
        } else {
          note = result.reason;
        }
      }
    }
    try {
      const result = readSweep(await this.#pool.run(request, this.prices(), told, null));
      if (typeof result === 'string') return problemOf(result);
      const { values, header } = result;
      return { values, cells: result.cells, done: header.done, of: header.cells, header, backend: 'worker',
        adapter: this.#pool.size === 1 ? 'one worker' : `${this.#pool.size} workers`, ms: performance.now() - started, note };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }
}

let shared: SweepRunner | null = null;

/** The page's one pool of workers, for whichever section asks. */
export const sweepRunner = (app: { readonly core: Core | null; readonly prices_text: string }): SweepRunner => shared ??= new SweepRunner(app.core!, () => app.prices_text);
