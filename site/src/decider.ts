// Decisions among the ways to buy, made beside the page: one takes longer than a frame. While one is under way the last one
// stays; of what is asked meanwhile only the latest is answered. Without workers the page's own core decides.

import type { CoreFailure, Decision, Scenario } from '../../web/types';
import type { Controller } from './controller';
import { newWorker } from './new_worker';
import type { Prices } from './page';

export interface ToDecide {
  readonly kind: 'decide';
  readonly run: number;
  /** Where they are new to the worker. */
  readonly prices?: string | undefined;
  readonly hardware?: string | undefined;
  readonly scenario: Scenario;
  readonly today: string;
}

export type Decided =
  | { readonly kind: 'decided'; readonly run: number; readonly answer: Decision | CoreFailure }
  | { readonly kind: 'failed'; readonly run: number; readonly message: string };

export interface Made {
  readonly answer: Decision | CoreFailure;
  /** What it was made for; the present one may have moved on. */
  readonly scenario: Scenario;
}

interface Question {
  readonly scenario: Scenario;
  readonly prices: Prices;
}

export class Decider {
  #worker: Worker | null = null;
  #sent: { prices: string; hardware: boolean } = { prices: '', hardware: false };
  #run = 0;
  #under_way: Question | null = null;
  #wanted: Question | null = null;
  #made: { readonly question: Question; readonly made: Made } | null = null;
  #alone = false;

  constructor(readonly app: Controller) {}

  /** The latest decision there is, null until the first one; `late` while a newer one is under way. */
  ask(scenario: Scenario, prices: Prices): { readonly made: Made | null; readonly late: boolean } {
    const question = { scenario, prices };
    const known = this.#made;
    if (known?.question.scenario === scenario && known.question.prices === prices) return { made: known.made, late: false };
    this.#wanted = question;
    if (!this.#under_way) this.#next();
    // Without a worker it is there already.
    const made = this.#made?.question.prices === prices ? this.#made.made : null;
    return { made, late: this.#wanted !== null };
  }

  #next(): void {
    const question = this.#wanted;
    if (!question) return;
    const { app } = this;
    if (!this.#alone && !this.#worker) this.#start();
    if (!this.#worker) {
      const answer = app.ask('decide', (core, _, today) => core.decide(question.scenario, today));
      this.#wanted = null;
      if (answer) this.#made = { question, made: { answer, scenario: question.scenario } };
      return;
    }
    this.#under_way = question;
    this.#run += 1;
    const prices = app.prices_text === this.#sent.prices ? undefined : app.prices_text;
    const hardware = this.#sent.hardware ? undefined : app.hardware_text;
    this.#sent = { prices: app.prices_text, hardware: true };
    this.#worker.postMessage({ kind: 'decide', run: this.#run, prices, hardware, scenario: question.scenario, today: app.today } satisfies ToDecide);
  }

  #start(): void {
    try {
      this.#worker = newWorker();
    } catch {
      this.#alone = true;
      return;
    }
    this.#worker.addEventListener('error', () => this.#fail());
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Decided>) => {
      if (data.run !== this.#run) return;
      if (data.kind === 'failed') {
        this.#fail();
        return;
      }
      const question = this.#under_way!;
      this.#under_way = null;
      this.#made = { question, made: { answer: data.answer, scenario: question.scenario } };
      if (this.#wanted === question) this.#wanted = null;
      else this.#next();
      this.app.update();
    });
  }

  /** No worker here: from now on the page decides by itself. */
  #fail(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#alone = true;
    this.#under_way = null;
    this.app.update();
  }
}
