// The widget's state: reads the fragment, asks the core, brings the frame in line, tells the host.

import { answerOr, type Core } from '../../../web/tokenbill';
import type { CheckedScenario, Comparison, CoreFailure, Description, Estimate, Explanation, Scenario } from '../../../web/types';
import { billMarkdown } from '../export';
import { makeFormat } from '../format';
import { decodeLink, encodeLink } from '../link';
import { isRatio, type Preset } from '../page';
import { withoutRanges } from '../scenario_ranges';
import { patch } from '../vdom';
import { isControl } from './controls';
import { Host } from './host';
import { applyLook } from './look';
import { fetchShort, isEnough, loadShort, loadWhole, PricesError, type Prices } from './prices';
import { place } from './place';
import { readSettings, themeOf, type Settings, type Theme } from './settings';
import { languageOf, type Language, type Texts } from './texts';
import { widget } from './view';

export interface Door { readonly id: string; readonly model: string | undefined }

const announce_after_ms = 500;
const largest_message = 1024 * 1024;

export class Widget {
  language: Language = languageOf(null);
  format = makeFormat();
  readonly host = new Host({
    setTheme: (theme) => this.setTheme(themeOf(theme)),
    setScenario: (given) => void this.#given(given),
    setLanguage: (lang) => {
      this.setLanguage(lang);
      this.update();
    },
  });
  core: Core | null = null;
  description: Description = { groups: [], parameters: [], categories: [] };
  settings: Settings = readSettings('');
  scenario: Scenario;
  prices: Prices | null = null;
  /** Why there is nothing to show, and whether trying again can help. */
  failed: { readonly text: (texts: Texts) => string; readonly retry: boolean } | null = null;
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
  link = place('index.html');
  /** What is in the clipboard. */
  copied: 'link' | 'table' | null = null;
  /** What the browser refused to copy, for the reader to take. */
  to_copy: string | null = null;
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
    this.setLanguage(settings.lang);
    this.#forget();
    const preset = this.presets.find((one) => one.id === settings.preset);
    const { texts } = this.language;
    let scenario = (preset ?? this.presets[0]!).scenario;
    if (settings.packed !== null) {
      const decoded = await decodeLink(settings.packed);
      if (decoded && 'problem' in decoded) this.#complain(texts.damaged(decoded.problem));
      else if (decoded) scenario = this.#sound(decoded.state.scenario, texts.link_unread, texts.link_in_part) ?? scenario;
    } else if (settings.preset !== null && !preset) {
      this.#complain(texts.no_preset(settings.preset.slice(0, 40)));
    }
    const strange = settings.controls.filter((id) => id !== 'model' && !this.description.parameters.some((p) => p.id === id && isControl(p)));
    if (strange.length > 0) this.#complain(texts.no_input(strange[0]!.slice(0, 40)));
    this.doors = [];
    await this.#take(scenario);
  }

  /** What is sound in a scenario from outside; what is not is told. */
  #sound(given: unknown, unread: (why: string) => string, in_part: (what: string) => string): Scenario | null {
    // Of anything else the core would keep its defaults, which nobody asked for.
    const no_object = typeof given !== 'object' || given === null || Array.isArray(given);
    const checked: CheckedScenario | { readonly message: string } = no_object
      ? { message: this.language.texts.no_object } : this.#ask((core) => core.check(given));
    if ('message' in checked) {
      this.#complain(unread(checked.message));
      return null;
    }
    if (checked.problems.length > 0) this.#complain(in_part(checked.problems.map((p) => p.message).join(' ')));
    return checked.scenario;
  }

  /** The scenario in the currency that the address asks for. Without a rate it stays in dollars, and a sentence says so. */
  #inCurrency(scenario: Scenario): Scenario {
    const { currency, rate, rate_date } = this.settings;
    const { texts } = this.language;
    const { currency_code, currency_rate, currency_date, ...others } = scenario.parameters ?? {};
    const code = currency ?? currency_code;
    const in_dollars = { ...scenario, parameters: others };
    if (!code) return scenario;
    if (code === 'USD') return in_dollars;
    // A rate of the scenario is one of the scenario's currency.
    const own = code === currency_code;
    const given = rate ?? (own ? currency_rate : undefined);
    if (given === undefined) {
      this.#complain(texts.no_rate(String(code).slice(0, 40)));
      return in_dollars;
    }
    const date = rate_date ?? (own && rate === null ? currency_date : undefined);
    let converted = in_dollars as Scenario;
    for (const [id, value] of [['currency_code', code], ['currency_rate', given], ['currency_date', date]] as const) {
      if (value === undefined) continue;
      const answer = this.#ask((core) => core.set(converted, id, String(value)));
      if ('message' in answer) {
        this.#complain(texts.bad_rate(String(code).slice(0, 40), `${answer.message} ${answer.hint}`.trim()));
        return in_dollars;
      }
      converted = answer;
    }
    return converted;
  }

  async #given(given: unknown): Promise<void> {
    this.#forget();
    let text: string | undefined;
    try {
      text = JSON.stringify(given);
    } catch { /* Told below. */ }
    const plain = text !== undefined && text.length <= largest_message && this.core !== null;
    const { texts } = this.language;
    const scenario = plain ? this.#sound(JSON.parse(text!), texts.message_unread, texts.message_in_part) : null;
    if (!plain) this.#complain(texts.message_unread(texts.no_object));
    if (scenario) await this.#take(scenario);
    else this.updateNow();
  }

  /** Takes a scenario over, with the price list that it needs. */
  async #take(given: Scenario): Promise<void> {
    const scenario = this.#inCurrency(given);
    this.scenario = scenario;
    this.copied = null;
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
      this.fail(error instanceof PricesError ? error.sentence : () => String(error), true);
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

  fail(text: (texts: Texts) => string, retry: boolean): void {
    this.failed = { text, retry };
    this.host.send({ type: 'error', message: text(this.language.texts) });
  }

  // What the reader does

  change(scenario: Scenario): void {
    this.scenario = scenario;
    this.copied = null;
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
    applyLook(theme, this.settings);
  }

  /** The system changed between light and dark. */
  relook = (): void => applyLook(this.#theme, this.settings);

  setLanguage(lang: unknown): void {
    this.language = languageOf(lang);
    this.format = makeFormat(this.language.locale, this.language.texts.unknown);
    const root = document.documentElement;
    root.lang = this.language.tag;
    root.dir = this.language.direction;
  }

  /** Copies the link or the bill. Where the browser refuses, the text stands in the widget, selected. */
  async copy(what: 'link' | 'table'): Promise<void> {
    const { estimate, format, link } = this;
    const text = what === 'link' || !estimate ? link
      : billMarkdown(estimate, link, format.column(estimate.items.map((item) => item.usd_per_month)));
    this.doors = [];
    this.copied = this.to_copy = null;
    try {
      await navigator.clipboard.writeText(text);
      this.copied = what;
      this.#say(what === 'link' ? this.language.texts.link_copied : this.language.texts.table_copied);
      this.updateNow();
    } catch {
      this.#opener = what;
      this.to_copy = text;
      this.updateNow();
      (document.getElementById('to-copy') as HTMLTextAreaElement | null)?.select();
    }
  }

  openDoor(door: Door, nested: boolean): void {
    this.to_copy = null;
    if (!nested) this.#opener = document.activeElement?.getAttribute('data-arg') ?? '';
    this.doors = nested ? [...this.doors, door] : [door];
    this.updateNow();
    document.getElementById('explain-title')?.focus({ preventScroll: true });
  }

  /** One step back; from the first explanation, closed. */
  back(all: boolean): void {
    if (this.doors.length === 0 && this.to_copy === null) return;
    this.to_copy = null;
    this.doors = all ? [] : this.doors.slice(0, -1);
    this.updateNow();
    const target = this.doors.length > 0 ? document.getElementById('explain-title')
      : this.element.querySelector<HTMLElement>(`:is([data-do="explain"], [data-do="copy"])[data-arg="${CSS.escape(this.#opener)}"]`);
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
    this.link = place('index.html') + packed;
    this.update();
    this.host.send({
      type: 'change', scenario, link: this.link, status: estimate?.status ?? 'unpriced',
      problem: (failure ?? estimate?.problem)?.message ?? null, model: estimate?.model.key ?? scenario.model ?? null,
      usd_per_month: estimate?.totals.per_month ?? null, usd_per_request: estimate?.totals.per_request ?? null,
      prices_as_of: this.prices?.loaded.as_of ?? null,
    });
    window.clearTimeout(this.#announce);
    this.#announce = window.setTimeout(() => {
      this.#say(`${this.format.amount(estimate?.totals.per_month ?? null)} USD ${this.language.texts.a_month}`);
    }, announce_after_ms);
  }

  #say(text: string): void {
    const region = document.getElementById('announcer');
    if (region) region.textContent = text;
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
