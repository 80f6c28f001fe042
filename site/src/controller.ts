// Holds the state, asks the core, brings the page in line. Everything the reader does ends in one of these methods.

import { answerOr, Core, CoreError } from '../../web/tokenbill';
import type { Catalog, Comparison, CoreFailure, Description, Estimate, Explanation, InputRange, LoadedHardware, Parameter, Scenario } from '../../web/types';
import { fetchClaims } from './claims';
import { rescueFocus, trail } from './focus';
import { Undo } from './history';
import { decodeLink, encodeLink, type Decoded, type LinkState } from './link';
import { makeFormat, type Format } from './format';
import { closeLater, isRanged, openLater } from './lazy';
import {
  claimKey, failed, freshUi, isRatio, valueOf, type Claims, type Door, type Page, type Preset, type Prices, type State, type Ui, type WorkedExample,
} from './page';
import { available, regions, tree } from './regions';
import { eachEnd, withoutRanges, withRange } from './scenario_ranges';
import { most_scenarios, nameOf } from './scenarios';
import { frameSections } from './sections';
import { translate } from './language';
import { none, referenceKey } from './references';
import { patch } from './vdom';
import { figureOf } from './views/parts';

/** A link that a person typed: short_link.ts. */
const typed_form = /^#[\w.]+=/;
const link_interval_ms = 400;
const announce_after_ms = 500;
const claims_ms = 8;
const dragged_ms = 150;

export class Controller {
  format = makeFormat();
  readonly ui: Ui = freshUi();
  readonly live = true;
  description: Description = { groups: [], parameters: [], categories: [] };
  state: State;
  prices: Prices = { state: 'loading' };
  catalog: Catalog | null = null;
  /** What the section on own GPUs has loaded, and why it could not. */
  hardware: LoadedHardware | null = null;
  hardware_text = '';
  hardware_problem = '';
  /** What the core has loaded, for workers with a core of their own. */
  prices_text = '';
  estimate: Estimate | null = null;
  failure: CoreFailure | null = null;
  explanation: Explanation | CoreFailure | null = null;
  examples: readonly WorkedExample[] = [];
  claims: Claims = { state: 'absent' };
  core: Core | null = null;
  /** Called after every update with new figures: views of other modules. */
  readonly listeners = new Set<(page: Page) => void>();

  readonly #undo = new Undo<State>();
  #priced: State | null = null;
  #compared: State | null = null;
  #comparison: Comparison | null = null;
  #asked_for: State | null = null;
  readonly #answers = new Map<string, { readonly state: State; readonly slow: boolean; readonly answer: unknown }>();
  #whole: Promise<void> | null = null;
  #dragging = 0;
  #frame = 0;
  #linkTimer = 0;
  #linkTime = -Infinity;
  #lastLink = '';
  /** What the last link held beyond what this version knows. */
  #rest: Readonly<Record<string, unknown>> = {};
  #announceTimer = 0;
  #opener: HTMLElement | null = null;

  constructor(readonly presets: readonly Preset[]) {
    this.state = { scenario: presets[0]!.scenario, baseline: null, others: [], at: 0 };
  }

  get canUndo(): boolean { return this.#undo.canUndo; }
  get canRedo(): boolean { return this.#undo.canRedo; }
  get today(): string { return this.prices.state === 'ready' ? this.prices.loaded.as_of : ''; }

  // State

  change(state: Partial<State>, kind: string): void {
    if (state === this.state) return;
    if (kind.startsWith('slide:')) this.#drag();
    this.#undo.record(this.state, kind, performance.now());
    this.state = { ...this.state, ...state };
    if (kind !== 'address') this.#saveLink();
    this.update();
  }

  setParameter(id: string, value: number | string | null, kind: string): void {
    this.setParameters({ [id]: value }, kind);
  }

  /** Several inputs in one step; null is back to the default. */
  setParameters(values: Readonly<Record<string, number | string | null>>, kind: string): void {
    const parameters: Record<string, number | string> = { ...this.state.scenario.parameters };
    for (const [id, value] of Object.entries(values)) {
      const p = this.description.parameters.find((one) => one.id === id);
      // What equals the default is left out: the link stays short, and the core says "default" of it.
      if (value === null || (p && p.kind !== 'optional_number' && value === p.default)) delete parameters[id];
      else parameters[id] = value;
    }
    this.change({ scenario: { ...withoutRanges(this.state.scenario, Object.keys(values)), parameters } }, kind);
  }

  /** A typed text, as the core reads it; the sentence that refuses it, or null. */
  typed(id: string, text: string): string | null {
    if (!this.core) return null;
    const sent = eachEnd(text.trim(), (end) => {
      const plain = this.format.canonical(end);
      return isRatio(id) && plain !== '' && !plain.includes('%') ? `${plain} %` : plain;
    });
    try {
      const { parameters, ranges } = this.core.set(this.state.scenario, id, sent);
      const value = parameters?.[id];
      const range = ranges?.[id];
      if (range) this.#setRange(id, value as number, range);
      else if (value !== this.state.scenario.parameters?.[id] || this.state.scenario.ranges?.[id]) this.setParameter(id, value ?? null, `type:${id}`);
      return null;
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      return `${error.failure.message} ${error.failure.hint}`.trim();
    }
  }

  #setRange(id: string, likely: number, range: InputRange): void {
    const { scenario } = this.state;
    const before = scenario.ranges?.[id];
    if (before && before.low === range.low && before.high === range.high && before.level === range.level && scenario.parameters?.[id] === likely) return;
    this.change({ scenario: withRange({ ...scenario, parameters: { ...scenario.parameters, [id]: likely } }, id, range) }, `type:${id}`);
  }

  /** A typed name of an entry of the price list, a date or a currency; the sentence that refuses it, or null. */
  refer(p: Parameter, text: string): string | null {
    const key = referenceKey(p, text, this.catalog);
    if (key === null) return `The list has no “${text.trim()}”. Choose from the list that opens while you type, or write “${none}”.`;
    if (key !== '') return this.typed(p.id, key);
    if (valueOf(this.state.scenario, p) !== '') this.setParameter(p.id, '', `refer:${p.id}`);
    return null;
  }

  step(direction: 'undo' | 'redo'): void {
    const state = this.#undo[direction](this.state);
    if (!state) return;
    this.state = state;
    this.ui.errors = new Map();
    this.ui.draft = null;
    this.#saveLink();
    this.update();
  }

  // Link

  /** Takes over what the address holds. False = it holds nothing of ours. */
  async readLink(fragment: string): Promise<boolean> {
    if (fragment !== '' && fragment === this.#lastLink) return true;
    if (!this.core) return false;
    const decoded = typed_form.test(fragment) ? await this.#readShort(fragment) : await decodeLink(fragment);
    if (!decoded) return false;
    if ('problem' in decoded) {
      this.ui.message = decoded.problem;
      this.update();
      return false;
    }
    const { scenario, others = [], at = 0, baseline = null, section } = decoded.state;
    if (section && available.includes(section)) this.ui.section = section;
    const taken = this.#sound(scenario, 'The link');
    if (!taken.scenario) {
      this.tell(`${taken.problem} The page stays as it is.`);
      return false;
    }
    const told = [decoded.told ?? '', taken.problem];
    const beside: Scenario[] = [];
    let before = 0;
    for (const [i, one] of others.entries()) {
      if (beside.length === most_scenarios - 1) {
        told.push(`A link holds at most ${most_scenarios} scenarios; the others were left out.`);
        break;
      }
      const next = this.#sound(one, `${nameOf(one)}, a scenario of the link,`);
      told.push(next.problem);
      if (!next.scenario) continue;
      beside.push(next.scenario);
      if (i < at) before += 1;
    }
    this.#rest = decoded.rest ?? {};
    const unknown = Object.keys(this.#rest);
    if (unknown.length > 0) told.push(`The link also holds ${unknown.join(', ')}, which this version of Tokenbill does not know: it stays in the link.`);
    const message = told.filter(Boolean).join(' ');
    this.tell(message);
    // The address stays what it is while it says all that was taken: a link that can be read stays one.
    if (message === '') this.#lastLink = fragment;
    this.change({ scenario: taken.scenario, baseline, others: beside, at: before }, message === '' ? 'address' : 'link');
    return true;
  }

  async #readShort(fragment: string): Promise<Decoded> {
    try {
      const { readShort } = await import('./short_link');
      return readShort(fragment, this.core!, this.description.parameters, this.presets, this.today || null);
    } catch {
      return { problem: 'The part of the page that reads this form of link could not be loaded. The page shows its defaults instead.' };
    }
  }

  /** A scenario from outside: what is sound in it, or null, and a sentence about what is not. */
  #sound(given: Scenario, from: string): { readonly scenario: Scenario | null; readonly problem: string } {
    const checked = this.#ask((core) => core.check(given));
    if (failed(checked)) return { scenario: null, problem: `${from} holds no scenario that can be read: ${checked.message} ${checked.hint}` };
    const { problems } = checked;
    return { scenario: this.#spare(checked.scenario), problem: problems.length > 0
      ? `${from} was read except for ${problems.length} ${problems.length === 1 ? 'entry' : 'entries'}: ${problems.map((p) => p.message).join(' ')}` : '' };
  }

  /** A scenario from outside in place of the present one: what is sound in it is taken, what is not is told. */
  takeScenario(given: Scenario, from: string): boolean {
    if (!this.core) return false;
    const { scenario, problem } = this.#sound(given, from);
    this.tell(scenario ? problem : `${problem} The page stays as it is.`);
    if (scenario) this.change({ scenario }, 'link');
    return scenario !== null;
  }

  /** Another scenario, or another set of them, from scenarios.ts. What was being typed belonged to the one before. */
  changeScenarios(state: State, kind: string): void {
    this.ui.errors = new Map();
    this.ui.draft = null;
    this.change(state, kind);
  }

  tell(message: string): void {
    this.ui.message = message;
    this.ui.linkText = '';
    this.update();
  }

  /** A scenario without the entries that only repeat defaults. */
  #spare(scenario: Scenario): Scenario {
    const parameters = Object.fromEntries(Object.entries(scenario.parameters ?? {}).filter(([id, value]) => {
      const p = this.description.parameters.find((one) => one.id === id);
      return !p || p.kind === 'optional_number' || p.default !== value || scenario.ranges?.[id] !== undefined;
    }));
    return { ...scenario, parameters };
  }

  #linkState(): LinkState {
    const { scenario, baseline, others, at } = this.state;
    return { scenario, baseline: baseline ?? undefined, section: this.ui.section === 'bill' ? undefined : this.ui.section,
      ...(others.length > 0 ? { others, at } : {}) };
  }

  /** The fragment for the address: packed, whatever the state is. */
  link(): Promise<string> { return encodeLink(this.#linkState(), this.#rest); }

  /** Where others find this page. A page that was saved as a file knows where it was. */
  get address(): string { return document.documentElement.dataset['home'] ?? location.href.split('#')[0]!; }

  /** The whole address in the form that can be read; null = the state does not fit into one that is short enough for a chat. */
  async shortLink(): Promise<string | null> {
    const { longest_link, writeShort } = await import('./short_link');
    const short = Object.keys(this.#rest).length > 0 ? null : writeShort(this.#linkState(), this.core!, this.description.parameters, this.presets);
    return short !== null && this.address.length + short.length <= longest_link ? this.address + short : null;
  }

  /** The whole address to give to somebody: one that can be read where there is one. */
  async sharedLink(): Promise<string> {
    const packed = async (): Promise<string> => this.address + await this.link();
    // Where the other form could not be loaded, the packed link says the same.
    return await this.shortLink().catch(() => null) ?? packed();
  }

  #saveLink(): void {
    if (this.#linkTimer) return;
    // Browsers refuse more than about 100 entries in 30 s.
    const wait = Math.max(0, this.#linkTime + link_interval_ms - performance.now());
    this.#linkTimer = window.setTimeout(async () => {
      this.#linkTimer = 0;
      this.#linkTime = performance.now();
      const link = await this.link();
      try {
        window.history.replaceState(null, '', link);
        this.#lastLink = link;
      } catch { /* The address stays as it was; "Copy link" still works. */ }
    }, wait);
  }

  showSection(id: string): void {
    closeLater(this.ui.section);
    this.ui.section = id;
    this.#saveLink();
    this.update();
  }

  // Explanations

  openDoor(door: Door, nested: boolean): void {
    if (!nested) this.#opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.ui.drawer = nested ? [...this.ui.drawer, door] : [door];
    this.#explain();
    this.updateNow();
    document.getElementById('drawer-title')?.focus({ preventScroll: true });
  }

  back(): void {
    this.ui.drawer = this.ui.drawer.slice(0, -1);
    this.#explain();
    this.updateNow();
    document.getElementById('drawer-title')?.focus({ preventScroll: true });
  }

  closeDrawer(): void {
    if (this.ui.drawer.length === 0) return;
    this.ui.drawer = [];
    this.explanation = null;
    this.updateNow();
    // A figure that is gone meanwhile leaves the focus where the update put it.
    if (this.#opener?.isConnected) this.#opener.focus();
    this.#opener = null;
  }

  #explain(): void {
    const door = this.ui.drawer.at(-1);
    this.explanation = null;
    if (!door || door.kind === 'model' || !this.core || this.prices.state !== 'ready') return;
    const scenario = door.model ? { ...this.state.scenario, model: door.model } : this.state.scenario;
    this.explanation = this.#ask((core) => (door.kind === 'own' ? core.explainOwn : core.explain)(scenario, this.today, door.id));
  }

  // Figures

  /** The operations of opened sections: core-all.wasm takes the place of core.wasm. A failed load is tried again when asked again. */
  wholeCore(): Promise<void> {
    this.#whole ??= Core.load('core-all.wasm', __WASM_ALL_INTEGRITY__).then((whole) => {
      if (this.prices_text) whole.loadPrices(this.prices_text);
      this.core!.become(whole);
    }).catch((error: unknown) => {
      this.#whole = null;
      throw error;
    });
    return this.#whole;
  }

  #ask<Result>(question: (core: Core) => Result): Result | CoreFailure {
    return answerOr(() => question(this.core!));
  }

  #price(): void {
    if (!this.core || this.prices.state !== 'ready' || this.#priced === this.state) return;
    this.#priced = this.state;
    const start = performance.now();
    const estimate = this.#ask((core) => core.estimate(this.state.scenario, this.today));
    this.failure = failed(estimate) ? estimate : null;
    this.estimate = failed(estimate) ? null : estimate;
    this.#explain();
    this.#announce();
    document.documentElement.dataset['coreMs'] = (performance.now() - start).toFixed(2);
  }

  /** All models for the state as it is, priced when a view first asks: none does while only the bill is open. */
  get comparison(): Comparison | null {
    if (this.core && this.prices.state === 'ready' && this.#compared !== this.state) {
      this.#compared = this.state;
      const start = performance.now();
      const answer = this.#ask((core) => core.compare(this.state.scenario, this.today));
      this.#comparison = failed(answer) ? null : answer;
      document.documentElement.dataset['compareMs'] = (performance.now() - start).toFixed(2);
    }
    return this.#comparison;
  }

  ask<Answer>(what: string, question: (core: Core, scenario: Scenario, today: string) => Answer, slow = false): Answer | CoreFailure | null {
    if (!this.core || this.prices.state !== 'ready') return null;
    if (this.#asked_for !== this.state) {
      this.#asked_for = this.state;
      for (const [key, known] of this.#answers) if (!known.slow) this.#answers.delete(key);
    }
    const known = this.#answers.get(what);
    if (known && (known.state === this.state || (slow && this.#dragging))) return known.answer as Answer | CoreFailure;
    const answer = this.#ask((core) => question(core, this.state.scenario, this.today));
    this.#answers.set(what, { state: this.state, slow, answer });
    return answer;
  }

  /** A slider moves: slow questions wait until it rests. */
  #drag(): void {
    window.clearTimeout(this.#dragging);
    this.#dragging = window.setTimeout(() => {
      this.#dragging = 0;
      this.update();
    }, dragged_ms);
  }

  /** New prices: everything is priced anew. */
  repriced(): void {
    this.#priced = null;
    this.#compared = null;
    this.#answers.clear();
    this.examples = [];
    if (this.claims.state === 'ready') this.claims = { ...this.claims, figures: new Map() };
    this.update();
  }

  #claim(): void {
    if (this.ui.section !== 'claims' || this.prices.state !== 'ready') return;
    if (this.examples.length === 0) {
      const estimate = (scenario: Scenario | undefined): Estimate | null => {
        const answer = scenario ? this.#ask((core) => core.estimate(scenario, this.today)) : null;
        return answer && !failed(answer) ? answer : null;
      };
      this.examples = this.presets.filter((preset) => preset.printed).map((preset) => ({
        preset, printed: estimate(preset.scenario), recomputed: estimate(preset.recomputed?.scenario) }));
    }
    if (this.claims.state === 'absent') void this.loadClaims();
    else if (this.claims.state === 'ready') this.#recompute();
  }

  async loadClaims(): Promise<void> {
    this.claims = { state: 'loading' };
    try {
      this.claims = { state: 'ready', list: await fetchClaims(), figures: new Map() };
    } catch (error) {
      this.claims = { state: 'failed', what: error instanceof Error ? error.message : String(error) };
    }
    this.update();
  }

  /** As many claims as a frame has time for; the others follow in the next frames. */
  #recompute(): void {
    if (this.claims.state !== 'ready') return;
    const { list } = this.claims;
    const figures = new Map(this.claims.figures);
    const end = performance.now() + claims_ms;
    const open = list.flatMap((claim) => claim.recomputed.map((reading, i) => ({ key: claimKey(claim, i), reading })))
      .filter(({ key }) => !figures.has(key));
    if (open.length === 0) return;
    for (const { key, reading } of open) {
      if (performance.now() > end) {
        this.update();
        break;
      }
      const answer = this.#ask((core) => core.estimate(reading.scenario, this.today));
      figures.set(key, failed(answer) ? { value: null, unit_text: '' } : figureOf(answer, reading.figure));
    }
    this.claims = { state: 'ready', list, figures };
  }

  /** A claim's scenario becomes the page's. */
  openClaim(key: string): void {
    if (this.claims.state !== 'ready') return;
    for (const claim of this.claims.list) {
      const reading = claim.recomputed.find((_, i) => claimKey(claim, i) === key);
      if (reading && this.takeScenario(reading.scenario, `Claim ${claim.id}`) && !this.ui.message) {
        this.tell(`The scenario of ${claim.id} is open: ${reading.label}. Undo brings yours back.`);
      }
    }
  }

  /** One sentence for those who hear the page, once the reader pauses. */
  #announce(): void {
    window.clearTimeout(this.#announceTimer);
    this.#announceTimer = window.setTimeout(() => {
      const region = document.getElementById('announcer');
      const month = this.estimate?.totals.per_month ?? null;
      if (region) region.textContent = translate(`${this.format.amount(month)} USD a month with ${this.estimate?.model.name ?? 'this model'}`);
    }, announce_after_ms);
  }

  // Page

  /** All is said anew in another language. What was being typed was written in the other one's way. */
  speak(language: Ui['language'], format: Format): void {
    this.format = format;
    this.ui.language = language;
    this.ui.errors = new Map();
    this.ui.draft = null;
    this.update();
  }

  /** Brings the page in line in the next frame; several changes in one frame cost one. */
  update(): void {
    this.#frame ||= requestAnimationFrame(() => this.updateNow());
  }

  updateNow(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const start = performance.now();
    const active = document.activeElement;
    const around = trail(active);
    this.#price();
    this.#claim();
    const page: Page = this;
    const shown = this.prices.state === 'ready';
    for (const region of regions) {
      if (region.priced && !shown) continue;
      // A closed section is brought in line when it opens.
      if (region.id.startsWith('body-') && region.id !== `body-${this.ui.section}`) continue;
      const element = document.getElementById(region.id);
      if (element) patch(element, tree(region, page));
    }
    document.body.toggleAttribute('data-built-in', this.prices.state === 'failed');
    if (shown) {
      frameSections(this.ui);
      void openLater(this.ui.section, this);
      if (isRanged(this)) void openLater('ranges', this);
    }
    // A row that moves takes its focus out of the document for a moment; give it back.
    if ((active instanceof HTMLElement || active instanceof SVGElement) && active !== document.activeElement && active.isConnected) active.focus({ preventScroll: true });
    rescueFocus(around);
    for (const listener of this.listeners) listener(page);
    document.documentElement.dataset['updateMs'] = (performance.now() - start).toFixed(2);
  }
}
