// Published figures beside their recomputation: one example line by line, then each claim with its reason.

import { unknown } from '../format';
import { h, type VElement } from '../vdom';
import { claimKey, type Claim, type Page, type WorkedExample } from '../page';
import { picks, swatch, withUnit } from './parts';

function example(one: WorkedExample, page: Page): VElement {
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

/** An id of a verdict is its name, but for the underscore. */
const verdictName = (id: string): string => id.replaceAll('_', ' ');

function readings(claim: Claim, page: Page): VElement {
  const { format, claims } = page;
  const found = claim.recomputed.map((_, i) => (claims.state === 'ready' ? claims.figures.get(claimKey(claim, i)) : undefined));
  const values = found.map((one) => one?.value ?? null);
  // Decimal points below each other, unless that takes digits from what is less than a dollar.
  const amount = values.some((value) => value !== null && value >= 1) ? format.column(values) : format.amount;
  return h('table', { class: 'readings' },
    h('caption', { class: 'hidden-text' }, `${claim.id}: printed and recomputed`),
    h('tbody', null,
      h('tr', { class: 'printed', key: 'printed' }, h('th', { scope: 'row' }, 'Printed'),
        h('td', { class: 'value' }, format.localize(claim.printed)), h('td')),
      claim.recomputed.length === 0 ? h('tr', { key: 'none' }, h('th', { scope: 'row' }, 'Recomputed'),
        h('td', { class: 'value' }, 'nothing to recompute'), h('td')) : null,
      claim.recomputed.map((reading, i) => {
        const key = claimKey(claim, i);
        const one = found[i];
        const label = format.localize(reading.label);
        return h('tr', { key },
          h('th', { scope: 'row' }, label, h('small', null, format.localize(reading.text))),
          h('td', { class: 'value' }, one ? h('b', null, one.value === null ? unknown : withUnit(amount(one.value), one.unit_text)) : '…'),
          h('td', { class: 'open' }, h('button', { type: 'button', class: 'button', 'data-do': 'claim', 'data-arg': key,
            'aria-label': `Open the scenario of ${claim.id}, ${label}` }, 'Open the scenario')));
      })));
}

function published(claim: Claim, page: Page): VElement {
  return h('article', { class: 'audit', key: claim.id },
    h('div', null,
      h('h4', null, h('span', { class: 'mono' }, claim.id), ' ', page.format.localize(claim.title)),
      h('p', { class: 'row quiet' }, h('span', { class: 'tag' }, verdictName(claim.verdict)), claim.sources.join(', ')),
      h('p', { class: 'audit-reason' }, page.format.localize(claim.reason))),
    readings(claim, page));
}

function filters(list: readonly Claim[], page: Page): VElement {
  const { source, verdict } = page.ui.claims;
  const count = (test: (claim: Claim) => boolean): string => page.format.number(list.filter(test).length);
  const sources = [...new Set(list.flatMap((claim) => claim.sources))].sort();
  const verdicts = [...new Set(list.map((claim) => claim.verdict))].sort();
  return h('div', { class: 'filters', role: 'search', 'aria-label': 'Claims' },
    picks('claims-source', 'Article', 'claims-source', source, [['', 'all'],
      ...sources.map((id) => [id, `${id} (${count((claim) => claim.sources.includes(id))})`] as const)]),
    picks('claims-verdict', 'Verdict', 'claims-verdict', verdict, [['', 'all'],
      ...verdicts.map((id) => [id, `${verdictName(id)} (${count((claim) => claim.verdict === id)})`] as const)]));
}

function audit(page: Page): VElement {
  const { claims, ui, format } = page;
  if (claims.state === 'failed') {
    return h('div', { class: 'banner', role: 'alert', key: 'failed' },
      h('p', null, h('b', null, 'The claims could not be loaded. '), claims.what),
      h('p', { class: 'row' }, h('button', { type: 'button', class: 'button', 'data-do': 'claims-retry' }, 'Retry')));
  }
  if (claims.state !== 'ready') return h('p', { class: 'empty', key: 'empty' }, 'The claims appear here one by one, each with its reason.');
  const { source, verdict } = ui.claims;
  const shown = claims.list.filter((claim) => (!source || claim.sources.includes(source)) && (!verdict || claim.verdict === verdict));
  return h('div', { key: 'audit' }, h('h3', { class: 'audit-title' }, 'Claim by claim'), filters(claims.list, page),
    h('p', { class: 'quiet count' }, `${format.number(shown.length)} of ${format.number(claims.list.length)} claims. `,
      'The first recomputed figure is the one that counts; others show other readings.'),
    shown.length === 0 ? h('p', { class: 'empty' }, 'No claim has both. Widen a filter, for example the article.') : null,
    shown.map((claim) => published(claim, page)));
}

export function claims(page: Page): VElement {
  return h('div', null,
    h('p', { class: 'lead' }, 'Figures that articles print, and what they become when every dollar is counted once.'),
    page.examples.length > 0 ? page.examples.map((one) => example(one, page))
      : page.presets.filter((preset) => preset.printed).map((preset) => example({ preset, printed: null, recomputed: null }, page)),
    page.live ? audit(page) : null);
}
