// What the section on usage holds: what was given to read, what came of it, and how it compares with the scenario. Nothing of
// it goes into the link or is stored.

import type { CoreFailure, Reconciliation, Scenario, UsageReport } from '../../web/types';
import type { Controller } from './controller';
import { failed, type Prices } from './page';
import { referenceKey } from './references';
import type { ReadSoFar } from './usage_reading';
import { UsageReader } from './usage_reader';
import { sentence } from './views/parts';

/** What may be said about the records; a text as typed, and why it was refused. */
export type OptionId = 'paid' | 'model' | 'days';
export interface Option { readonly text: string; readonly error: string | null }

export interface Result {
  readonly report: UsageReport;
  /** Names of the files, by their place. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** More than `bytes` where it was cancelled. */
  readonly of: number;
}

interface Comparison {
  readonly scenario: Scenario;
  readonly paid: number | null;
  readonly result: Result;
  readonly reconciliation: Reconciliation | CoreFailure;
}

/** What is read sooner shows no progress: a bar that flashes up is worse than none. */
const quiet_ms = 200;

export const pasted_name = 'what was pasted';

export class UsageImport {
  readonly #reader: UsageReader;
  #files: readonly File[] = [];
  #prices: Prices | null = null;
  #under_way: { readonly scenario: Scenario; readonly paid: number | null; readonly result: Result } | null = null;
  #comparison: Comparison | null = null;
  #spoken = -Infinity;
  options: Readonly<Record<OptionId, Option>> = { paid: { text: '', error: null }, model: { text: '', error: null }, days: { text: '', error: null } };
  #values: { paid: number | null; model: string; days: number | null } = { paid: null, model: '', days: null };
  so_far: ReadSoFar | null = null;
  reading = false;
  /** It takes long enough to tell how far it is. */
  slow = false;
  #timer = 0;
  problem = '';
  result: Result | null = null;
  /** One sentence for those who hear the page, every few seconds. */
  spoken = '';
  all_lines = false;
  told = '';

  constructor(readonly app: Controller) {
    this.#reader = new UsageReader(() => app.prices_text);
  }

  /** @param focus  whether the reader waits for the result: then it gets the focus */
  async read(files: readonly File[], focus = true): Promise<void> {
    const { app } = this;
    this.#files = files;
    this.#prices = app.prices;
    // What is under way is of what was read before: it does not come any more.
    this.#under_way = null;
    this.reading = true;
    this.slow = false;
    this.so_far = null;
    this.problem = '';
    this.told = '';
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#lasts(), quiet_ms);
    this.#say(`Reading ${named(files)}.`);
    app.update();
    try {
      const { scenario } = app.state;
      const read = await this.#reader.read({ files, scenario, today: app.today, default_model: this.#values.model, days: this.#values.days }, (so_far) => this.#progress(so_far));
      this.result = { ...read, files: files.map((file) => file.name) };
      const { records, cost_only } = read.report.read;
      this.#say(records + cost_only === 0 ? 'No record of usage was found.' : `Read: ${app.format.number(records)} ${records === 1 ? 'record' : 'records'}.`);
    } catch (error) {
      this.result = null;
      this.problem = error instanceof Error ? error.message : String(error);
    }
    window.clearTimeout(this.#timer);
    this.reading = false;
    this.so_far = null;
    app.updateNow();
    if (focus) document.getElementById(this.result ? 'usage-result' : 'usage-problem')?.focus();
  }

  cancel(): void {
    this.#reader.cancel();
  }

  /** The same files with other options or prices. */
  again(focus = false): void {
    if (this.#files.length > 0) void this.read(this.#files, focus);
  }

  forget(): void {
    this.#files = [];
    this.result = null;
    this.problem = '';
    this.told = '';
    this.#comparison = null;
  }

  #lasts(): void {
    this.slow = true;
    this.app.updateNow();
    document.querySelector('.usage-progress')?.scrollIntoView({ block: 'nearest' });
  }

  #progress(so_far: ReadSoFar): void {
    this.so_far = so_far;
    if (performance.now() - this.#spoken > 4000) {
      this.#say(`${this.app.format.percent(so_far.bytes / so_far.of)} read, ${this.app.format.number(so_far.report.read.records)} records so far.`);
    }
    this.app.update();
  }

  #say(sentence: string): void {
    this.spoken = sentence;
    this.#spoken = performance.now();
  }

  /** What is being typed; it counts when the field is left. */
  typing(id: OptionId, text: string): void {
    this.options = { ...this.options, [id]: { text, error: null } };
  }

  /** A typed option, as the core or the price list reads it. */
  set(id: OptionId, text: string): void {
    const { app } = this;
    const before = JSON.stringify(this.#values);
    let error: string | null = null;
    if (id === 'model') {
      const key = referenceKey(app.description.parameters.find((p) => p.what === 'chat')!, text, app.catalog);
      if (key === null) error = `The list has no “${text.trim()}”. Choose from the list that opens while you type.`;
      this.#values.model = key ?? '';
    } else {
      const value = this.#number(text);
      if (typeof value === 'string') error = value;
      else if (id === 'days' && value !== null && !(value > 0)) error = 'Expected a number of days above 0.';
      this.#values[id] = error === null ? (value as number | null) : null;
    }
    this.options = { ...this.options, [id]: { text, error } };
    if (id !== 'paid' && JSON.stringify(this.#values) !== before) this.again();
  }

  /** As the core reads an amount in a field of the form; the sentence that refuses it. */
  #number(text: string): number | string | null {
    const { app } = this;
    const plain = app.format.canonical(text.trim());
    if (plain === '') return null;
    try {
      const { parameters, ranges } = app.core!.set(app.state.scenario, 'budget_usd', plain);
      const value = parameters?.['budget_usd'];
      return typeof value === 'number' && ranges?.['budget_usd'] === undefined ? value : 'Expected one number, for example 1830.12.';
    } catch (error) {
      return sentence(app.format.localize(error instanceof Error ? error.message : String(error)));
    }
  }

  /** How it compares with a scenario: the latest comparison there is, `late` while a newer one is under way. */
  compared(scenario: Scenario, prices: Prices): { readonly reconciliation: Reconciliation | CoreFailure | null; readonly late: boolean } {
    if (!this.reading && this.#prices !== prices) this.again();
    const { result } = this;
    const { paid } = this.#values;
    const known = this.#comparison?.result === result ? this.#comparison : null;
    if (!result || result.report.read.records === 0) return { reconciliation: null, late: false };
    const late = known === null || known.scenario !== scenario || known.paid !== paid;
    if (late && !this.reading && !this.#under_way) void this.#compare({ scenario, paid, result });
    return { reconciliation: known?.reconciliation ?? null, late };
  }

  async #compare(asked: { readonly scenario: Scenario; readonly paid: number | null; readonly result: Result }): Promise<void> {
    this.#under_way = asked;
    try {
      const answer = await this.#reader.compare({ scenario: asked.scenario, today: this.app.today, paid_usd: asked.paid });
      this.#comparison = { ...asked, reconciliation: failed(answer) ? answer : answer.reconciliation! };
    } catch (error) {
      this.#comparison = { ...asked, reconciliation: { code: 'failed', where: '', message: error instanceof Error ? error.message : String(error), hint: '' } };
    }
    if (this.#under_way === asked) this.#under_way = null;
    this.app.update();
  }

  get reconciliation(): Reconciliation | null {
    const known = this.#comparison;
    return known && known.result === this.result && !failed(known.reconciliation) ? known.reconciliation : null;
  }

  /** Measured values in place of assumed ones, in one step of undo. */
  adopt(): void {
    const { app, reconciliation } = this;
    if (reconciliation && app.takeScenario(reconciliation.adopted, 'What was measured') && !app.ui.message) {
      app.tell('The scenario has the measured values now. Undo brings yours back.');
    }
  }
}

export const named = (files: readonly { readonly name: string }[]): string => (files.length === 1 ? files[0]!.name : `${files.length} files`);
