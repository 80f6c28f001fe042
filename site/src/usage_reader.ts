// Reads usage beside the page, and on it where there are no workers. One question at a time; the answer to one that was
// overtaken by a later reading never comes.

import { newWorker } from './new_worker';
import { loadReading, type Compared, type ReadSoFar, type ReadUsage, type ToCompare, type ToRead, type UsageReading } from './usage_reading';
import type { FromUsageWorker, ToUsageWorker } from './usage_worker';

type Question =
  | { readonly kind: 'read'; readonly request: ToRead; readonly told: (so_far: ReadSoFar) => void }
  | { readonly kind: 'compare'; readonly request: ToCompare };

interface Waiting {
  readonly question: Question;
  readonly settle: (answer: ReadUsage | Compared) => void;
  readonly fail: (error: Error) => void;
}

export class UsageReader {
  #worker: Worker | null = null;
  /** The page's own, where there are no workers. */
  #alone: Promise<UsageReading> | null = null;
  #sent = '';
  #run = 0;
  /** Of what is read last. */
  #reading = -1;
  #cancelled = -1;
  readonly #waiting = new Map<number, Waiting>();

  /** @param prices  the text that the page's core has loaded */
  constructor(readonly prices: () => string) {}

  read(request: ToRead, told: (so_far: ReadSoFar) => void): Promise<ReadUsage> {
    this.cancel();
    this.#waiting.clear();
    this.#reading = this.#run + 1;
    return this.#ask({ kind: 'read', request, told }) as Promise<ReadUsage>;
  }

  /** What was read last, with a scenario. */
  compare(request: ToCompare): Promise<Compared> {
    return this.#ask({ kind: 'compare', request }) as Promise<Compared>;
  }

  /** Ends what is being read; its promise comes back with what was read until then. */
  cancel(): void {
    this.#cancelled = this.#reading;
    this.#worker?.postMessage({ kind: 'cancel', run: this.#reading } satisfies ToUsageWorker);
  }

  #ask(question: Question): Promise<ReadUsage | Compared> {
    const run = (this.#run += 1);
    return new Promise((settle, fail) => {
      this.#waiting.set(run, { question, settle, fail });
      this.#send(run, question);
    });
  }

  #send(run: number, question: Question): void {
    if (!this.#alone && !this.#worker) this.#start();
    if (!this.#worker) {
      void this.#here(run, question);
      return;
    }
    const prices = this.prices();
    const { kind, request } = question;
    this.#worker.postMessage({ kind, run, prices: prices === this.#sent ? undefined : prices, request } as ToUsageWorker);
    this.#sent = prices;
  }

  #start(): void {
    try {
      this.#worker = newWorker('usage_worker.js');
    } catch {
      this.#withoutWorker();
      return;
    }
    this.#worker.addEventListener('error', () => this.#withoutWorker());
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromUsageWorker>) => this.#heard(data));
  }

  #heard(message: FromUsageWorker): void {
    const waiting = this.#waiting.get(message.run);
    if (!waiting) return;
    if (message.kind === 'so_far') {
      if (waiting.question.kind === 'read') waiting.question.told(message.so_far);
      return;
    }
    this.#waiting.delete(message.run);
    if (message.kind === 'failed') waiting.fail(new Error(message.message));
    else waiting.settle(message.kind === 'read' ? message.read : message.compared);
  }

  /** From now on the page reads by itself; what waits for the worker is asked again here. */
  #withoutWorker(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#alone ??= loadReading();
    for (const [run, { question }] of [...this.#waiting]) void this.#here(run, question);
  }

  async #here(run: number, question: Question): Promise<void> {
    try {
      this.#alone ??= loadReading();
      const reading = await this.#alone;
      reading.use(this.prices());
      if (question.kind === 'compare') {
        this.#heard({ kind: 'compared', run, compared: reading.compare(question.request) });
        return;
      }
      const read = await reading.read(question.request, () => this.#cancelled === run, (so_far) => this.#heard({ kind: 'so_far', run, so_far }));
      this.#heard({ kind: 'read', run, read });
    } catch (error) {
      // A module that did not come is asked for again.
      this.#alone = null;
      this.#heard({ kind: 'failed', run, message: error instanceof Error ? error.message : String(error) });
    }
  }
}
