// All models for this workload, ranked; those that cannot serve it with the reason; one pinned as the baseline.

import { h, type Child, type VElement } from '../vdom';
import { ratioWords } from '../format';
import { picks } from './parts';
import { built_rows, first_rows, relative, select } from '../models';
import type { ComparedModel } from '../../../web/types';
import type { Page, SortColumn } from '../page';

export const capability_names: Readonly<Record<string, string>> = {
  image_input: 'reads images', audio_input: 'hears audio', video_input: 'watches video', image_output: 'makes images',
  audio_output: 'speaks', reasoning: 'reasons', tools: 'calls tools', caching: 'caches prompts', open_weights: 'open weights',
};

const contexts = [32_000, 128_000, 200_000, 400_000, 1_000_000];

interface LogAxis { readonly low: number; readonly decades: number }

/** Whole decades that hold every amount: position by logarithm, and the head of the column says so. */
export function logAxis(amounts: readonly (number | null)[]): LogAxis | null {
  const known = amounts.filter((v): v is number => v !== null && v > 0);
  if (known.length === 0) return null;
  const low = Math.floor(Math.log10(Math.min(...known)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...known))));
  return { low, decades: high - low };
}

export const logPosition = (axis: LogAxis, amount: number): number => ((Math.log10(amount) - axis.low) / axis.decades) * 100;

function strip(model: ComparedModel, axis: LogAxis | null, pinned: number | null): VElement {
  const amount = model.usd_per_month;
  const decades = axis ? Array.from({ length: axis.decades + 1 }, (_, i) => (i / axis.decades) * 100) : [];
  return h('td', { class: 'strip' }, h('svg', { width: '100%', height: 18, 'aria-hidden': 'true' },
    decades.map((x) => h('line', { class: 'grid', x1: `${x}%`, x2: `${x}%`, y1: 0, y2: '100%' })),
    pinned === null ? null : h('line', { class: 'pinned', x1: `${pinned}%`, x2: `${pinned}%`, y1: 0, y2: '100%' }),
    axis && amount ? h('circle', { cx: `${logPosition(axis, amount)}%`, cy: 9, r: 4 }) : null));
}

function priceStatus(model: ComparedModel, page: Page): Child {
  const until = model.price_until ? ` until ${page.format.date(model.price_until)}` : '';
  const status = model.price_status && model.price_status !== 'list' ? `${model.price_status}${until}` : '';
  return [status ? h('span', { class: 'promo' }, status) : null,
    model.disagreements ? h('span', { class: 'promo' }, model.disagreements === 1 ? '1 source disagrees' : `${model.disagreements} sources disagree`) : null,
    h('span', { class: model.checked ? 'quiet checked' : 'quiet' }, model.checked ? page.format.date(model.checked) : 'no date')];
}

function row(model: ComparedModel, page: Page, axis: LogAxis | null, pinned: ComparedModel | undefined): VElement {
  const { format } = page;
  const chosen = model.key === page.estimate?.model.key;
  const is_pinned = model.key === pinned?.key;
  const pinned_at = axis && pinned?.usd_per_month ? logPosition(axis, pinned.usd_per_month) : null;
  const ratio = relative(model, pinned);
  return h('tr', { key: model.key, class: [chosen ? 'chosen' : '', is_pinned ? 'is-pinned' : ''].join(' ').trim() || null },
    h('td', { class: 'rank' }, String(model.rank ?? '')),
    h('th', { scope: 'row', class: 'name' },
      h('button', { type: 'button', class: 'use', 'data-do': 'use-model', 'data-arg': model.key,
        'aria-pressed': chosen ? 'true' : 'false', 'aria-label': `Use ${model.name} by ${model.seller_name}` }, model.name),
      h('small', null, model.seller_name, chosen ? h('span', { class: 'tag' }, 'chosen') : null)),
    strip(model, axis, pinned_at),
    h('td', { class: 'amount month' }, h('button', { type: 'button', class: 'door', 'data-do': 'model-card', 'data-arg': model.key,
      'aria-label': `${model.name}: ${format.amount(model.usd_per_month)} USD a month: prices and source` }, format.amount(model.usd_per_month))),
    h('td', { class: `difference${ratio !== null && ratio < 1 ? ' less' : ''}` },
      is_pinned ? h('span', { class: 'tag' }, 'baseline') : ratioWords(ratio, format)),
    h('td', { class: 'amount request' }, format.amount(model.usd_per_request)),
    h('td', { class: 'amount price' }, format.amount(model.input_usd_per_mtok)),
    h('td', { class: 'amount price' }, format.amount(model.output_usd_per_mtok)),
    h('td', { class: 'amount context' }, format.short(model.context_tokens)),
    h('td', { class: 'status' }, priceStatus(model, page)),
    h('td', { class: 'pin' }, h('button', { type: 'button', class: 'link', 'data-do': 'pin', 'data-arg': model.key,
      'aria-pressed': is_pinned ? 'true' : 'false', 'aria-label': is_pinned ? `pinned: ${model.name}` : `pin ${model.name}: compare all others with it` }, is_pinned ? 'pinned' : 'pin')));
}

const columns: readonly (readonly [label: string, sort: SortColumn | null, classes: string])[] = [
  ['#', 'rank', 'rank'], ['Model', 'name', 'name'], ['', null, 'strip'], ['USD a month', 'rank', 'amount month'],
  ['Difference', null, 'difference'], ['USD a request', 'usd_per_request', 'amount request'],
  ['USD / Mtok in', 'input_usd_per_mtok', 'amount price'], ['USD / Mtok out', 'output_usd_per_mtok', 'amount price'],
  ['Context', 'context_tokens', 'amount context'], ['Price checked', null, 'status'], ['Baseline', null, 'pin'],
];

function head(page: Page, axis: LogAxis | null): VElement {
  const { sort } = page.ui;
  const ends = axis ? [10 ** axis.low, 10 ** (axis.low + axis.decades)] : null;
  return h('thead', null, h('tr', null, columns.map(([label, column, classes], i) => {
    if (classes === 'strip') {
      return h('th', { scope: 'col', class: classes }, 'log scale',
        ends ? h('span', { class: 'ends' }, h('span', null, page.format.short(ends[0]!)), h('span', null, page.format.short(ends[1]!))) : null);
    }
    if (!column) return h('th', { scope: 'col', class: classes }, label);
    // "#" and the month are one order; only the month says so.
    const sorted = sort.column === column && i !== 0;
    return h('th', { scope: 'col', class: classes, 'aria-sort': sorted ? (sort.descending ? 'descending' : 'ascending') : null },
      i === 0 ? label : h('button', { type: 'button', class: 'sort', 'data-do': 'sort', 'data-arg': column }, label,
        h('span', { 'aria-hidden': 'true' }, sorted ? (sort.descending ? ' ↓' : ' ↑') : '')));
  })));
}

function filters(page: Page): VElement {
  const { ui, comparison } = page;
  const sellers = new Map((comparison?.models ?? []).map((model) => [model.seller, model.seller_name]));
  const capabilities = new Set((comparison?.models ?? []).flatMap((model) => [...model.capabilities]));
  return h('div', { class: 'filters', role: 'search', 'aria-label': 'Filters of models' },
    h('div', { class: 'filter grow' }, h('label', { for: 'model-search' }, 'Search', h('kbd', { 'aria-hidden': 'true' }, '/')),
      h('input', { id: 'model-search', type: 'search', autocomplete: 'off', spellcheck: 'false', 'data-do': 'query', value: ui.query })),
    picks('filter-seller', 'Seller', 'seller', ui.seller, [['', 'all'],
      ...[...sellers].sort((a, b) => a[1].localeCompare(b[1]))]),
    picks('filter-capability', 'Capability', 'capability', ui.capability, [['', 'any'],
      ...[...capabilities].sort().map((id) => [id, capability_names[id] ?? id] as const)]),
    picks('filter-context', 'Context at least', 'context', String(ui.context), [['0', 'any'],
      ...contexts.map((size) => [String(size), `${page.format.short(size)} tokens`] as const)]));
}

export function models(page: Page): VElement {
  const { comparison, ui, format } = page;
  if (!comparison) return h('div', null, h('p', { class: 'empty' }, 'All models of the price list appear here, ranked for this workload.'));
  const { can, cannot } = select(comparison, ui);
  const pinned = comparison.models.find((model) => model.key === (page.state.baseline ?? page.estimate?.model.key));
  const axis = logAxis(comparison.models.map((model) => (model.status === 'ok' ? model.usd_per_month : null)));
  const shown = ui.allModels ? can : can.slice(0, page.live ? first_rows : built_rows);
  const all = comparison.models.filter((model) => model.status === 'ok').length;
  return h('div', null, page.live ? filters(page) : null,
    h('p', { class: 'quiet count' }, `${format.number(can.length)} of ${format.number(all)} models that can serve this workload, cheapest month first. `,
      'The same text is counted by each model’s tokenizer. ',
      page.state.baseline ? h('button', { type: 'button', class: 'link', 'data-do': 'pin', 'data-arg': page.state.baseline }, 'Compare with the chosen model again') : null),
    h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Models, ranked' },
      h('table', { class: 'models' },
        h('caption', { class: 'hidden-text' }, 'Models that can serve this workload, with the cost of a month'),
        head(page, axis),
        h('tbody', null, shown.map((model) => row(model, page, axis, pinned))))),
    page.live && can.length > shown.length ? h('p', null, h('button', { type: 'button', class: 'button', 'data-do': 'all-models' },
      `Show all ${format.number(can.length)} models`)) : null,
    can.length === 0 ? h('p', { class: 'empty' }, 'No model passes these filters and can serve the workload. Widen a filter, for example the context.') : null,
    page.live && cannot.length > 0 ? h('details', { class: 'cannot' },
      h('summary', null, `${format.number(cannot.length)} models cannot serve it, with the reason`),
      h('table', { class: 'reasons' },
        h('caption', { class: 'hidden-text' }, 'Models that cannot serve this workload'),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Model'), h('th', { scope: 'col' }, 'Reason'))),
        h('tbody', null, cannot.map((model) => h('tr', { key: model.key },
          h('th', { scope: 'row' }, model.name, h('small', null, model.seller_name)),
          h('td', null, format.localize(model.reason ?? model.status))))))) : null);
}
