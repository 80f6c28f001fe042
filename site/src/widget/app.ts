// The widget's state: reads the fragment, asks the core, brings the frame in line, tells the host.

import { answerOr, type Core } from '../../../web/tokenbill';
import type { CheckedScenario, Comparison, CoreFailure, Description, Estimate, Explanation, Scenario } from '../../../web/types';
import { makeFormat } from '../format';
import { decodeLink, encodeLink } from '../link';
import { isRatio, type Preset } from '../page';
import { withoutRanges } from '../scenario_ranges';
import { patch } from '../vdom';
import { Host } from './host';
import { applyLook } from './look';
import { fetchShort, isEnough, loadShort, loadWhole, PricesError, type Prices } from './prices';
import { readSettings, themeOf, type Settings, type Theme } from './settings';
import { widget } from './view';

export interface Door { readonly id: string; readonly model: string | undefined }

const announce_after_ms = 500;
const largest_message = 1024 * 1024;

export class Widget {
  readonly format = makeFormat();
  readonly host = new Host({ setTheme: (theme) => this.setTheme(themeOf(theme)), setScenario: (given) => void this.#given(given) });
  core: Core | null = null;
  description: Description = { groups: [], parameters: [], categories: [] };
  settings: Settings = readSettings('');
  scenario: Scenario;
  prices: Prices | null = null;
  /** Why there is nothing to show, and whether trying again can help. */
  failed: { readonly text: string; readonly retry: boolean } | null = null;
  estimate: Estimate | null = null;
  comparison: Comparison | null = null;
  failure: CoreFailure | null = null;
  /** What could not be taken from the fragment or from the host. */
  message = '';
  doors: readonly Door[] = [];
  explanation: Explanation | CoreFailure | null = null;
  draft: { readonly id: string; readonly text: string } | null = null;
  errors: ReadonlyMap<string, { readonly text: string; readonly error: string }> = new Map();
  /** The full page with the same scenario. */
  link = 'index.html';
  readonly today = new Date().toISOString().slice(0, 10);

  #theme: Theme = 'auto';
  #priced: Scenario | null = null;
  #frame = 0;
  #announce = 0;
  #opener = '';

  constructor(readonly presets: readonly Preset[], private readonly element: HTMLElement) {
    this.scenario = presets[0]!.scenario;
  }

  // Where the scenario comes from

  async readFragment(fragment: string): Promise<void> {
    const settings = readSettings(fragment);
    this.settings = settings;
    this.setTheme(settings.theme);
    this.#forget();
    const preset = this.presets.find((one) => one.id === settings.preset);
    let scenario = (preset ?? this.presets[0]!).scenario;
    if (settings.packed !== null) {
      const decoded = await decodeLink(settings.packed);
      if (decoded && 'problem' in decoded) this.#complain(decoded.problem.replace('The page', 'The widget'));
      else if (decoded) scenario = this.#sound(decoded.state.scenario, 'The link') ?? scenario;
    } else if (settings.preset !== null && !preset) {
      this.#complain(`There is no example with the name “${settings.preset.slice(0, 40)}”. The widget shows its default instead.`);
    }
    const strange = settings.controls.filter((id) => id !== 'model' && !this.description.parameters.some((p) => p.id === id));
    if (strange.length > 0) this.#complain(`There is no input with the name “${strange[0]!.slice(0, 40)}”.`);
    this.doors = [];
    await this.#take(scenario);
  }

  /** What is sound in a scenario from outside; what is not is told. */
  #sound(given: unknown, from: string): Scenario | null {
    // Of anything else the core would keep its defaults, which nobody asked for.
    const no_object = typeof given !== 'object' || given === null || Array.isArray(given);
    const checked: CheckedScenario | { readonly message: string } = no_object
      ? { message: 'It is not a JSON object.' } : this.#ask((core) => core.check(given));
    if ('message' in checked) {
      this.#complain(`${from} holds no scenario that can be read: ${checked.message}`);
      return null;
    }
    if (checked.problems.length > 0) this.#complain(`${from} was read except for: ${checked.problems.map((p) => p.message).join(' ')}`);
    return checked.scenario;
  }

  async #given(given: unknown): Promise<void> {
    this.#forget();
    let text: string | undefined;
    try {
      text = JSON.stringify(given);
    } catch { /* Told below. */ }
    const plain = text !== undefined && text.length <= largest_message && this.core !== null;
    const scenario = plain ? this.#sound(JSON.parse(text!), 'The message') : null;
    if (!plain) this.#complain('The message holds no scenario.');
    if (scenario) await this.#take(scenario);
    else this.updateNow();
  }

  /** Takes a scenario over, with the price list that it needs. */
  async #take(scenario: Scenario): Promise<void> {
    this.scenario = scenario;
    this.errors = new Map();
    this.draft = null;
    if (this.prices && !isEnough(this.prices, scenario)) await this.#priceBy(loadWhole);
    this.updateNow();
  }

  #forget(): void {
    this.message = '';
    if (!this.failed) this.host.settled();
  }

  #complain(text: string): void {
    this.message ||= this.format.localize(text);
    this.host.send({ type: 'error', message: text });
  }

  // Prices

  async #priceBy(load: (core: Core) => Promise<Prices>): Promise<void> {
    try {
      this.prices = await load(this.core!);
      // A host that connects later still hears of a bad scenario, but no more of prices that have come since.
      if (this.failed) this.host.settled();
      this.failed = null;
    } catch (error) {
      // Without the whole list a scenario that needs it is not priced by half a list.
      this.prices = null;
      this.fail(error instanceof PricesError ? error.message : String(error), true);
    }
    this.#priced = null;
  }

  async loadPrices(under_way: Promise<string> = fetchShort()): Promise<void> {
    if (!this.core) return;
    await this.#priceBy((core) => loadShort(core, under_way));
    await this.#take(this.scenario);
  }

  async loadAllModels(): Promise<void> {
    await this.#priceBy(loadWhole);
    this.updateNow();
    document.getElementById('in-model')?.focus();
  }

  fail(text: string, retry: boolean): void {
    this.failed = { text, retry };
    this.host.send({ type: 'error', message: text });
  }

  // What the reader does

  change(scenario: Scenario): void {
    this.scenario = scenario;
    this.update();
  }

  setParameter(id: string, value: number | string | null): void {
    const parameters: Record<string, number | string> = { ...this.scenario.parameters };
    if (value === null) delete parameters[id];
    else parameters[id] = value;
    this.change({ ...withoutRanges(this.scenario, [id]), parameters });
  }

  /** A typed text as the core reads it; the sentence that refuses it, or null. */
  typed(id: string, text: string): string | null {
    const plain = this.format.canonical(text.trim());
    const answer = this.#ask((core) => core.set(this.scenario, id, isRatio(id) && plain && !plain.includes('%') ? `${plain} %` : plain));
    if ('message' in answer) return `${answer.message} ${answer.hint}`.trim();
    this.setParameter(id, answer.parameters?.[id] ?? null);
    return null;
  }

  async useModel(key: string): Promise<void> {
    await this.#take({ ...this.scenario, model: key });
  }

  setTheme(theme: Theme): void {
    this.#theme = theme;
    applyLook(theme, this.settings.accent);
  }

  /** The system changed between light and dark. */
  relook = (): void => applyLook(this.#theme, this.settings.accent);

  openDoor(door: Door, nested: boolean): void {
    if (!nested) this.#opener = document.activeElement?.getAttribute('data-arg') ?? '';
    this.doors = nested ? [...this.doors, door] : [door];
    this.updateNow();
    document.getElementById('explain-title')?.focus({ preventScroll: true });
  }

  /** One step back; from the first explanation, closed. */
  back(all: boolean): void {
    if (this.doors.length === 0) return;
    this.doors = all ? [] : this.doors.slice(0, -1);
    this.updateNow();
    const target = this.doors.length > 0 ? document.getElementById('explain-title')
      : this.element.querySelector<HTMLElement>(`[data-do="explain"][data-arg="${CSS.escape(this.#opener)}"]`);
    target?.focus({ preventScroll: true });
  }

  // Figures

  #ask<Result>(question: (core: Core) => Result): Result | CoreFailure {
    return answerOr(() => question(this.core!));
  }

  #price(): void {
    if (!this.prices) {
      this.estimate = this.comparison = this.explanation = null;
      return;
    }
    const day = this.prices.loaded.as_of;
    if (this.#priced !== this.scenario) {
      this.#priced = this.scenario;
      const estimate = this.#ask((core) => core.estimate(this.scenario, day));
      const comparison = this.#ask((core) => core.compare(this.scenario, day));
      this.failure = 'message' in estimate ? estimate : null;
      this.estimate = 'message' in estimate ? null : estimate;
      this.comparison = 'message' in comparison ? null : comparison;
      void this.#tell();
    }
    const door = this.doors.at(-1);
    const scenario = door?.model ? { ...this.scenario, model: door.model } : this.scenario;
    this.explanation = door ? this.#ask((core) => core.explain(scenario, day, door.id)) : null;
  }

  async #tell(): Promise<void> {
    const { scenario, estimate, failure } = this;
    const packed = await encodeLink({ scenario });
    if (scenario !== this.scenario) return;
    this.link = `index.html${packed}`;
    this.update();
    this.host.send({
      type: 'change', scenario, link: new URL(this.link, location.href).href, status: estimate?.status ?? 'unpriced',
      problem: (failure ?? estimate?.problem)?.message ?? null, model: estimate?.model.key ?? scenario.model ?? null,
      usd_per_month: estimate?.totals.per_month ?? null, usd_per_request: estimate?.totals.per_request ?? null,
      prices_as_of: this.prices?.loaded.as_of ?? null,
    });
    window.clearTimeout(this.#announce);
    this.#announce = window.setTimeout(() => {
      const region = document.getElementById('announcer');
      if (region) region.textContent = `${this.format.amount(estimate?.totals.per_month ?? null)} USD a month`;
    }, announce_after_ms);
  }

  update(): void {
    this.#frame ||= requestAnimationFrame(() => this.updateNow());
  }

  updateNow(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const active = document.activeElement;
    this.#price();
    patch(this.element, widget(this));
    // The reader may have chosen what is no model ("more models").
    const select = document.getElementById('in-model') as HTMLSelectElement | null;
    const key = this.estimate?.model.key ?? this.scenario.model;
    if (select && key !== undefined && select.value !== key) select.value = key;
    // A row that moves takes its focus out of the document for a moment.
    if (active instanceof HTMLElement && active !== document.activeElement && active.isConnected) active.focus({ preventScroll: true });
  }
}
