// A published figure beside its recomputation: the same arithmetic first, then with what the article leaves out.

import { h, type VElement } from '../vdom';
import type { Claim, Page } from '../page';
import { swatch } from './parts';

function claim(one: Claim, page: Page): VElement {
  const { format } = page;
  const { preset, printed, recomputed } = one;
  const said = preset.printed!;
  const items = recomputed?.items ?? [];
  const plain = new Map(printed?.items.map((item) => [item.id, item.usd_per_month]));
  const shown = items.filter((item) => item.usd_per_month !== 0 || plain.get(item.id));
  const column = format.column([...items, ...(printed?.items ?? [])].map((item) => item.usd_per_month));
  return h('article', { class: 'claim', key: preset.id },
    h('h3', null, preset.name),
    h('p', { class: 'quiet' }, format.localize(said.text)),
    h('dl', { class: 'versus' },
      h('div', null, h('dt', null, 'As printed'), h('dd', null, h('b', null, format.amount(said.usd_per_month)), ' USD a month')),
      h('div', null, h('dt', null, 'The same inputs, computed'), h('dd', null, h('b', null, format.amount(printed?.totals.per_month ?? null)), ' USD a month')),
      h('div', null, h('dt', null, 'With the usual overheads'), h('dd', null, h('b', null, format.amount(recomputed?.totals.per_month ?? null)), ' USD a month'))),
    h('div', { class: 'claim-columns' },
      h('div', null,
        h('h4', null, 'Why they differ'),
        h('ul', { class: 'reasons-list' }, preset.recomputed?.reasons.map((reason) => h('li', null, format.localize(reason))))),
      shown.length > 0 ? h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': `${preset.name}, line by line` },
        h('table', { class: 'claim-table' },
          h('caption', { class: 'hidden-text' }, `${preset.name}: line by line`),
          h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Line'), h('th', { scope: 'col', class: 'amount' }, 'as printed'),
            h('th', { scope: 'col', class: 'amount' }, 'recomputed'))),
          h('tbody', null, shown.map((item) => h('tr', { key: item.id },
            h('th', { scope: 'row' }, swatch(item.category), item.label),
            h('td', { class: 'amount' }, plain.has(item.id) ? column(plain.get(item.id)!) : ''),
            h('td', { class: 'amount' }, column(item.usd_per_month)))),
          h('tr', { class: 'sum sum-total', key: 'total' }, h('th', { scope: 'row' }, 'Total'),
            h('td', { class: 'amount' }, column(printed?.totals.per_month ?? null)),
            h('td', { class: 'amount' }, column(recomputed?.totals.per_month ?? null)))))) : null),
    page.live ? h('p', { class: 'row' },
      h('button', { type: 'button', class: 'button', 'data-do': 'preset', 'data-arg': preset.id }, 'Open as printed'),
      h('button', { type: 'button', class: 'button', 'data-do': 'recomputed', 'data-arg': preset.id }, 'Open with overheads')) : null);
}

export function claims(page: Page): VElement {
  return h('div', null,
    h('p', { class: 'lead' }, 'Figures that articles print, and what they become when every dollar is counted once.'),
    page.claims.length > 0 ? page.claims.map((one) => claim(one, page))
      : page.presets.filter((preset) => preset.printed).map((preset) => claim({ preset, printed: null, recomputed: null }, page)));
}
