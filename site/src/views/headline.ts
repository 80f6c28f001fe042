// The number first: the month's cost, what else it is, what dominates it.

import { h, type VElement } from '../vdom';
import { daysBetween } from '../format';
import type { Page } from '../page';
import { composition, door, figureOf, sentence } from './parts';

const units: readonly (readonly ['per_request' | 'per_conversation' | 'per_day' | 'per_year', string])[] = [
  ['per_request', 'a request'], ['per_conversation', 'a conversation'], ['per_day', 'a day'], ['per_year', 'a year'],
];

function unpriced(page: Page): VElement {
  const { estimate, failure } = page;
  const problem = failure ?? estimate?.problem;
  return h('div', { class: 'problem', role: 'group', 'aria-label': 'Why there is no figure' },
    h('p', null, h('b', null, page.format.localize(problem?.message ?? 'This cannot be priced.'))),
    problem?.hint ? h('p', null, page.format.localize(problem.hint)) : null);
}

/** The month in the reader's currency, at the rate that the reader gave. */
function inCurrency(page: Page): VElement | null {
  const { parameters } = page.state.scenario;
  const code = parameters?.['currency_code'];
  const value = figureOf(page.estimate, 'total_in_currency').value;
  if (!code || value === null) return null;
  const { format } = page;
  const rate = parameters?.['currency_rate'];
  const day = parameters?.['currency_date'];
  return h('p', { class: 'in-currency' },
    door('total_in_currency', [h('b', null, format.amount(value)), ` ${code} a month`], `${format.amount(value)} ${code} a month: explain`),
    h('span', { class: 'quiet' }, rate === undefined
      ? ' at one for one: give your exchange rate under “Tax and currency”'
      : ` at ${format.number(Number(rate))} ${code} for a US dollar${day ? `, rate of ${format.date(String(day))}` : ', your rate'}`));
}

/** @param beside  what the open section adds to the month's figure */
export function headline(page: Page, beside: VElement | null = null): VElement {
  const { estimate, format } = page;
  const totals = estimate?.totals;
  const ok = estimate !== null && estimate.status === 'ok' && !page.failure;
  const name = page.state.scenario.name || 'Your feature';
  return h('div', { class: 'headline' },
    h('p', { class: 'eyebrow' }, name, ' on ', estimate?.model.name ?? page.state.scenario.model ?? ''),
    h('h2', { class: 'big', id: 'headline-title' },
      // The page's own announcer says the month once the reader pauses; a second voice would say it twice.
      h('output', { class: 'visually-plain', 'aria-live': 'off' },
        ok || (totals && totals.per_month !== null)
          ? door('total', [h('span', { class: 'big-number' }, format.amount(totals!.per_month)), ' ',
            h('span', { class: 'big-unit' }, 'USD a month')], `${format.amount(totals!.per_month)} USD a month: explain`)
          : [h('span', { class: 'big-number' }, 'unknown'), ' ', h('span', { class: 'big-unit' }, 'USD a month')])),
    ok ? beside : null,
    ok ? inCurrency(page) : null,
    ok && totals ? h('ul', { class: 'per' }, units.map(([id, label]) =>
      h('li', null, door(`total_${id}`, [h('b', null, format.amount(totals[id])), ' USD ', label], `${format.amount(totals[id])} USD ${label}: explain`)))) : null,
    ok ? null : unpriced(page),
    ok && estimate.sentence ? h('p', { class: 'sentence' }, format.localize(estimate.sentence)) : null,
    composition(page.estimate, page.format, 4));
}

/** The same number in a line that stays in view. */
export function slim(page: Page): VElement {
  const totals = page.estimate?.totals;
  return h('div', { class: 'slim-inner' },
    h('span', { class: 'slim-number' }, page.format.amount(totals?.per_month ?? null)),
    h('span', null, 'USD a month'),
    h('span', { class: 'slim-model' }, page.estimate?.model.name ?? ''));
}

const titles: Readonly<Record<string, string>> = {
  stale_prices: 'Old prices', promotion_ends: 'Promotion', announced_price: 'Announced price',
  disagreement: 'Sources disagree', tier_missing: 'Service tier', assumption: 'Assumption', price_note: 'About the price', cliff: 'Price step',
  retires: 'Retires', caching: 'Caching', limit: 'Seller’s limit',
};

/** Prices older than 14 days are told, older than 45 days are a warning. */
export function staleness(as_of: string, today: string): { readonly level: 'notice' | 'warning'; readonly text: string } | null {
  const days = daysBetween(as_of, today);
  if (!(days > 14)) return null;
  return days > 45
    ? { level: 'warning', text: `The prices are ${days} days old. Check those that matter with the seller before you rely on them.` }
    : { level: 'notice', text: `The prices are ${days} days old.` };
}

export function notices(page: Page): VElement {
  const stale = page.prices.state === 'ready' ? staleness(page.prices.loaded.as_of, page.prices.today) : null;
  const told = page.estimate?.notices ?? [];
  return h('div', null, stale || told.length > 0 ? h('ul', { class: 'notices', 'aria-label': 'Notices' },
    stale ? h('li', { class: stale.level }, h('b', null, stale.level === 'warning' ? 'Warning' : 'Notice', ': '), stale.text) : null,
    told.map((notice) => h('li', { class: `notice notice-${notice.kind}` },
      h('b', null, titles[notice.kind] ?? 'Notice', ': '),
      // Notes of the price list are in English.
      notice.kind === 'price_note' ? h('span', { lang: 'en' }, sentence(page.format.localize(notice.text))) : sentence(page.format.localize(notice.text))))) : null);
}
