// One of the workers that share out a sweep: compiles it, runs the items that it is given, and hands over what it kept.
// Items are short, so that a cancel is heard between two messages.

import { op, type Core, type Job } from './tokenbill';
import type { SweepRequest } from './sweep';

export type ToWorker =
  /** Prices as text; the page sends them again when they change. */
  | { readonly kind: 'prices'; readonly text: string }
  | { readonly kind: 'start'; readonly run: number; readonly request: SweepRequest }
  /** Items [first, end), which no other worker is given. */
  | { readonly kind: 'items'; readonly run: number; readonly first: number; readonly end: number }
  /** What was kept of them since the last part. */
  | { readonly kind: 'part'; readonly run: number }
  /** Takes the parts of all other workers; the answer is the result so far, without cells. */
  | { readonly kind: 'so_far'; readonly run: number; readonly parts: readonly Uint8Array<ArrayBuffer>[] }
  /** The parts of all other workers: the answer is the sweep's result. */
  | { readonly kind: 'merge'; readonly run: number; readonly parts: readonly Uint8Array<ArrayBuffer>[] };

export type FromWorker =
  /** `refused`: the result is there at once, and says why. */
  | { readonly kind: 'ready'; readonly run: number; readonly items: number; readonly refused: boolean }
  | { readonly kind: 'did'; readonly run: number; readonly items: number; readonly ms: number }
  | { readonly kind: 'part'; readonly run: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'so_far'; readonly run: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'done'; readonly run: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'failed'; readonly run: number; readonly message: string };

export interface Port {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: { data: ToWorker }) => void): void;
}

export function serve(port: Port, core: Promise<Core>): void {
  let job: Job | null = null;
  let queue: Promise<void> = Promise.resolve();

  async function answer(message: ToWorker): Promise<void> {
    if (message.kind === 'prices') {
      (await core).loadPrices(message.text);
      return;
    }
    const { run } = message;
    if (message.kind === 'start') {
      job?.take();
      job = (await core).startJob(op.sweep, message.request);
      const items = job.items();
      port.postMessage({ kind: 'ready', run, items, refused: items === 0 });
    } else if (message.kind === 'items') {
      const started = performance.now();
      job!.run(message.first, message.end);
      port.postMessage({ kind: 'did', run, items: message.end - message.first, ms: performance.now() - started });
    } else if (message.kind === 'part') {
      const bytes = job!.part();
      port.postMessage({ kind: 'part', run, bytes }, [bytes.buffer]);
    } else {
      if (!message.parts.every((part) => job!.merge(part))) throw new Error('The workers do not agree on the sweep.');
      if (message.kind === 'so_far') {
        const so_far = job!.soFar();
        port.postMessage({ kind: 'so_far', run, bytes: so_far }, [so_far.buffer]);
        return;
      }
      job!.cancel();
      const bytes = job!.take();
      job = null;
      port.postMessage({ kind: 'done', run, bytes }, [bytes.buffer]);
    }
  }

  port.addEventListener('message', ({ data }) => {
    const run = 'run' in data ? data.run : -1;
    queue = queue.then(() => answer(data)).catch((error: unknown) => {
      port.postMessage({ kind: 'failed', run, message: error instanceof Error ? error.message : String(error) });
    });
  });
}
