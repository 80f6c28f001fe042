// The worker's entry: a file of its own, beside core.wasm. One worker sweeps or decides, and loads the core for it.

import { answerOr, Core } from '../../web/tokenbill';
import { serve, type Port } from '../../web/worker';
import type { Decided, ToDecide } from './decider';

const port = globalThis as unknown as {
  postMessage(message: Decided): void;
  addEventListener(type: 'message', listener: (event: { data: ToDecide | { readonly kind: string } }) => void): void;
};

let whole: Promise<Core> | null = null;
let queue: Promise<void> = Promise.resolve();

async function decide({ run, prices, hardware, scenario, today }: ToDecide): Promise<void> {
  whole ??= Core.load('core-all.wasm', __WASM_ALL_INTEGRITY__);
  const core = await whole;
  if (prices) core.loadPrices(prices);
  if (hardware) core.loadHardware(hardware);
  port.postMessage({ kind: 'decided', run, answer: answerOr(() => core.decide(scenario, today)) });
}

let begin: (core: Promise<Core>) => void = () => {};
const sweeps = new Promise<Core>((resolve) => { begin = resolve; });
let begun = false;

port.addEventListener('message', ({ data }) => {
  if (data.kind === 'decide') {
    const asked = data as ToDecide;
    queue = queue.then(() => decide(asked)).catch((error: unknown) => port.postMessage({ kind: 'failed', run: asked.run, message: String(error) }));
  } else if (!begun) {
    begun = true;
    begin(Core.load('core.wasm', __WASM_INTEGRITY__));
  }
});

const sweeping = globalThis as unknown as Port;
serve({
  postMessage: (message, transfer) => sweeping.postMessage(message, transfer),
  addEventListener: (type, listener) => sweeping.addEventListener(type, (event) => {
    if ((event.data.kind as string) !== 'decide') listener(event);
  }),
}, sweeps);
