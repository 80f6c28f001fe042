// Runs sweeps beside the page, in steps short enough that a cancel is heard between them. Loads the core by itself.

import { Core, op } from './tokenbill';
import type { SweepRequest } from './sweep';

export type ToWorker =
  /** Prices as text; the page sends them again when they change. */
  | { readonly kind: 'prices'; readonly text: string }
  | { readonly kind: 'start'; readonly run: number; readonly request: SweepRequest }
  | { readonly kind: 'cancel'; readonly run: number };

export type FromWorker =
  | { readonly kind: 'progress'; readonly run: number; readonly share: number; readonly ms: number }
  /** A cancel was heard; what is done follows. */
  | { readonly kind: 'heard'; readonly run: number }
  /** Also after a cancel, with what was done until then. */
  | { readonly kind: 'done'; readonly run: number; readonly bytes: Uint8Array<ArrayBuffer>; readonly ms: number }
  | { readonly kind: 'failed'; readonly run: number; readonly message: string };

export interface Port {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: { data: ToWorker }) => void): void;
}

const step_ms = 10;
const progress_ms = 100;

export function serve(port: Port, core: Promise<Core>): void {
  let cancelled = -1;
  let queue: Promise<void> = Promise.resolve();
  // A message to ourselves comes after those of the page that wait already; timers would be held back.
  const { port1, port2 } = new MessageChannel();
  const pause = () => new Promise<void>((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });

  async function sweep(run: number, request: SweepRequest): Promise<void> {
    const started = performance.now();
    const job = (await core).startJob(op.sweep, request);
    let cells = 4096;
    let told = started;
    for (;;) {
      const before = performance.now();
      const more = job.step(cells);
      const now = performance.now();
      if (!more) break;
      cells = Math.max(64, cells * Math.min(4, Math.max(0.25, step_ms / Math.max(0.1, now - before))));
      if (now - told >= progress_ms) {
        told = now;
        port.postMessage({ kind: 'progress', run, share: job.progress(), ms: now - started });
      }
      await pause();
      if (cancelled >= run) {
        job.cancel();
        break;
      }
    }
    const bytes = job.take();
    port.postMessage({ kind: 'done', run, bytes, ms: performance.now() - started }, [bytes.buffer]);
  }

  port.addEventListener('message', ({ data }) => {
    if (data.kind === 'cancel') {
      cancelled = Math.max(cancelled, data.run);
      port.postMessage({ kind: 'heard', run: data.run });
      return;
    }
    const run = data.kind === 'start' ? data.run : -1;
    queue = queue.then(async () => {
      if (data.kind === 'prices') (await core).loadPrices(data.text);
      else await sweep(data.run, data.request);
    }).catch((error: unknown) => {
      port.postMessage({ kind: 'failed', run, message: error instanceof Error ? error.message : String(error) });
    });
  });
}
