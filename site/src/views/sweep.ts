// "What if": a figure of the bill over two to four parameters, as heat maps. Colours come from the sweep; every amount in words
// or in a table is the core's, for that one cell. Loaded when the section is first opened.

import type { Core } from '../../../web/tokenbill';
import type { SweepRequest } from '../../../web/sweep';
import type { Parameter } from '../../../web/types';
import type { Controller } from '../controller';
import type { Format } from '../format';
import { translate } from '../language';
import { isRatio, valueOf } from '../page';
import { asPicture, cellAt, colourAt, draw, drawLegend, type CellPlace, type Colour, type HeatMap, type Key, type MapAxis, type Panels } from '../heat_map';
import { sliderSpan } from '../slider';
import { cellsCsv, sweepCommand, sweepFile } from '../sweep_export';
import { duelColour, winner_colours } from '../sweep_models';
import { Swept, winnerColour, type Drawn, type Showing } from '../sweep_result';
import { sweepRunner, type SweepRunner, type Backend, type Progress } from '../sweep_runner';
import { places, put, resolution, type Place, type Slots, type Span } from '../sweep_slots';
import { h, patch, type Child, type VElement } from '../vdom';
import { figureText } from './parts';
import { allowed, choice, Kept, palette, placeFields, rivalChoice, type Fields } from './sweep_controls';
import { curve, duelText, frontier, leftOut, modelTable, winnerText, type Told } from './sweep_findings';

const outputs = [
  ['total', 'Total a month'], ['inference_per_month', 'Inference a month'], ['total_per_request', 'Total for a request'],
  ['total_per_conversation', 'Total for a conversation'], ['total_per_year', 'Total a year'],
] as const;
/** Figures of which less is better, too. */
const seconds = ['answer_seconds', 'first_visible_seconds', 'total', 'total_per_request', 'total_per_conversation', 'total_per_success', 'unsolved_ratio', 'peak_tokens_per_minute'] as const;
const sizes = [[60, 40, 'coarse'], [240, 160, 'normal'], [1200, 800, 'fine']] as const;
const backends: readonly (readonly [Backend, string])[] = [['auto', 'automatic'], ['worker', 'workers (64-bit)'], ['webgpu', 'WebGPU (32-bit)']];
/** Under this nothing shows; a bar that flashes up is worse than none. */
const quiet_ms = 300;
const pause_ms = 150;
/** With every model there are hundreds of values for each point of the map. */
const most_of_all = 2 ** 22;

/** A cell by its index among those of a model, with its values by axis and the core's amount for it. */
interface Exact { readonly cell: number; readonly point: readonly number[]; readonly model: string; readonly value: number | null; readonly problem: string }

class SweepView {
  readonly #runner: SweepRunner;
  #slots: Slots;
  /** How many values the panels have, where there are some. */
  #counts = { columns: 3, rows: 2 };
  #output = 'total';
  #against = '';
  /** A second model's key, "all", or "" for the scenario's model alone. */
  #rival = '';
  #preferred = '';
  #backend: Backend = 'auto';
  #size = 1;
  #search = '';
  #swept: Swept | null = null;
  #drawn: Drawn | null = null;
  /** Sentence and findings of the result, made once. */
  #summary = '';
  #findings: Child = null;
  #lowest: Exact | null = null;
  #highest: Exact | null = null;
  #cursor: CellPlace | null = null;
  /** Of the cell under the cursor: one for each model that it is about. */
  #exact: readonly Exact[] = [];
  #problem = '';
  #saved = '';
  #field: { name: string; text: string; error: string } | null = null;
  #progress: Progress | null = null;
  #asked = '';
  #asked_before = false;
  #running = false;
  #again = false;
  #timer = 0;
  #lists = new Kept();
  /** Of the page's language: another one, and all texts are made anew. */
  #format: Format;

  constructor(readonly root: HTMLElement, readonly core: Core, readonly app: Controller) {
    this.#runner = sweepRunner(app);
    this.#format = app.format;
    this.#slots = { x: this.#spanOf('prompt_tokens'), y: this.#spanOf('output_tokens'), columns: null, rows: null };
    root.addEventListener('change', (event) => this.#changed(event.target as HTMLInputElement));
    root.addEventListener('input', (event) => {
      const { name, value } = event.target as HTMLInputElement;
      if (name === 'sweep-find') this.#find(value);
    });
    root.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-sweep]');
      if (button) this.#do(button.dataset['sweep']!, button.dataset['arg'] ?? '');
    });
    root.addEventListener('pointermove', (event) => this.#pointed(event));
    root.addEventListener('pointerdown', (event) => this.#pointed(event));
    root.addEventListener('keydown', (event) => this.#key(event));
    root.addEventListener('dragstart', (event) => {
      const id = (event.target as HTMLElement).dataset?.['chip'];
      if (id) event.dataTransfer?.setData('text/plain', id);
    });
    for (const type of ['dragover', 'dragleave', 'drop'] as const) root.addEventListener(type, (event) => this.#dragged(event));
    app.listeners.add(() => this.refresh());
    new ResizeObserver(() => this.#draw()).observe(root);
    this.refresh();
  }

  // What is asked

  #parameter(id: string): Parameter {
    return this.app.description.parameters.find((p) => p.id === id)!;
  }

  #spanOf(id: string): Span {
    const p = this.#parameter(id);
    const value = valueOf(this.app.state.scenario, p);
    const { low, high } = sliderSpan(p, typeof value === 'number' ? value : Number(p.default));
    return { id, scale: p.scale, from: p.scale === 'log' ? Math.max(low, Number((high / 1e4).toPrecision(1))) : low, to: high };
  }

  /** Across and up come first where a place is free: what the form asks first. */
  #spare(): readonly string[] {
    return this.app.description.parameters.filter((p) => p.main && p.kind === 'number').map((p) => p.id);
  }

  #panelsAsked(): Panels {
    return { columns: this.#slots.columns ? this.#counts.columns : 1, rows: this.#slots.rows ? this.#counts.rows : 1 };
  }

  #own(): string {
    return this.app.estimate?.model?.key ?? this.app.state.scenario.model ?? '';
  }

  /** Those of the result; none before there is one. */
  get #models(): readonly string[] {
    return this.#swept?.models ?? [];
  }

  /** The second model, unless it is the scenario's own. */
  #rivals(): readonly string[] | null {
    const own = this.#own();
    if (this.#rival === 'all') return ['all'];
    return this.#rival === '' || this.#rival === own ? null : [own, this.#rival];
  }

  #resolution(size: number): [number, number] {
    const [across, up] = sizes[size]!;
    const { columns, rows } = this.#panelsAsked();
    if (this.#rival === 'all') return resolution([across, up], [columns, rows], Math.max(1, this.app.catalog?.models.length ?? 1), most_of_all);
    return resolution([across, up], [columns, rows], this.#rivals()?.length ?? 1);
  }

  #request(): SweepRequest {
    const [columns, rows] = this.#resolution(this.#size);
    const steps = { x: columns, y: rows, ...this.#counts };
    const models = this.#rivals();
    return { scenario: this.app.state.scenario, today: this.app.today, output: this.#output,
      axes: this.#placesAsked().map((place) => ({ ...this.#slots[place]!, steps: steps[place] })),
      ...(this.#against && this.#against !== this.#output ? { against: this.#against } : {}),
      ...(models ? { models, cells: true } : {}) };
  }

  /** From the outermost axis to the one that runs fastest. */
  #placesAsked(): readonly Place[] {
    return (['rows', 'columns', 'y', 'x'] as const).filter((place) => this.#slots[place]);
  }

  refresh(): void {
    if (this.app.ui.section !== 'sweep' || this.app.prices.state !== 'ready') return;
    if (this.#format !== this.app.format) {
      this.#format = this.app.format;
      this.#lists = new Kept();
      this.#field = null;
      this.#settle();
    }
    const asked = JSON.stringify([this.#request(), this.#backend, this.app.prices_text.length]);
    if (asked !== this.#asked) {
      this.#asked = asked;
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#run(), this.#asked_before ? pause_ms : 0);
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
      const asked_places = this.#placesAsked();
      // A graphics processor computes one figure of one model.
      const outcome = await this.#runner.run(request, request.models || request.against ? 'worker' : this.#backend, (progress) => {
        this.#progress = progress.ms > quiet_ms ? progress : null;
        if (this.#progress) this.#show();
      });
      this.#progress = null;
      // Something else is asked by now: its answer follows.
      if (this.#again) continue;
      this.#problem = 'problem' in outcome ? outcome.problem : '';
      this.#swept = 'problem' in outcome ? null : new Swept(outcome, request, asked_places, this.#own());
      this.#cursor = null;
      this.#exact = [];
      this.#saved = '';
      this.#settle();
    } while (this.#again);
    this.#running = false;
    this.#asked_before = true;
    this.#show();
  }

  // What is made of a result

  #showing(): Showing {
    const model = this.#models.indexOf(this.#preferred);
    if (model >= 0) return { kind: 'amount', model };
    if (this.#models.length < 2) return { kind: 'amount', model: 0 };
    return this.#models.length === 2 ? { kind: 'duel' } : { kind: 'winner' };
  }

  /** Colours, exact extremes and findings of a new result, or of another look at it. */
  #settle(): void {
    this.#lowest = this.#highest = this.#drawn = this.#findings = null;
    this.#summary = '';
    if (!this.#swept || this.#swept.outcome.cells.length === 0) return;
    const showing = this.#showing();
    this.#drawn = this.#swept.draw(showing);
    const told = this.#told();
    this.#findings = [modelTable(told, (place) => this.#sign(place)), this.#models.length === 1 ? curve(told) : null, frontier(told)];
    if (showing.kind === 'amount') this.#findExtremes(showing.model);
    this.#summary = this.#summed();
  }

  /** Each is estimated anew: the amount in words is the core's, of that cell's scenario. */
  #findExtremes(model: number): void {
    const { outcome: { header }, points } = this.#swept!;
    const { minimum, maximum } = header.models?.[model] ?? header;
    this.#lowest = minimum && this.#estimate(minimum.cell - model * points, model);
    this.#highest = maximum && this.#estimate(maximum.cell - model * points, model);
  }

  #estimate(cell: number, model: number): Exact {
    const { request, models } = this.#swept!;
    const point = this.#swept!.pointOf(cell);
    const scenario = this.#swept!.scenarioAt(point);
    const key = models[model]!;
    const bill = this.core.estimate(models.length > 1 ? { ...scenario, model: key } : scenario, request.today);
    const value = bill.figures.find((figure) => figure.id === request.output)?.value ?? null;
    return { cell, point, model: key, value, problem: bill.problem?.message ?? '' };
  }

  // What the reader does

  #do(action: string, arg: string): void {
    if (action === 'cancel') this.#runner.cancel();
    else if (action === 'use') this.#use();
    else if (action === 'cell') this.#goTo(Number(arg));
    else if (action === 'csv' || action === 'png' || action === 'json') void this.#export(action);
  }

  #changed(element: HTMLInputElement | HTMLSelectElement): void {
    const { name, value } = element;
    const [place, part] = name.split('-') as [Place, 'id' | 'from' | 'to' | 'count'];
    if (name === 'sweep-output') this.#output = value;
    else if (name === 'sweep-against') this.#against = value;
    else if (name === 'sweep-rival') [this.#rival, this.#preferred] = [value, ''];
    else if (name === 'sweep-showing') {
      this.#preferred = value;
      this.#settle();
    } else if (name === 'sweep-backend') this.#backend = value as Backend;
    else if (name === 'sweep-size') this.#size = Number(value);
    else if (!places.includes(place)) return;
    else if (part === 'id') this.#put(place, value);
    else if (part === 'count' && (place === 'columns' || place === 'rows')) this.#counts = { ...this.#counts, [place]: Number(value) };
    else this.#end(place, part as 'from' | 'to', value);
    this.refresh();
  }

  #put(place: Place, id: string): void {
    this.#slots = put(this.#slots, place, id, (one) => this.#spanOf(one), this.#spare());
    this.#field = null;
  }

  /** A typed end of a span. */
  #end(place: Place, part: 'from' | 'to', text: string): void {
    const span = this.#slots[place]!;
    const value = this.#read(span.id, text);
    this.#field = typeof value === 'string' ? { name: `${place}-${part}`, text, error: value } : null;
    if (typeof value !== 'number') return;
    const changed = { ...span, [part]: value };
    const scale = this.#parameter(changed.id).scale === 'log' && changed.from > 0 ? 'log' : 'linear';
    this.#slots = { ...this.#slots, [place]: { ...changed, scale } };
  }

  /** A typed number as the core reads it, or the sentence that refuses it. */
  #read(id: string, text: string): number | string {
    const plain = this.app.format.canonical(text.trim()).replace(/[\u00a0\u2009\u202f]/g, ' ');
    if (plain === '') return 'Expected a number.';
    try {
      const value = this.core.set(this.app.state.scenario, id, isRatio(id) && !plain.includes('%') ? `${plain} %` : plain).parameters?.[id];
      return typeof value === 'number' ? value : 'Expected a number.';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #find(text: string): void {
    this.#search = text;
    this.#show();
  }

  /** A chip over a place, or dropped into it. */
  #dragged(event: DragEvent): void {
    const target = (event.target as Element).closest<HTMLElement>('[data-slot]');
    if (!target || !event.dataTransfer?.types.includes('text/plain')) return;
    const leaves = event.type === 'dragleave' && !target.contains(event.relatedTarget as Node | null);
    target.toggleAttribute('data-over', event.type === 'dragover' || (event.type === 'dragleave' && !leaves));
    if (event.type !== 'dragleave') event.preventDefault();
    if (event.type !== 'drop') return;
    const id = event.dataTransfer.getData('text/plain');
    if (!allowed(this.app.description).some((p) => p.id === id)) return;
    this.#put(target.dataset['slot'] as Place, id);
    this.refresh();
  }

  #use(): void {
    if (!this.#exact[0]) return;
    this.app.change({ scenario: this.#swept!.scenarioAt(this.#exact[0].point) }, 'sweep');
  }

  #move(to: CellPlace | null): void {
    const at = this.#cursor;
    if (!this.#drawn || !to || (at?.x === to.x && at.y === to.y && at.column === to.column && at.row === to.row)) return;
    this.#cursor = to;
    const cell = this.#swept!.cellOf(to);
    const showing = this.#showing();
    const winner = this.#drawn.winners?.[cell] ?? -1;
    const about = showing.kind === 'amount' ? [showing.model] : showing.kind === 'duel' ? [0, 1] : winner >= 0 ? [winner] : [0];
    this.#exact = about.map((model) => this.#estimate(cell, model));
    this.#show();
  }

  /** To a cell of the result, of whichever model. */
  #goTo(cell: number): void {
    if (!this.#drawn) return;
    this.#move(this.#swept!.placeOf(cell % this.#swept!.points));
    this.root.querySelector<HTMLElement>('#heat')?.focus();
  }

  #pointed(event: PointerEvent): void {
    const canvas = event.target;
    if (!(canvas instanceof HTMLCanvasElement) || canvas.id !== 'heat' || !this.#swept) return;
    const box = canvas.getBoundingClientRect();
    this.#move(cellAt(canvas, event.clientX - box.left, event.clientY - box.top, this.#swept.panels, ...this.#swept.size));
  }

  /** Panels lie beside each other: a step over the edge of one leads into the next. */
  #key(event: KeyboardEvent): void {
    if ((event.target as Element).id !== 'heat' || !this.#drawn || event.ctrlKey || event.metaKey || event.altKey) return;
    const [columns, rows] = this.#swept!.size;
    const panels = this.#swept!.panels;
    const stride = event.shiftKey ? 10 : 1;
    const step = { ArrowLeft: [-stride, 0], ArrowRight: [stride, 0], ArrowUp: [0, stride], ArrowDown: [0, -stride] }[event.key];
    if (event.key === 'Enter') this.#use();
    if (!step) return;
    event.preventDefault();
    const from = this.#cursor ?? { column: 0, row: 0, x: Math.floor(columns / 2) - step[0]!, y: Math.floor(rows / 2) - step[1]! };
    const within = (at: number, count: number) => Math.min(count - 1, Math.max(0, at));
    const x = within(from.column * columns + from.x + step[0]!, panels.columns * columns);
    const y = within((panels.rows - 1 - from.row) * rows + from.y + step[1]!, panels.rows * rows);
    this.#move({ column: Math.floor(x / columns), x: x % columns, row: panels.rows - 1 - Math.floor(y / rows), y: y % rows });
  }

  async #export(what: 'csv' | 'png' | 'json'): Promise<void> {
    if (!this.#swept) return;
    const { request: shown, outcome: kept } = this.#swept;
    const { save } = await import('../export');
    const name = sweepFile(shown, what);
    if (what === 'json') save([`${JSON.stringify(shown, null, 2)}\n`], name, 'application/json;charset=utf-8');
    if (what === 'png') {
      const canvas = asPicture(this.root.querySelector<HTMLCanvasElement>('#heat')!, this.#map()!, [this.#summary, this.#panelText(), this.#scaleText()].filter((text) => text !== '').map(translate), this.#keys().map(([colour, text]) => [colour, translate(text)]));
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      if (blob) save([blob], name, 'image/png');
    }
    if (what === 'csv') {
      // 32-bit cells choose colours only; a file has the exact ones.
      const outcome = kept.backend === 'worker' ? kept : await this.#runner.run(shown, 'worker', () => {});
      if ('problem' in outcome) this.#problem = outcome.problem;
      else save(cellsCsv(shown.axes.map(({ id }) => ({ id, label: this.#parameter(id).label, unit: this.#parameter(id).unit_text })),
        { id: shown.output, label: nameOfOutput(shown.output), unit: this.#unit(shown.output) }, outcome.values, this.#models, outcome.cells), name, 'text/csv;charset=utf-8');
    }
    this.#saved = `${name} is saved.`;
    this.#show();
  }

  // What the page shows

  #value(id: string, value: number): string {
    const p = this.#parameter(id);
    return figureText(id, value >= 100 ? Math.round(value) : Number(value.toPrecision(4)), p.unit_text, this.app.format);
  }

  #unit(figure: string): string {
    return this.app.estimate?.figures.find((one) => one.id === figure)?.unit_text ?? 'USD';
  }

  #amount(value: number | null): string {
    const figure = this.#swept?.request.output ?? this.#output;
    return figureText(figure, value, this.#unit(figure), this.app.format);
  }

  /** A model's name; with its seller where several sell one of that name. */
  #modelName(key: string): string {
    const models = this.app.catalog?.models ?? [];
    const model = models.find((one) => one.key === key);
    if (!model) return key;
    const alike = models.filter((one) => one.name === model.name).length > 1;
    return alike ? `${model.name} (${this.app.catalog!.sellers.find((one) => one.id === model.seller)?.name ?? model.seller})` : model.name;
  }

  /** Values by axis, in the order in which the places are named on the page. */
  #where({ point }: Exact): string {
    return places.filter((place) => this.#swept!.has(place)).map((place) => {
      const { id } = this.#swept!.axis(place);
      return `${this.#parameter(id).label} ${this.#value(id, this.#swept!.valueAt(point, place))}`;
    }).join(', ');
  }

  #told(): Told {
    const { header } = this.#swept!.outcome;
    return { header, format: this.app.format, amount: (id, value) => figureText(id, value, this.#unit(id), this.app.format),
      input: (id, value) => this.#value(id, value), label: (id) => this.#parameter(id).label, model: (key) => this.#modelName(key) };
  }

  #choices(fields: Fields): VElement {
    const { format } = this.app;
    const figures = this.app.estimate?.figures ?? [];
    const second = seconds.flatMap((id) => figures.filter((figure) => figure.id === id && figure.value !== null && id !== this.#output)).map((figure) => [figure.id, figure.label] as const);
    const panels = this.#panelsAsked();
    const each = panels.columns * panels.rows > 1 ? ' a panel' : '';
    return h('div', { class: 'sweep-choices' },
      choice('sweep-output', 'figure', outputs, this.#output),
      rivalChoice(fields),
      this.#models.length > 1 ? choice('sweep-showing', 'map shows', [['', this.#models.length === 2 ? 'which is cheaper, and by how much' : 'which is cheapest'],
        ...this.#models.filter((key) => this.#models.length === 2 || key === this.#own()).map((key) => [key, `amounts of ${this.#modelName(key)}`] as const)], this.#preferred) : null,
      choice('sweep-against', 'second figure', [['', 'none'], ...second], this.#against),
      choice('sweep-size', 'cells', sizes.map(([, , word], i) => {
        const [x, y] = this.#resolution(i);
        return [String(i), `${word}, ${format.number(x)} × ${format.number(y)}${each}`] as const;
      }), String(this.#size)),
      choice('sweep-backend', 'computed by', backends, this.#backend));
  }

  #report(): Child {
    if (!this.#swept) return null;
    const { outcome } = this.#swept;
    const { format } = this.app;
    const total = outcome.of;
    const rate = (outcome.done / Math.max(outcome.ms, 0.01)) * 1000;
    const by = outcome.backend === 'worker' ? `${outcome.adapter} beside the page, in 64-bit numbers`
      : `WebGPU on ${outcome.adapter}, in 32-bit numbers that choose colours and are counted; lowest and highest are computed in 64`;
    return h('p', { class: 'quiet', id: 'sweep-report', key: 'report', hidden: this.#progress !== null, 'data-backend': outcome.backend, 'data-partial': outcome.done < total },
      outcome.done < total ? `Cancelled and partial: ${format.number(outcome.done)} of ${format.number(total)} cells` : `${format.number(total)} cells`,
      ` in ${format.number(Math.max(1, Math.round(outcome.ms)))} ms (${format.short(rate)} a second) by ${by}.`,
      outcome.note ? ` WebGPU was not used: ${outcome.note}` : '');
  }

  /** Where most cells lie. */
  #spread(): string {
    const percentiles = this.#models.length === 1 ? this.#swept?.outcome.header.percentiles : null;
    return percentiles ? `Half of the cells lie below ${this.#amount(percentiles['50']!)}, one in twenty below ${this.#amount(percentiles['5']!)}, one in twenty above ${this.#amount(percentiles['95']!)}.` : '';
  }

  #summed(): string {
    if (!this.#swept || !this.#drawn) return '';
    const name = nameOfOutput(this.#swept!.request.output);
    const showing = this.#showing();
    if (showing.kind === 'duel') return `${name}: ${duelText(this.#drawn.tally!, this.#models.map((key) => this.#modelName(key)), this.#drawn.lines.some((lines) => lines.length > 0), this.app.format)}`;
    if (showing.kind === 'winner') return `${name}: ${winnerText(this.#told()!)}`;
    if (!this.#lowest || !this.#highest) return 'No cell has an amount.';
    let missing = 0;
    const cells = this.#swept!.cellsOf(showing.model);
    const { done, of: all } = this.#swept.outcome;
    if (done === all) for (let i = 0; i < cells.length; i += 1) missing += Number.isNaN(cells[i]) ? 1 : 0;
    const of = this.#models.length > 1 ? ` on ${this.#modelName(this.#models[showing.model]!)}` : '';
    return `${name}${of}: from ${this.#amount(this.#lowest.value)} (${this.#where(this.#lowest)}) to ${this.#amount(this.#highest.value)} (${this.#where(this.#highest)}).`
      + (missing > 0 ? ` ${this.app.format.number(missing)} cells have no amount: the model cannot take such a request, or there is nothing to divide by.` : '');
  }

  /** What the panels stand for. */
  #panelText(): string {
    const named = (place: Place, way: string) => (this.#swept?.has(place) ? [`${way}: ${this.#axisTitle(this.#swept!.axis(place).id)}`] : []);
    return this.#swept ? [...named('columns', 'Panels from left to right'), ...named('rows', this.#swept!.has('columns') ? 'from top to bottom' : 'Panels from top to bottom')].join('; ') : '';
  }

  #axisTitle(id: string): string {
    const p = this.#parameter(id);
    return `${p.label}${isRatio(id) ? '' : p.unit_text ? `, ${p.unit_text}` : ''}`;
  }

  #scaleText(): string {
    const { format } = this.app;
    const showing = this.#showing();
    if (!this.#drawn) return '';
    if (showing.kind === 'winner') return 'A colour for each model';
    if (showing.kind === 'duel') return `Full colour where one costs ${format.number(Number(Math.exp(this.#drawn.reach).toPrecision(2)))} times the other or more`;
    return this.#drawn.scale?.log ? 'Colours on a logarithmic scale' : 'Colours on a linear scale';
  }

  /** The colour of a model in the map. */
  #sign(model: number): Child {
    return swatch(this.#models.length === 2 ? duelColour(model) : winnerColour(this.#swept!.ranks[model]!));
  }

  /** The colours at both ends, or those of the models that win somewhere. */
  #keys(): readonly Key[] {
    const showing = this.#showing();
    if (showing.kind === 'duel') return this.#models.map((key, model) => [duelColour(model), `${this.#modelName(key)} cheaper`]);
    if (showing.kind === 'amount') return [this.#lowest, this.#highest].flatMap((exact, end) => (exact ? [[colourAt(end), this.#amount(exact.value)] as const] : []));
    const { models } = this.#swept!.outcome.header;
    const ranks = this.#swept!.ranks;
    return this.#models.map((key, model) => ({ key, model })).filter(({ model }) => models![model]!.wins > 0).sort((a, b) => ranks[a.model]! - ranks[b.model]!)
      .slice(0, winner_colours.length).map(({ key }, rank) => [winnerColour(rank), rank < winner_colours.length - 1 ? this.#modelName(key) : 'another model']);
  }

  #legend(): VElement {
    const showing = this.#showing();
    const partial = this.#swept && this.#swept.outcome.done < this.#swept.outcome.of;
    const note = h('span', { class: 'quiet', key: 'note' }, this.#scaleText(), this.#here() ? ' · circle: your scenario' : '', this.#drawn?.tally?.alone.some((count) => count > 0) ? ' · grey: only one can take such requests' : '',
      ' · hatched: no such request', partial ? ', or not computed' : '');
    const colours = h('canvas', { id: 'heat-colours', width: 160, height: 12, 'aria-hidden': 'true', hidden: showing.kind === 'winner', key: 'colours' });
    const keys = this.#drawn ? this.#keys() : [];
    if (showing.kind === 'winner') return h('div', { class: 'heat-legend' }, keys.map(([colour, text]) => h('span', { key: text }, swatch(colour), text)), colours, note);
    return h('div', { class: 'heat-legend' }, h('span', { key: 'low' }, keys[0]?.[1]), colours, h('span', { key: 'high' }, keys[1]?.[1]), note);
  }

  #cursorText(): Child {
    const first = this.#exact[0];
    if (!first) return 'Point at a cell, or move with the arrow keys.';
    const told = (exact: Exact) => (exact.value === null ? exact.problem || 'unknown' : this.#amount(exact.value));
    return [this.#exact.map((exact, i) => [i > 0 ? ', ' : '', this.#models.length > 1 ? `${this.#modelName(exact.model)} ` : '', h('b', null, told(exact))]), ` at ${this.#where(first)}`];
  }

  #extremes(): Child {
    if (!this.#lowest || !this.#highest) return null;
    const shown = this.#swept!.request;
    const bare = (text: string, unit: string) => (unit && text.endsWith(unit) ? text.slice(0, -unit.length).trim() : text);
    const in_order = places.filter((place) => this.#swept!.has(place)).map((place) => [this.#swept!.axis(place).id, place] as const);
    const head = (label: string, of: string) => h('th', { scope: 'col' }, label, of ? h('small', null, ` ${of}`) : null);
    const row = (name: string, exact: Exact) => h('tr', { key: name }, h('th', { scope: 'row' }, name),
      in_order.map(([id, place]) => h('td', null, bare(this.#value(id, this.#swept!.valueAt(exact.point, place)), this.#parameter(id).unit_text))), h('td', null, bare(this.#amount(exact.value), this.#unit(shown.output))));
    return h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Extremes of the map', key: 'extremes' },
      h('table', { class: 'sweep-extremes' }, h('caption', { class: 'hidden-text' }, 'Extremes of the map'),
        h('thead', null, h('tr', null, head('Extreme', ''), in_order.map(([id]) => head(this.#parameter(id).label, this.#parameter(id).unit_text)), head(nameOfOutput(shown.output), this.#unit(shown.output)))),
        h('tbody', null, row('lowest', this.#lowest), row('highest', this.#highest))));
  }

  #progressRow(): Child {
    if (!this.#progress) return null;
    const { format } = this.app;
    const { share, ms } = this.#progress;
    const request = this.#request();
    const cells = request.axes.reduce((product, axis) => product * axis.steps, this.#rivals()?.length ?? 1);
    return h('p', { class: 'row', key: 'progress' },
      h('progress', { max: 1, value: share, 'aria-label': 'Progress of the sweep' }),
      this.#rival === 'all' ? format.percent(share) : `${format.number(Math.round(share * cells))} of ${format.number(cells)} cells`,
      `, ${format.number(Math.ceil(ms / Math.max(share, 1e-6) * (1 - share) / 1000))} s left`,
      h('button', { type: 'button', class: 'button', 'data-sweep': 'cancel' }, 'Cancel'));
  }

  #exports(): Child {
    if (!this.#swept) return null;
    const button = (what: string, text: string) => h('button', { type: 'button', class: 'button', 'data-sweep': what, key: what }, text);
    return h('div', { class: 'sweep-exports', key: 'exports' }, h('h3', { class: 'asked-title' }, 'Take it along'),
      h('p', { class: 'row' }, button('csv', 'Cells as CSV'), button('png', 'Map as a picture'), button('json', 'Request as JSON'), h('output', { class: 'quiet' }, this.#saved)),
      h('details', { class: 'stands-on' }, h('summary', null, 'The same at a terminal'), h('p', { class: 'quiet' }, 'With the scenario’s file, from Share and export:'),
        h('p', { class: 'sweep-command' }, h('code', null, sweepCommand(this.#swept.request)))));
  }

  #tree(): VElement {
    const first = this.#exact[0];
    const on = (place: Place) => (first && this.#swept!.has(place) ? this.#swept!.valueAt(first.point, place) : null);
    const panels = this.#swept?.panels ?? this.#panelsAsked();
    const told = this.#swept && this.#told();
    const left_out = told ? leftOut(told) : '';
    const fields: Fields = { app: this.app, slots: this.#slots, counts: this.#counts, rival: this.#rival, search: this.#search, refused: this.#field, kept: this.#lists };
    return h('div', { class: 'sweep' },
      h('p', { class: 'quiet' }, 'Two to four inputs vary, everything else stays as in the form. Each cell of the map is the whole bill for its values.'),
      h('div', { class: 'sweep-controls' }, placeFields(fields), palette(fields), this.#choices(fields)),
      this.#field ? h('p', { class: 'error', id: 'sweep-field-error', key: 'refused' }, this.#field.error) : null,
      this.#problem ? h('p', { class: 'banner', role: 'alert', key: 'problem' }, this.#problem) : null,
      h('div', { class: 'sweep-status', key: 'status' }, this.#progressRow(), this.#report()),
      h('figure', { 'aria-labelledby': 'sweep-summary', class: 'heat-figure', hidden: !this.#drawn, key: 'figure' },
        h('p', { class: 'heat-panels', hidden: this.#panelText() === '' }, this.#panelText()),
        h('canvas', { id: 'heat', tabindex: 0, role: 'application', 'aria-roledescription': 'heat map', 'aria-describedby': 'sweep-summary sweep-keys', 'data-rows': panels.rows,
          'aria-label': `${this.#parameter(this.#slots.x.id).label} by ${this.#parameter(this.#slots.y.id).label}` }),
        h('figcaption', null, this.#legend(),
          h('p', { class: 'sweep-cursor' }, h('output', { id: 'sweep-value', 'data-value': first?.value ?? null, 'data-second': this.#exact[1]?.value ?? null,
            'data-x': on('x'), 'data-y': on('y'), 'data-column': on('columns'), 'data-row': on('rows') }, this.#cursorText()),
          first ? h('button', { type: 'button', class: 'link', 'data-sweep': 'use' }, 'Use these values') : null))),
      h('p', { id: 'sweep-summary', hidden: !this.#drawn, key: 'summary' }, this.#summary),
      h('p', { id: 'sweep-left-out', class: 'quiet', hidden: left_out === '', key: 'left-out' }, left_out),
      h('p', { id: 'sweep-spread', class: 'quiet', hidden: !this.#spread(), key: 'spread' }, this.#spread()),
      h('p', { id: 'sweep-keys', class: 'hidden-text', key: 'keys' }, 'Arrow keys move by one cell, with Shift by ten, and from panel to panel; Enter puts the cell’s values into the form.'),
      this.#extremes(), this.#findings, this.#exports());
  }

  #show(): void {
    let inner = this.root.firstElementChild;
    if (!inner) this.root.append(inner = document.createElement('div'));
    patch(inner, this.#tree());
    this.#draw();
  }

  /** The scenario's own place, where it lies in the map and in one of the panels. */
  #here(): HeatMap['here'] {
    if (!this.#swept) return null;
    const own = (place: Place): number => Number(valueOf(this.app.state.scenario, this.#parameter(this.#swept!.axis(place).id)) ?? NaN);
    const panel = (place: 'columns' | 'rows') => (this.#swept!.has(place) ? Array.from(this.#swept!.values(place)).indexOf(own(place)) : 0);
    const [column, row] = [panel('columns'), panel('rows')];
    return column < 0 || row < 0 ? null : { x: own('x'), y: own('y'), panel: row * this.#swept!.panels.columns + column };
  }

  #mapAxis(place: Place): MapAxis {
    const { id, scale } = this.#swept!.axis(place);
    return { values: this.#swept!.values(place), log: scale === 'log', title: translate(this.#axisTitle(id)), text: (value) => this.#tick(id, value) };
  }

  #tick(id: string, value: number): string {
    return isRatio(id) ? this.app.format.percent(value) : this.app.format.short(value);
  }

  #map(): HeatMap | null {
    if (!this.#drawn) return null;
    const panels = this.#swept!.panels;
    const heads = this.#drawn.pictures.map((_, panel) => (['columns', 'rows'] as const).filter((place) => this.#swept!.has(place)).map((place) =>
      this.#tick(this.#swept!.axis(place).id, this.#swept!.values(place)[place === 'columns' ? panel % panels.columns : Math.floor(panel / panels.columns)]!)).join(' · '));
    return { x: this.#mapAxis('x'), y: this.#mapAxis('y'), panels, pictures: this.#drawn.pictures, lines: this.#drawn.lines, heads, cursor: this.#cursor, here: this.#here() };
  }

  #draw(): void {
    const canvas = this.root.querySelector<HTMLCanvasElement>('#heat');
    const colours = this.root.querySelector<HTMLCanvasElement>('#heat-colours');
    const map = this.#map();
    if (!canvas || !colours || !map) return;
    draw(canvas, map);
    drawLegend(colours, this.#showing().kind === 'duel' ? duelColour : colourAt);
  }
}

const nameOfOutput = (id: string): string => outputs.find(([one]) => one === id)?.[1] ?? id;
const swatch = (colour: Colour): VElement => h('svg', { class: 'swatch', width: 14, height: 14, 'aria-hidden': 'true' },
  h('rect', { width: 14, height: 14, fill: `rgb(${colour.join(',')})` }));

/** Puts the view into `element`; it follows the page from then on. */
export function mount(element: HTMLElement, core: Core, app: Controller): void {
  new SweepView(element, core, app);
}
