// The bill as a waterfall: a table in the order of calculation, each line with the bar it adds to those above it.

import { h, type VElement } from '../vdom';
import type { BillItem, Estimate, InputInForce, RangedFigure, Ranges } from '../../../web/types';
import type { Page } from '../page';
import { door, figureText, origin, source, swatch } from './parts';

/** Categories that make up inference; the core's subtotal stands after the last of them. */
const inference = new Set(['input', 'cache_read', 'cache_write', 'output', 'reasoning', 'media', 'failures', 'tools', 'channel']);

/** Round values along the axis from 0 to the total: three to six of them. */
export function ticks(total: number): number[] {
  if (!(total > 0)) return [0];
  const raw = total / 4;
  const decade = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * decade).find((s) => s >= raw)!;
  const marks: number[] = [];
  for (let i = 0; i * step <= total * 1.0001; i += 1) marks.push(i * step);
  return marks;
}

export interface Bar { readonly start: number; readonly width: number; readonly hue: string }

/** Positions are shares of the axis in percent. The hairlines repeat in every row, so that they read as one grid. */
export function barCell(bar: Bar | null, grid: readonly number[]): VElement {
  return h('td', { class: 'bar' },
    h('svg', { width: '100%', height: '100%', 'aria-hidden': 'true' },
      grid.map((x) => h('line', { class: 'grid', x1: `${x}%`, x2: `${x}%`, y1: 0, y2: '100%' })),
      bar ? [
        h('line', { class: 'step', x1: `${bar.start}%`, x2: `${bar.start}%`, y1: 0, y2: '50%' }),
        h('rect', { class: `hue-${bar.hue}`, x: `${bar.start}%`, y: '22%', width: `${Math.max(bar.width, 0.15)}%`, height: '56%' }),
        h('line', { class: 'step', x1: `${bar.start + bar.width}%`, x2: `${bar.start + bar.width}%`, y1: '50%', y2: '100%' }),
      ] : null));
}

type Spread = Pick<RangedFigure, 'low' | 'high'>;

/** Under an amount: from where to where it may be, where its inputs are ranges. */
function spread(of: Spread | undefined, column: (v: number | null) => string, page: Page): VElement | null {
  if (!of || of.low === null || of.high === null || column(of.low) === column(of.high)) return null;
  return h('small', { class: 'low-high' }, h('span', { class: 'hidden-text' }, 'low to high '), `${page.format.amount(of.low)} – ${page.format.amount(of.high)}`);
}

function line(item: BillItem, start: number, grid: readonly number[], column: (v: number | null) => string, of: Spread | undefined, page: Page): VElement {
  const month = column(item.usd_per_month);
  return h('tr', { key: item.id, class: item.usd_per_month === 0 ? 'zero' : null },
    h('th', { scope: 'row' }, swatch(item.category), item.label,
      item.problem ? h('small', { class: 'item-problem' }, item.problem) : null),
    barCell(item.share === null ? null : { start: start * 100, width: item.share * 100, hue: item.category }, grid),
    h('td', { class: 'amount' }, door(item.id, month, `${item.label}: ${month} USD a month: explain`), spread(of, column, page)),
    h('td', { class: 'amount per-request' }, page.format.amount(item.usd_per_request)),
    h('td', { class: 'amount share' }, page.format.percent(item.share)));
}

function sumRow(label: string, item: string, month: number | null, request: number | null, share: number | null,
  grid: readonly number[], column: (v: number | null) => string, of: Spread | undefined, page: Page): VElement {
  const text = column(month);
  return h('tr', { key: `sum-${item}`, class: `sum sum-${item === 'total' ? 'total' : 'part'}` },
    h('th', { scope: 'row' }, label),
    barCell(share === null ? null : { start: 0, width: share * 100, hue: 'sum' }, grid),
    h('td', { class: 'amount' }, door(item, text, `${label}: ${text} USD a month: explain`), spread(of, column, page)),
    h('td', { class: 'amount per-request' }, page.format.amount(request)),
    h('td', { class: 'amount share' }, page.format.percent(share)));
}

function table(estimate: Estimate, ranges: Ranges | null, page: Page): VElement {
  const { totals, items } = estimate;
  const column = page.format.column(items.map((item) => item.usd_per_month));
  const total = totals.per_month;
  const marks = total === null ? [] : ticks(total);
  const grid = total ? marks.map((mark) => (mark / total) * 100) : [];
  const rows: VElement[] = [];
  let start = 0;
  let zero = 0;
  const last = items.filter((item) => inference.has(item.category)).at(-1);
  const has_inference = estimate.figures.some((figure) => figure.id === 'inference_per_month');
  for (const item of items) {
    if (item.usd_per_month === 0) zero += 1;
    if (item.usd_per_month !== 0 || page.ui.zeroItems) rows.push(line(item, start, grid, column, ranges?.items.find((one) => one.id === item.id), page));
    start += item.share ?? 0;
    if (item === last && has_inference && totals.inference_per_month !== total) {
      rows.push(sumRow('Inference', 'inference_per_month', totals.inference_per_month, totals.inference_per_request,
        total && totals.inference_per_month !== null ? start : null, grid, column, ranges?.figures.find((one) => one.id === 'inference_per_month'), page));
    }
  }
  rows.push(sumRow('Total', 'total', total, totals.per_request, total === null ? null : 1, grid, column, ranges ?? undefined, page));
  return h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Lines of the bill' },
    h('table', { class: 'bill' },
      h('caption', null, 'USD a month, in the order of calculation. Each bar starts where the one above it ends.',
        ranges ? ' Small: of ten draws of the inputs’ ranges nine lie between these; the lows and highs of lines do not add up.' : ''),
      h('thead', null, h('tr', null,
        h('th', { scope: 'col' }, 'Line'),
        h('th', { scope: 'col', class: 'axis' }, h('span', { class: 'hidden-text' }, 'Waterfall'),
          h('svg', { width: '100%', height: 16, 'aria-hidden': 'true' }, grid.map((x, i) => h('text', {
            x: `${x}%`, y: 12, 'text-anchor': x < 3 ? 'start' : x > 94 ? 'end' : 'middle' }, page.format.short(marks[i]!))))),
        h('th', { scope: 'col', class: 'amount' }, 'USD a month'),
        h('th', { scope: 'col', class: 'amount per-request' }, 'USD a request'),
        h('th', { scope: 'col', class: 'amount share' }, 'share'))),
      h('tbody', null, rows)),
    zero > 0 ? h('p', { class: 'quiet' }, h('button', { type: 'button', class: 'link', 'data-do': 'zero-items' },
      page.ui.zeroItems ? `Hide the ${zero} lines that are 0` : `Show ${zero} more lines that are 0`)) : null);
}

/** Every input in force with where it comes from: what a reader of a printed page needs to check the figures. */
function standsOn(estimate: Estimate, page: Page): VElement {
  const option = (id: string, value: number | string | null) => {
    const p = page.description.parameters.find((one) => one.id === id);
    return (p?.options?.find((one) => one.id === value)?.label ?? value) as number | string | null;
  };
  const text = (input: InputInForce) => figureText(input.id, option(input.id, input.value), input.unit_text, page.format);
  return h('details', { class: 'stands-on' },
    h('summary', null, `What it stands on: ${estimate.inputs.length} inputs with their sources`),
    h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Inputs in force' },
      h('table', { class: 'inputs' },
        h('caption', { class: 'hidden-text' }, 'Inputs in force, with origin and source'),
        h('thead', null, h('tr', null, ['Input', 'Value', 'Origin', 'Source', 'Checked'].map((label) => h('th', { scope: 'col' }, label)))),
        h('tbody', null, estimate.inputs.map((input) => h('tr', { key: input.id },
          h('th', { scope: 'row' }, input.label),
          // Of a choice there is nothing more to tell than its source.
          h('td', null, typeof input.value === 'string' ? text(input) : door(input.id, text(input), `${text(input)}, ${input.label}: explain`)),
          h('td', null, origin(input.origin)),
          h('td', null, source(input.source)),
          h('td', null, input.checked ? page.format.date(input.checked) : '')))))));
}

/** @param ranges  where an input is one */
export function bill(page: Page, ranges: Ranges | null = null): VElement {
  const { estimate } = page;
  if (!estimate || estimate.items.length === 0) {
    return h('div', null, h('p', { class: 'empty' },
      'The lines of the bill appear here as soon as the scenario can be priced. Choose another model or a smaller prompt.'));
  }
  return h('div', null, table(estimate, ranges, page), standsOn(estimate, page));
}
