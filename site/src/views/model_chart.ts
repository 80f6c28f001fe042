// The month of every model that can serve the scenario, as dots on one logarithmic axis, a row for each seller. Drawn by
// Observable Plot; loaded after the first number, when Models is first opened. The table below it holds the same data.

import { dot, gridX, axisX, axisY, plot, ruleX, ruleY } from '@observablehq/plot';
import { ratioWords } from '../format';
import { translate } from '../language';
import { relative } from '../models';
import { dotsOf, lanes, logMarks, shortSeller, summary, type Dot, type DotKind, type Dots } from '../model_dots';
import type { Controller } from '../controller';
import { h, patch, type VElement } from '../vdom';

/** Drawing waits for this long a pause of the reader's. */
const pause_ms = 150;
const row_height = 22;
const margin = { top: 24, right: 24, bottom: 44 };
/** A pointer this near to a dot means it. */
const reach = 20;
const narrow = 560;

interface Spot extends Dot { readonly x: number; readonly y: number }

const legend: readonly (readonly [DotKind, string])[] = [['chosen', 'chosen'], ['baseline', 'baseline'], ['other', 'other models'], ['filtered', 'left out by the filters']];
const symbols: Readonly<Record<DotKind, VElement>> = {
  chosen: h('path', { d: 'M8 1 L14 8 L8 15 L2 8 Z' }),
  baseline: h('rect', { x: 3, y: 3, width: 10, height: 10 }),
  other: h('circle', { cx: 8, cy: 8, r: 3.5 }),
  filtered: h('circle', { cx: 8, cy: 8, r: 1.5 }),
};

class ModelChart {
  readonly #stage: HTMLElement;
  readonly #plot: HTMLElement;
  readonly #tip: HTMLElement;
  readonly #text: HTMLElement;
  #dots: Dots | null = null;
  #spots: readonly Spot[] = [];
  /** Key of the dot that is pointed at. */
  #at: string | null = null;
  /** What the chart shows, or shows after the pause. */
  #wanted: readonly unknown[] = [];
  #width = 0;
  #timer = 0;

  constructor(readonly place: HTMLElement, readonly app: Controller) {
    place.replaceChildren(document.createElement('figure'));
    this.#frame();
    const find = (name: string) => place.querySelector<HTMLElement>(name)!;
    [this.#stage, this.#plot, this.#tip, this.#text] = [find('.chart-stage'), find('.chart-plot'), find('.chart-tip'), find('figcaption')];
    const stage = this.#stage;
    stage.addEventListener('pointermove', (event) => this.#point(this.#near(event)));
    stage.addEventListener('pointerdown', (event) => this.#point(this.#near(event)));
    stage.addEventListener('pointerleave', () => this.#point(null));
    stage.addEventListener('click', (event) => this.#open(this.#near(event)));
    stage.addEventListener('focus', () => { if (!this.#at && stage.matches(':focus-visible')) this.#point(this.#start()); });
    stage.addEventListener('blur', () => this.#point(null));
    stage.addEventListener('keydown', (event) => this.#key(event));
    app.listeners.add(() => this.#follow());
    // The width comes from here alone: asking the element after an update would lay the page out at once.
    new ResizeObserver(([entry]) => {
      this.#width = Math.round(entry!.contentRect.width);
      this.#follow();
    }).observe(place);
  }

  /** What stays while the dots change. */
  #frame(): void {
    patch(this.place.firstElementChild!, h('figure', { 'aria-labelledby': 'chart-text', class: 'chart-figure' },
      h('p', { class: 'chart-legend' }),
      h('div', { class: 'chart-stage', tabindex: 0, role: 'application', 'aria-roledescription': 'dot chart',
        'aria-label': 'USD a month of each model, by seller', 'aria-describedby': 'chart-text chart-keys' },
      h('div', { class: 'chart-plot', 'aria-hidden': 'true' }), h('output', { class: 'chart-tip', hidden: true })),
      h('figcaption', { id: 'chart-text', class: 'quiet' }),
      h('p', { id: 'chart-keys', class: 'hidden-text' }, 'Left and right arrow keys move to the seller’s next cheaper or dearer model, up and down to the next seller, '
        + 'Home and End to the cheapest and the dearest; Enter opens the model. The table below holds the same figures.')));
  }

  /** Draws anew, once the reader pauses, if anything that the chart shows has changed. */
  #follow(): void {
    const { app } = this;
    if (app.ui.section !== 'models' || this.#width === 0) return;
    const { query, seller, capability, context } = app.ui;
    const wanted = [app.comparison, app.format, this.#width, query, seller, capability, context];
    if (wanted.every((one, i) => one === this.#wanted[i])) return;
    // In another language all is drawn anew, and at once.
    const said_anew = this.#wanted.length > 0 && this.#wanted[1] !== app.format;
    const first = this.#wanted.length === 0 || said_anew;
    this.#wanted = wanted;
    clearTimeout(this.#timer);
    if (first) {
      if (said_anew) this.#frame();
      this.#draw();
      return;
    }
    const draw = () => { if (wanted === this.#wanted) this.#draw(); };
    this.#timer = window.setTimeout(() => {
      if ('requestIdleCallback' in window) requestIdleCallback(draw, { timeout: 500 });
      else draw();
    }, pause_ms);
  }

  #draw(): void {
    const { app, place } = this;
    const { comparison } = app;
    const width = this.#width;
    this.place.querySelector<HTMLElement>('figure')!.hidden = !comparison;
    if (!comparison) return;
    const start = performance.now();
    const found = this.#dots = dotsOf(comparison, app);
    const small = width < narrow;
    const first = found.dots[0];
    patch(this.#text, h('figcaption', { id: 'chart-text', class: 'quiet' }, summary(found, app)));
    this.#stage.hidden = !first;
    const present = new Set(found.dots.map(({ kind }) => kind));
    patch(place.querySelector('.chart-legend')!, h('p', { class: 'chart-legend' }, legend.filter(([kind]) => present.has(kind)).map(([kind, text]) =>
      h('span', null, h('svg', { class: `chart-${kind}`, width: 16, height: 16, 'aria-hidden': 'true' }, symbols[kind]),
        kind === 'chosen' && found.chosen === found.pinned ? 'chosen, and baseline' : text))));
    if (!first) {
      this.#spots = [];
      return;
    }
    const low = first.usd / 1.08;
    const high = found.dots.at(-1)!.usd * 1.08;
    const left = small ? 100 : 184;
    const span = width - left - margin.right;
    const at = lanes(found.dots, (usd) => (Math.log(usd / low) / Math.log(high / low)) * span, 8);
    const placed = found.dots.map((one, i) => ({ ...one, y: one.row + at[i]! * 0.3 }));
    const rows = found.sellers.map((_, i) => i);
    const marks = logMarks(low, high, Math.max(2, Math.floor(span / (small ? 60 : 70))));
    const drawn = (kind: DotKind, options: object) => dot(placed.filter((one) => one.kind === kind),
      { x: 'usd', y: 'y', className: `chart-${kind}`, fill: null, stroke: null, ...options });
    const svg = plot({
      className: 'chart', width, height: margin.top + margin.bottom + rows.length * row_height,
      marginTop: margin.top, marginRight: margin.right, marginBottom: margin.bottom, marginLeft: left,
      x: { type: 'log', domain: [low, high], label: null }, y: { type: 'linear', domain: [rows.length - 0.5, -0.5], label: null },
      marks: [
        ruleY(rows, { className: 'chart-row' }), gridX(marks, { className: 'chart-grid' }),
        axisX(marks, { anchor: 'bottom', tickSize: 0, text: (usd: number) => app.format.short(usd), className: 'chart-axis',
          label: translate(small ? 'USD a month, logarithmic axis' : 'USD a month, on a logarithmic axis: equal distances are equal ratios'), labelAnchor: 'left', labelArrow: 'none', labelOffset: 36 }),
        axisY(rows, { tickSize: 0, tickFormat: (i: number) => (small ? shortSeller : String)(found.sellers[i]!), className: 'chart-axis' }),
        found.pinned?.usd_per_month ? ruleX([found.pinned.usd_per_month], { className: 'chart-pinned' }) : null,
        drawn('filtered', { r: 1.5 }), drawn('other', { r: 3.5 }), drawn('baseline', { r: 5, symbol: 'square' }), drawn('chosen', { r: 6, symbol: 'diamond' }),
      ],
    });
    // Plot brings rules in an inline style, which the page does not allow; they stand in style.css.
    svg.querySelector('style')?.remove();
    const [x, y] = [svg.scale('x')!, svg.scale('y')!];
    this.#spots = placed.map((one) => ({ ...one, x: x.apply(one.usd) as number, y: y.apply(one.y) as number }));
    this.#plot.replaceChildren(svg);
    this.#point(this.#spots.find(({ model }) => model.key === this.#at) ?? null);
    document.documentElement.dataset['chartMs'] = (performance.now() - start).toFixed(2);
  }

  #near({ clientX, clientY }: MouseEvent): Spot | null {
    const frame = this.#plot.getBoundingClientRect();
    const distance = (spot: Spot) => Math.hypot(spot.x - (clientX - frame.left), spot.y - (clientY - frame.top));
    let best: Spot | null = null;
    // Equal distances: the later one, which is drawn above.
    for (const spot of this.#spots) if (distance(spot) <= reach && (!best || distance(spot) <= distance(best))) best = spot;
    return best;
  }

  #start(): Spot | null {
    return this.#spots.find(({ kind }) => kind === 'chosen') ?? this.#spots[0] ?? null;
  }

  #open(spot: Spot | null): void {
    if (!spot) return;
    this.#stage.focus({ preventScroll: true }); // where the door gives the focus back to
    this.app.openDoor({ kind: 'model', id: spot.model.key }, false);
  }

  /** Marks a dot and shows what it is; null hides both. */
  #point(spot: Spot | null): void {
    const svg = this.#plot.firstElementChild;
    const tip = this.#tip;
    this.#at = spot?.model.key ?? null;
    this.#stage.toggleAttribute('data-pointed', spot !== null);
    let ring = svg?.querySelector('.chart-ring');
    if (!spot || !svg || !this.#dots) {
      ring?.remove();
      tip.hidden = true;
      return;
    }
    if (!ring) svg.append(ring = document.createElementNS('http://www.w3.org/2000/svg', 'circle'));
    for (const [name, value] of Object.entries({ class: 'chart-ring', cx: spot.x, cy: spot.y, r: 9 })) ring.setAttribute(name, String(value));
    const { format } = this.app;
    const { chosen, pinned } = this.#dots;
    const { model } = spot;
    const words = model === pinned ? '' : ratioWords(relative(model, pinned), format);
    const roles = [model === chosen ? 'chosen' : '', model === pinned ? 'baseline' : ''].filter(Boolean).join(', ');
    patch(tip, h('output', { class: 'chart-tip' }, h('b', null, model.name), h('span', null, ` ${model.seller_name}${roles ? `, ${roles}` : ''}`),
      h('span', null, ` ${format.amount(spot.usd)} USD a month${model.rank === null ? '' : `, number ${format.number(model.rank)}`}`),
      words && pinned ? h('span', null, ` ${words} ${words === 'the same' ? 'as' : 'than'} ${pinned.name}`) : null));
    tip.hidden = false;
    const room = this.#stage.clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(room, spot.x - tip.offsetWidth / 2))}px`;
    const above = spot.y - tip.offsetHeight - 14;
    tip.style.top = `${above >= 0 ? above : spot.y + 14}px`;
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const now = this.#spots.find(({ model }) => model.key === this.#at);
    if (event.key === 'Escape' && now && this.app.ui.drawer.length === 0) {
      this.#point(null);
      event.preventDefault();
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#open(now ?? null);
      return;
    }
    const to = this.#step(event.key, now);
    if (to === undefined) return;
    event.preventDefault();
    this.#point(to ?? now ?? null);
  }

  /** Where a key leads: undefined = it is none of ours, null = nowhere. */
  #step(key: string, now: Spot | undefined): Spot | null | undefined {
    const spots = this.#spots;
    if (key === 'Home') return spots[0] ?? null;
    if (key === 'End') return spots.at(-1) ?? null;
    if (!/^Arrow(Left|Right|Up|Down)$/.test(key)) return undefined;
    if (!now) return this.#start();
    const by = key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 1;
    if (key === 'ArrowLeft' || key === 'ArrowRight') {
      const row = spots.filter((spot) => spot.row === now.row);
      return row[row.indexOf(now) + by] ?? null;
    }
    const row = spots.filter((spot) => spot.row === now.row + by);
    return row.reduce<Spot | null>((best, spot) => (!best || Math.abs(spot.x - now.x) < Math.abs(best.x - now.x) ? spot : best), null);
  }
}

/** Puts the chart into `place`; it follows the page from then on. */
export function mount(place: HTMLElement, app: Controller): void {
  new ModelChart(place, app);
}
