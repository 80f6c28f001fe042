// The worker's entry: a file of its own, beside core-all.wasm. One worker sweeps or decides, and loads the core for it.

import { answerOr, Core } from '../../web/tokenbill';
import { serve, type Port } from '../../web/worker';
import type { Decided, ToDecide } from './decider';

const port = globalThis as unknown as {
  postMessage(message: Decided): void;
  addEventListener(type: 'message', listener: (event: { data: ToDecide | { readonly kind: string } }) => void): void;
};

let whole: Promise<Core> | null = null;
const core = (): Promise<Core> => whole ??= Core.load('core-all.wasm', __WASM_ALL_INTEGRITY__);
let queue: Promise<void> = Promise.resolve();

async function decide({ run, prices, hardware, scenario, today }: ToDecide): Promise<void> {
  const all = await core();
  if (prices) all.loadPrices(prices);
  if (hardware) all.loadHardware(hardware);
  port.postMessage({ kind: 'decided', run, answer: answerOr(() => all.decide(scenario, today)) });
}

port.addEventListener('message', ({ data }) => {
  if (data.kind !== 'decide') return;
  const asked = data as ToDecide;
  queue = queue.then(() => decide(asked)).catch((error: unknown) => port.postMessage({ kind: 'failed', run: asked.run, message: String(error) }));
});

const sweeping = globalThis as unknown as Port;
serve({
  postMessage: (message, transfer) => sweeping.postMessage(message, transfer),
  addEventListener: (type, listener) => sweeping.addEventListener(type, (event) => {
    if ((event.data.kind as string) !== 'decide') listener(event);
  }),
}, core());
