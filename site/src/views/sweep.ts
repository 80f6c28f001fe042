// "What if": a figure of the bill over two parameters, as a heat map. Colours come from the sweep; every amount in words
// or in the table is the core's estimate of that one cell. Loaded when the section is first opened.

import type { Core } from '../../../web/tokenbill';
import { pointOf, type SweepRequest } from '../../../web/sweep';
import type { Parameter, Scenario } from '../../../web/types';
import type { Controller } from '../controller';
import { isRatio, valueOf } from '../page';
import { belongsToOwn } from '../relevance';
import { cellAt, draw, drawLegend, scaleOf, type MapAxis, type Scale } from '../heat_map';
import { sliderSpan } from '../slider';
import { withoutRanges } from '../scenario_ranges';
import { sweepRunner, type SweepRunner, type Backend, type Outcome, type Progress } from '../sweep_runner';
import { h, patch, type Child, type VElement } from '../vdom';
import { figureText } from './parts';

interface Axis { readonly id: string; readonly from: number; readonly to: number; readonly scale: 'linear' | 'log' }

const outputs = [
  ['total', 'Total a month'], ['inference_per_month', 'Inference a month'], ['total_per_request', 'Total for a request'],
  ['total_per_conversation', 'Total for a conversation'], ['total_per_year', 'Total a year'],
] as const;
const sizes = [[60, 40, 'coarse'], [240, 160, 'normal'], [1200, 800, 'fine']] as const;
const backends: readonly (readonly [Backend, string])[] = [['auto', 'automatic'], ['worker', 'workers (64-bit)'], ['webgpu', 'WebGPU (32-bit)']];
/** Under this nothing shows; a bar that flashes up is worse than none. */
const quiet_ms = 300;
const pause_ms = 150;
/** So many of the lowest and highest 32-bit cells are computed anew to find the true extremes. */
const candidates = 16;

/** A cell by its indices, with the core's amount for it. */
interface Exact { readonly cell: number; readonly x: number; readonly y: number; readonly value: number | null; readonly problem: string }

class SweepView {
  readonly #runner: SweepRunner;
  #axes: { x: Axis; y: Axis };
  #output = 'total';
  #backend: Backend = 'auto';
  #size = 1;
  #outcome: Outcome | null = null;
  #shown: SweepRequest | null = null;
  #scale: Scale | null = null;
  #lowest: Exact | null = null;
  #highest: Exact | null = null;
  #cursor: { x: number; y: number } | null = null;
  #exact: Exact | null = null;
  #problem = '';
  #field: { name: string; text: string; error: string } | null = null;
  #progress: Progress | null = null;
  #asked = '';
  #running = false;
  #again = false;
  #timer = 0;

  constructor(readonly root: HTMLElement, readonly core: Core, readonly app: Controller) {
    this.#runner = sweepRunner(app);
    this.#axes = { x: this.#axisOf('prompt_tokens'), y: this.#axisOf('output_tokens') };
    root.addEventListener('change', (event) => this.#changed(event.target as HTMLInputElement));
    root.addEventListener('click', (event) => {
      const action = (event.target as Element).closest<HTMLElement>('[data-sweep]')?.dataset['sweep'];
      if (action === 'cancel') this.#runner.cancel();
      if (action === 'use') this.#use();
    });
    root.addEventListener('pointermove', (event) => this.#pointed(event));
    root.addEventListener('pointerdown', (event) => this.#pointed(event));
    root.addEventListener('keydown', (event) => this.#key(event));
    app.listeners.add(() => this.refresh());
    new ResizeObserver(() => this.#draw()).observe(root);
    this.refresh();
  }

  // What is asked

  #parameter(id: string): Parameter {
    return this.app.description.parameters.find((p) => p.id === id)!;
  }

  #axisOf(id: string): Axis {
    const p = this.#parameter(id);
    const value = valueOf(this.app.state.scenario, p);
    const { low, high } = sliderSpan(p, typeof value === 'number' ? value : Number(p.default));
    return { id, scale: p.scale, from: p.scale === 'log' ? Math.max(low, Number((high / 1e4).toPrecision(1))) : low, to: high };
  }

  #request(): SweepRequest {
    const [columns, rows] = sizes[this.#size]!;
    return { scenario: this.app.state.scenario, today: this.app.today, output: this.#output,
      axes: [{ ...this.#axes.y, steps: rows }, { ...this.#axes.x, steps: columns }] };
  }

  refresh(): void {
    if (this.app.ui.section !== 'sweep' || this.app.prices.state !== 'ready') return;
    const asked = JSON.stringify([this.#request(), this.#backend, this.app.prices_text.length]);
    if (asked !== this.#asked) {
      this.#asked = asked;
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#run(), this.#shown ? pause_ms : 0);
    }
    this.#show();
  }

  async #run(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      this.#runner.cancel();
      return;
    }
    this.#running = true;
    do {
      this.#again = false;
      const request = this.#request();
      const outcome = await this.#runner.run(request, this.#backend, (progress) => {
        this.#progress = progress.ms > quiet_ms ? progress : null;
        if (this.#progress) this.#show();
      });
      this.#progress = null;
      // Something else is asked by now: its answer follows.
      if (this.#again) continue;
      this.#problem = 'problem' in outcome ? outcome.problem : '';
      this.#outcome = 'problem' in outcome ? null : outcome;
      this.#shown = request;
      this.#cursor = null;
      this.#exact = null;
      this.#settle();
    } while (this.#again);
    this.#running = false;
    this.#show();
  }

  /** The scale of colours and the exact extremes of a new result. */
  #settle(): void {
    const outcome = this.#outcome;
    this.#scale = outcome ? scaleOf(outcome.cells) : null;
    this.#lowest = this.#highest = null;
    if (!outcome || !this.#scale) return;
    const { low, high } = this.#scale;
    const slack = 2 * outcome.bound;
    const near_low: number[] = [];
    const near_high: number[] = [];
    for (let i = 0; i < outcome.cells.length; i += 1) {
      const value = outcome.cells[i]!;
      if (value <= low * (1 + slack) && near_low.length < candidates) near_low.push(i);
      if (value >= high * (1 - slack) && near_high.length < candidates) near_high.push(i);
      if (outcome.bound === 0 && near_low.length > 0 && near_high.length > 0) break;
    }
    const best = (cells: number[], better: (a: number, b: number) => boolean) => cells.map((cell) => this.#estimate(cell))
      .reduce<Exact | null>((a, b) => (a === null || (b.value !== null && (a.value === null || better(b.value, a.value))) ? b : a), null);
    this.#lowest = best(near_low.slice(0, outcome.bound === 0 ? 1 : candidates), (a, b) => a < b);
    this.#highest = best(near_high.slice(0, outcome.bound === 0 ? 1 : candidates), (a, b) => a > b);
  }

  #scenarioAt(y: number, x: number): Scenario {
    const shown = this.#shown!;
    const ids = [shown.axes[0]!.id, shown.axes[1]!.id];
    return withoutRanges({ ...shown.scenario, parameters: { ...shown.scenario.parameters, [ids[0]!]: y, [ids[1]!]: x } }, ids);
  }

  #estimate(cell: number): Exact {
    const [y, x] = pointOf(this.#outcome!.values, cell) as [number, number];
    const bill = this.core.estimate(this.#scenarioAt(y, x), this.#shown!.today);
    const value = bill.figures.find((figure) => figure.id === this.#shown!.output)?.value ?? null;
    return { cell, x, y, value, problem: bill.problem?.message ?? '' };
  }

  // What the reader does

  #changed(element: HTMLInputElement): void {
    const name = element.name;
    const [axis, part] = name.split('-') as ['x' | 'y', 'id' | 'from' | 'to'];
    if (name === 'sweep-output') this.#output = element.value;
    else if (name === 'sweep-backend') this.#backend = element.value as Backend;
    else if (name === 'sweep-size') this.#size = Number(element.value);
    else if (part === 'id') {
      const other = axis === 'x' ? 'y' : 'x';
      // The same parameter twice means: change places.
      if (this.#axes[other].id === element.value) this.#axes = { x: this.#axes.y, y: this.#axes.x };
      else this.#axes = { ...this.#axes, [axis]: this.#axisOf(element.value) };
      this.#field = null;
    } else {
      const value = this.#read(this.#axes[axis].id, element.value);
      this.#field = typeof value === 'string' ? { name, text: element.value, error: value } : null;
      if (typeof value === 'number') {
        const changed = { ...this.#axes[axis], [part]: value };
        const scale = this.#parameter(changed.id).scale === 'log' && changed.from > 0 ? 'log' : 'linear';
        this.#axes = { ...this.#axes, [axis]: { ...changed, scale } };
      }
    }
    this.refresh();
  }

  /** A typed number as the core reads it, or the sentence that refuses it. */
  #read(id: string, text: string): number | string {
    const plain = text.replace(/[\u00a0\u2009\u202f]/g, ' ').trim();
    if (plain === '') return 'Expected a number.';
    try {
      const value = this.core.set(this.app.state.scenario, id, isRatio(id) && !plain.includes('%') ? `${plain} %` : plain).parameters?.[id];
      return typeof value === 'number' ? value : 'Expected a number.';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #use(): void {
    if (!this.#exact || !this.#shown) return;
    const { x, y } = this.#exact;
    this.app.change({ scenario: this.#scenarioAt(y, x) }, 'sweep');
  }

  #move(to: { x: number; y: number } | null): void {
    if (!this.#outcome || !to || (this.#cursor?.x === to.x && this.#cursor.y === to.y)) return;
    this.#cursor = to;
    this.#exact = this.#estimate(to.y * this.#outcome.values[1]!.length + to.x);
    this.#show();
  }

  #pointed(event: PointerEvent): void {
    const canvas = event.target;
    if (!(canvas instanceof HTMLCanvasElement) || canvas.id !== 'heat' || !this.#outcome) return;
    const box = canvas.getBoundingClientRect();
    this.#move(cellAt(canvas, event.clientX - box.left, event.clientY - box.top, this.#outcome.values[1]!.length, this.#outcome.values[0]!.length));
  }

  #key(event: KeyboardEvent): void {
    if ((event.target as Element).id !== 'heat' || !this.#outcome || event.ctrlKey || event.metaKey || event.altKey) return;
    const columns = this.#outcome.values[1]!.length;
    const rows = this.#outcome.values[0]!.length;
    const stride = event.shiftKey ? 10 : 1;
    const step = { ArrowLeft: [-stride, 0], ArrowRight: [stride, 0], ArrowUp: [0, stride], ArrowDown: [0, -stride] }[event.key];
    if (event.key === 'Enter') this.#use();
    if (!step) return;
    event.preventDefault();
    const from = this.#cursor ?? { x: Math.floor(columns / 2) - step[0]!, y: Math.floor(rows / 2) - step[1]! };
    const within = (at: number, count: number) => Math.min(count - 1, Math.max(0, at));
    this.#move({ x: within(from.x + step[0]!, columns), y: within(from.y + step[1]!, rows) });
  }

  // What the page shows

  #value(id: string, value: number): string {
    const p = this.#parameter(id);
    return figureText(id, value >= 100 ? Math.round(value) : Number(value.toPrecision(4)), p.unit_text, this.app.format);
  }

  #unit(): string {
    return this.app.estimate?.figures.find((figure) => figure.id === (this.#shown?.output ?? this.#output))?.unit_text ?? 'USD';
  }

  #amount(value: number | null): string {
    return figureText(this.#output, value, this.#unit(), this.app.format);
  }

  #where(exact: Exact): string {
    const [y, x] = [this.#shown!.axes[0]!, this.#shown!.axes[1]!];
    return `${this.#parameter(x.id).label} ${this.#value(x.id, exact.x)}, ${this.#parameter(y.id).label} ${this.#value(y.id, exact.y)}`;
  }

  #axisFields(which: 'x' | 'y', title: string): VElement {
    const axis = this.#axes[which];
    const p = this.#parameter(axis.id);
    const select = h('select', { name: `${which}-id`, 'aria-label': `${title}: parameter` }, this.app.description.groups.map((group) => {
      // The bill does not depend on own capacity.
      const members = this.app.description.parameters.filter((one) => one.group === group.id && !belongsToOwn(one) && (one.kind === 'number' || one.kind === 'optional_number'));
      return members.length === 0 ? null : h('optgroup', { label: group.label, key: group.id },
        members.map((one) => h('option', { value: one.id, selected: one.id === axis.id, key: one.id }, one.label)));
    }));
    const field = (part: 'from' | 'to') => {
      const name = `${which}-${part}`;
      const refused = this.#field?.name === name ? this.#field : null;
      const value = isRatio(axis.id) ? Number((axis[part] * 100).toPrecision(12)) : axis[part];
      return h('label', { key: `${axis.id}-${part}` }, h('span', { class: 'quiet' }, part),
        h('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', name, size: 8, value: refused?.text ?? this.app.format.number(value),
          'aria-invalid': refused ? 'true' : null, 'aria-describedby': refused ? 'sweep-field-error' : null }));
    };
    return h('fieldset', { class: 'sweep-axis', key: which }, h('legend', null, title), select, field('from'), field('to'),
      h('span', { class: 'quiet' }, isRatio(axis.id) ? '%' : p.unit_text, axis.scale === 'log' ? ', logarithmic' : ''));
  }

  #choice(name: string, label: string, options: readonly (readonly [string, string])[], chosen: string): VElement {
    return h('label', { key: name }, h('span', { class: 'quiet' }, label),
      h('select', { name }, options.map(([value, text]) => h('option', { value, selected: value === chosen, key: value }, text))));
  }

  #report(): Child {
    const outcome = this.#outcome;
    if (!outcome) return null;
    const { format } = this.app;
    const total = outcome.of;
    const rate = (outcome.done / Math.max(outcome.ms, 0.01)) * 1000;
    const by = outcome.backend === 'worker' ? `${outcome.adapter} beside the page, in 64-bit numbers`
      : `WebGPU on ${outcome.adapter}, in 32-bit numbers that only choose colours`;
    return h('p', { class: 'quiet', id: 'sweep-report', 'data-backend': outcome.backend, 'data-partial': outcome.done < total },
      outcome.done < total ? `Cancelled and partial: ${format.number(outcome.done)} of ${format.number(total)} cells` : `${format.number(total)} cells`,
      ` in ${format.number(Math.max(1, Math.round(outcome.ms)))} ms (${format.short(rate)} a second) by ${by}.`,
      outcome.note ? ` WebGPU was not used: ${outcome.note}` : '');
  }

  /** Where most cells lie; only workers tell it. */
  #spread(): string {
    const percentiles = this.#outcome?.header?.percentiles;
    return percentiles ? `Half of the cells lie below ${this.#amount(percentiles['50']!)}, one in twenty below ${this.#amount(percentiles['5']!)}, one in twenty above ${this.#amount(percentiles['95']!)}.` : '';
  }

  #summary(): string {
    if (!this.#lowest || !this.#highest) return this.#outcome ? 'No cell has an amount.' : '';
    const name = outputs.find(([id]) => id === this.#shown!.output)?.[1] ?? '';
    let missing = 0;
    if (this.#outcome!.done === this.#outcome!.of) for (let i = 0; i < this.#outcome!.cells.length; i += 1) missing += Number.isNaN(this.#outcome!.cells[i]) ? 1 : 0;
    return `${name}: from ${this.#amount(this.#lowest.value)} (${this.#where(this.#lowest)}) to ${this.#amount(this.#highest.value)} (${this.#where(this.#highest)}).`
      + (missing > 0 ? ` ${this.app.format.number(missing)} cells have no amount: the model cannot take such a request, or there is nothing to divide by.` : '');
  }

  #tree(): VElement {
    const { format } = this.app;
    const shown = this.#shown;
    const bare = (text: string, unit: string) => (unit && text.endsWith(unit) ? text.slice(0, -unit.length).trim() : text);
    const unit = (id: string) => this.#parameter(id).unit_text;
    const row = (name: string, exact: Exact | null) => exact && h('tr', { key: name }, h('th', { scope: 'row' }, name),
      [exact.x, exact.y].map((value, i) => {
        const { id } = shown!.axes[1 - i]!;
        return h('td', null, bare(this.#value(id, value), unit(id)));
      }),
      h('td', null, bare(this.#amount(exact.value), this.#unit())));
    const head = (label: string, of: string) => h('th', { scope: 'col' }, label, of ? h('small', null, ` ${of}`) : null);
    const [columns, rows] = sizes[this.#size]!;
    return h('div', { class: 'sweep' },
      h('p', { class: 'quiet' }, 'Two inputs vary, everything else stays as in the form. Each cell of the map is the whole bill for its two values.'),
      h('div', { class: 'sweep-controls' }, this.#axisFields('x', 'Across'), this.#axisFields('y', 'Up'),
        h('div', { class: 'sweep-choices' },
          this.#choice('sweep-output', 'figure', outputs, this.#output),
          this.#choice('sweep-size', 'cells', sizes.map(([x, y, word], i) => [String(i), `${word}, ${format.number(x)} × ${format.number(y)}`] as const), String(this.#size)),
          this.#choice('sweep-backend', 'computed by', backends, this.#backend))),
      this.#field ? h('p', { class: 'error', id: 'sweep-field-error' }, this.#field.error) : null,
      this.#problem ? h('p', { class: 'banner', role: 'alert' }, this.#problem) : null,
      this.#progress ? h('p', { class: 'row', key: 'progress' },
        h('progress', { max: 1, value: this.#progress.share, 'aria-label': 'Progress of the sweep' }),
        `${format.number(Math.round(this.#progress.share * columns * rows))} of ${format.number(columns * rows)} cells, ${format.number(Math.ceil(this.#progress.ms / Math.max(this.#progress.share, 1e-6) * (1 - this.#progress.share) / 1000))} s left`,
        h('button', { type: 'button', class: 'button', 'data-sweep': 'cancel' }, 'Cancel')) : null,
      h('figure', { 'aria-labelledby': 'sweep-summary', class: 'heat-figure', hidden: !this.#outcome, key: 'figure' },
        h('canvas', { id: 'heat', tabindex: 0, role: 'application', 'aria-roledescription': 'heat map', 'aria-describedby': 'sweep-summary sweep-keys',
          'aria-label': `${this.#parameter(this.#axes.x.id).label} by ${this.#parameter(this.#axes.y.id).label}` }),
        h('figcaption', null,
          h('div', { class: 'heat-legend' },
            h('span', null, this.#scale ? this.#amount(this.#lowest?.value ?? null) : ''),
            h('canvas', { id: 'heat-colours', width: 160, height: 12, 'aria-hidden': 'true' }),
            h('span', null, this.#scale ? this.#amount(this.#highest?.value ?? null) : ''),
            h('span', { class: 'quiet' }, this.#scale?.log ? 'logarithmic' : 'linear', ' · circle: your scenario · hatched: no such request',
              this.#outcome && this.#outcome.done < this.#outcome.cells.length ? ', or not computed' : '')),
          h('p', { class: 'sweep-cursor' }, h('output', { id: 'sweep-value', 'data-value': this.#exact?.value ?? null,
            'data-x': this.#exact?.x ?? null, 'data-y': this.#exact?.y ?? null },
          this.#exact ? [h('b', null, this.#exact.value === null ? this.#exact.problem || 'unknown' : this.#amount(this.#exact.value)), ` at ${this.#where(this.#exact)}`]
            : 'Point at a cell, or move with the arrow keys.'),
          this.#exact ? h('button', { type: 'button', class: 'link', 'data-sweep': 'use' }, 'Use these values') : null))),
      h('p', { id: 'sweep-summary', hidden: !this.#outcome, key: 'summary' }, this.#summary()),
      h('p', { id: 'sweep-spread', class: 'quiet', hidden: !this.#spread(), key: 'spread' }, this.#spread()),
      h('p', { id: 'sweep-keys', class: 'hidden-text' }, 'Arrow keys move by one cell, with Shift by ten; Enter puts the cell’s values into the form.'),
      this.#lowest && shown ? h('table', { class: 'sweep-extremes', key: 'extremes' }, h('caption', { class: 'hidden-text' }, 'Extremes of the map'),
        h('thead', null, h('tr', null, head('', ''), [1, 0].map((k) => head(this.#parameter(shown.axes[k]!.id).label, unit(shown.axes[k]!.id))),
          head(outputs.find(([id]) => id === shown.output)?.[1] ?? '', this.#unit()))),
        h('tbody', null, row('lowest', this.#lowest), row('highest', this.#highest))) : null,
      this.#report());
  }

  #show(): void {
    let inner = this.root.firstElementChild;
    if (!inner) this.root.append(inner = document.createElement('div'));
    patch(inner, this.#tree());
    this.#draw();
  }

  #draw(): void {
    const canvas = this.root.querySelector<HTMLCanvasElement>('#heat');
    const colours = this.root.querySelector<HTMLCanvasElement>('#heat-colours');
    const outcome = this.#outcome;
    const shown = this.#shown;
    if (!canvas || !colours || !outcome || !shown) return;
    const { format } = this.app;
    const axis = (k: 0 | 1): MapAxis => {
      const { id, scale } = shown.axes[k]!;
      const p = this.#parameter(id);
      return { values: outcome.values[k]!, log: scale === 'log', title: `${p.label}${isRatio(id) ? '' : p.unit_text ? `, ${p.unit_text}` : ''}`,
        text: isRatio(id) ? (value) => format.percent(value) : (value) => format.short(value) };
    };
    const here = (k: 0 | 1): number => {
      const value = valueOf(this.app.state.scenario, this.#parameter(shown.axes[k]!.id));
      return typeof value === 'number' ? value : NaN;
    };
    draw(canvas, { x: axis(1), y: axis(0), cells: outcome.cells, cursor: this.#cursor, here: { x: here(1), y: here(0) } }, this.#scale);
    drawLegend(colours);
  }
}

/** Puts the view into `element`; it follows the page from then on. */
export function mount(element: HTMLElement, core: Core, app: Controller): void {
  new SweepView(element, core, app);
}
