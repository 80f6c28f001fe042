// The entry of the worker that reads usage: a file of its own, beside core-usage.wasm.

import { loadReading, type Compared, type ReadSoFar, type ReadUsage, type ToCompare, type ToRead, type UsageReading } from './usage_reading';

export type ToUsageWorker = { readonly run: number } & (
  /** Prices where they are new to the worker. */
  | { readonly kind: 'read'; readonly prices?: string | undefined; readonly request: ToRead }
  | { readonly kind: 'compare'; readonly prices?: string | undefined; readonly request: ToCompare }
  /** Ends the reading of that run; what was read of it is kept. */
  | { readonly kind: 'cancel' });

export type FromUsageWorker = { readonly run: number } & (
  | { readonly kind: 'so_far'; readonly so_far: ReadSoFar }
  | { readonly kind: 'read'; readonly read: ReadUsage }
  | { readonly kind: 'compared'; readonly compared: Compared }
  | { readonly kind: 'failed'; readonly message: string });

const port = globalThis as unknown as {
  postMessage(message: FromUsageWorker): void;
  addEventListener(type: 'message', listener: (event: { data: ToUsageWorker }) => void): void;
};

let reading: UsageReading | null = null;
let cancelled = -1;
let prices = '';
let queue: Promise<void> = Promise.resolve();

async function answer(message: Exclude<ToUsageWorker, { kind: 'cancel' }>): Promise<void> {
  const { run } = message;
  prices = message.prices ?? prices;
  reading ??= await loadReading();
  reading.use(prices);
  if (message.kind === 'compare') {
    port.postMessage({ kind: 'compared', run, compared: reading.compare(message.request) });
  } else {
    const read = await reading.read(message.request, () => cancelled === run, (so_far) => port.postMessage({ kind: 'so_far', run, so_far }));
    port.postMessage({ kind: 'read', run, read });
  }
}

port.addEventListener('message', ({ data }) => {
  // A cancel is heard between two pieces of what is being read.
  if (data.kind === 'cancel') cancelled = data.run;
  else queue = queue.then(() => answer(data)).catch((error: unknown) => port.postMessage({ kind: 'failed', run: data.run, message: error instanceof Error ? error.message : String(error) }));
});
