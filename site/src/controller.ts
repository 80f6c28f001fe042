// Holds the state, asks the core, brings the page in line. Everything the reader does ends in one of these methods.

import { answerOr, CoreError, type Core } from '../../web/tokenbill';
import type { Catalog, Comparison, CoreFailure, Description, Estimate, Explanation, Scenario } from '../../web/types';
import { Undo } from './history';
import { decodeLink, encodeLink } from './link';
import { makeFormat } from './format';
import { freshUi, isRatio, type Claim, type Door, type Page, type Preset, type Prices, type State, type Ui } from './page';
import { available, regions, tree } from './regions';
import { frameSections } from './sections';
import { patch } from './vdom';

const link_interval_ms = 400;
const announce_after_ms = 500;

export class Controller {
  readonly format = makeFormat();
  readonly ui: Ui = freshUi();
  readonly live = true;
  description: Description = { groups: [], parameters: [], categories: [] };
  state: State;
  prices: Prices = { state: 'loading' };
  catalog: Catalog | null = null;
  /** What the core has loaded, for workers with a core of their own. */
  prices_text = '';
  estimate: Estimate | null = null;
  failure: CoreFailure | null = null;
  explanation: Explanation | CoreFailure | null = null;
  claims: readonly Claim[] = [];
  core: Core | null = null;
  /** Called after every update with new figures: views of other modules. */
  readonly listeners = new Set<(page: Page) => void>();

  readonly #undo = new Undo<State>();
  #priced: State | null = null;
  #compared: State | null = null;
  #comparison: Comparison | null = null;
  #frame = 0;
  #linkTimer = 0;
  #linkTime = -Infinity;
  #lastLink = '';
  #announceTimer = 0;
  #opener: HTMLElement | null = null;

  constructor(readonly presets: readonly Preset[]) {
    this.state = { scenario: presets[0]!.scenario, baseline: null };
  }

  get canUndo(): boolean { return this.#undo.canUndo; }
  get canRedo(): boolean { return this.#undo.canRedo; }
  get today(): string { return this.prices.state === 'ready' ? this.prices.loaded.as_of : ''; }

  // State

  change(state: Partial<State>, kind: string): void {
    this.#undo.record(this.state, kind, performance.now());
    this.state = { ...this.state, ...state };
    this.#saveLink();
    this.update();
  }

  setParameter(id: string, value: number | string | null, kind: string): void {
    const p = this.description.parameters.find((one) => one.id === id);
    const parameters: Record<string, number | string> = { ...this.state.scenario.parameters };
    // What equals the default is left out: the link stays short, and the core says "default" of it.
    if (value === null || (p && p.kind !== 'optional_number' && value === p.default)) delete parameters[id];
    else parameters[id] = value;
    this.change({ scenario: { ...this.state.scenario, parameters } }, kind);
  }

  /** A typed text, as the core reads it; the sentence that refuses it, or null. */
  typed(id: string, text: string): string | null {
    if (!this.core) return null;
    const plain = this.format.canonical(text.trim());
    const sent = isRatio(id) && plain !== '' && !plain.includes('%') ? `${plain} %` : plain;
    try {
      const value = this.core.set(this.state.scenario, id, sent).parameters?.[id];
      if (value !== this.state.scenario.parameters?.[id]) this.setParameter(id, value ?? null, `type:${id}`);
      return null;
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      return `${error.failure.message} ${error.failure.hint}`.trim();
    }
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
    const decoded = await decodeLink(fragment);
    if (!decoded || !this.core) return false;
    if ('problem' in decoded) {
      this.ui.message = decoded.problem;
      this.update();
      return false;
    }
    if (decoded.state.section && available.includes(decoded.state.section)) this.ui.section = decoded.state.section;
    return this.takeScenario(decoded.state.scenario, 'The link', decoded.state.baseline ?? null);
  }

  /** A scenario from outside: what is sound in it is taken, what is not is told. */
  takeScenario(given: Scenario, from: string, baseline: string | null = this.state.baseline): boolean {
    if (!this.core) return false;
    const checked = this.#ask((core) => core.check(given));
    if ('message' in checked) {
      this.tell(`${from} holds no scenario that can be read: ${checked.message} ${checked.hint} The page stays as it is.`);
      return false;
    }
    const { scenario, problems } = checked;
    this.tell(problems.length > 0
      ? `${from} was read except for ${problems.length} ${problems.length === 1 ? 'entry' : 'entries'}: ${problems.map((p) => p.message).join(' ')}` : '');
    this.change({ scenario: this.#spare(scenario), baseline }, 'link');
    return true;
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
      return !p || p.kind === 'optional_number' || p.default !== value;
    }));
    return { ...scenario, parameters };
  }

  link(): Promise<string> {
    return encodeLink({ scenario: this.state.scenario, baseline: this.state.baseline ?? undefined,
      section: this.ui.section === 'bill' ? undefined : this.ui.section });
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
    this.#opener?.focus();
    this.#opener = null;
  }

  #explain(): void {
    const door = this.ui.drawer.at(-1);
    this.explanation = null;
    if (!door || door.kind !== 'item' || !this.core || this.prices.state !== 'ready') return;
    const scenario = door.model ? { ...this.state.scenario, model: door.model } : this.state.scenario;
    this.explanation = this.#ask((core) => core.explain(scenario, this.today, door.id));
  }

  // Figures

  #ask<Result>(question: (core: Core) => Result): Result | CoreFailure {
    return answerOr(() => question(this.core!));
  }

  #price(): void {
    if (!this.core || this.prices.state !== 'ready' || this.#priced === this.state) return;
    this.#priced = this.state;
    const start = performance.now();
    const estimate = this.#ask((core) => core.estimate(this.state.scenario, this.today));
    const failed = 'message' in estimate;
    this.failure = failed ? estimate : null;
    this.estimate = failed ? null : estimate;
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
      this.#comparison = 'message' in answer ? null : answer;
      document.documentElement.dataset['compareMs'] = (performance.now() - start).toFixed(2);
    }
    return this.#comparison;
  }

  /** New prices: everything is priced anew. */
  repriced(): void {
    this.#priced = null;
    this.#compared = null;
    this.claims = [];
    this.update();
  }

  #claim(): void {
    if (this.ui.section !== 'claims' || this.claims.length > 0 || this.prices.state !== 'ready') return;
    const estimate = (scenario: Scenario | undefined): Estimate | null => {
      const answer = scenario ? this.#ask((core) => core.estimate(scenario, this.today)) : null;
      return answer && !('message' in answer) ? answer : null;
    };
    this.claims = this.presets.filter((preset) => preset.printed).map((preset) => ({
      preset, printed: estimate(preset.scenario), recomputed: estimate(preset.recomputed?.scenario) }));
  }

  /** One sentence for those who hear the page, once the reader pauses. */
  #announce(): void {
    window.clearTimeout(this.#announceTimer);
    this.#announceTimer = window.setTimeout(() => {
      const region = document.getElementById('announcer');
      const month = this.estimate?.totals.per_month ?? null;
      if (region) region.textContent = `${this.format.amount(month)} USD a month with ${this.estimate?.model.name ?? 'this model'}`;
    }, announce_after_ms);
  }

  // Page

  /** Brings the page in line in the next frame; several changes in one frame cost one. */
  update(): void {
    this.#frame ||= requestAnimationFrame(() => this.updateNow());
  }

  updateNow(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const start = performance.now();
    const active = document.activeElement;
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
    if (shown) frameSections(this.ui);
    // A row that moves takes its focus out of the document for a moment; give it back.
    if (active instanceof HTMLElement && active !== document.activeElement && active.isConnected) active.focus({ preventScroll: true });
    for (const listener of this.listeners) listener(page);
    document.documentElement.dataset['updateMs'] = (performance.now() - start).toFixed(2);
  }
}
