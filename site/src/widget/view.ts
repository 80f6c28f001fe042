// What the widget shows: the number, the open inputs, five models, the footer; and the explanation of one figure.

import { h, type Child, type VElement } from '../vdom';
import { ratioWords } from '../format';
import { staleness } from '../views/headline';
import { composition, door, sentence } from '../views/parts';
import type { ComparedModel } from '../../../web/types';
import type { Widget } from './app';
import { explain } from './explain';
import { controls } from './controls';

const others_shown = 4;

const units = [['per_request', 'a request'], ['per_conversation', 'a conversation'], ['per_year', 'a year']] as const;

function headline(w: Widget): VElement {
  const { estimate, format } = w;
  const month = format.amount(estimate?.totals.per_month ?? null);
  const problem = w.failure ?? estimate?.problem ?? null;
  const number = [h('span', { class: 'big-number' }, month), ' ', h('span', { class: 'big-unit' }, 'USD a month')];
  return h('div', { class: 'w-headline', key: 'headline' },
    h('p', { class: 'big' }, estimate?.totals.per_month == null ? number : door('total', number, `${month} USD a month: explain`)),
    problem ? h('p', { class: 'problem', key: 'problem' }, h('b', null, sentence(format.localize(problem.message))), ' ', format.localize(problem.hint))
      : [h('ul', { class: 'per', key: 'per' }, units.map(([id, label]) => h('li', { class: `w-${id}` },
        door(`total_${id}`, [h('b', null, format.amount(estimate!.totals[id])), ' USD ', label], `${format.amount(estimate!.totals[id])} USD ${label}: explain`)))),
      h('p', { class: 'sentence', key: 'sentence' }, format.localize(estimate!.sentence))],
    composition(w.estimate, w.format, 3));
}

/** The chosen model and the cheapest others that can serve, cheapest first; a model without a price comes last. */
export function shownModels(models: readonly ComparedModel[], chosen: string | undefined): readonly ComparedModel[] {
  const able = models.filter((model) => model.status === 'ok' && model.key !== chosen).slice(0, others_shown);
  const own = models.find((model) => model.key === chosen);
  return [...able, ...(own ? [own] : [])].sort((a, b) => (a.usd_per_month ?? Infinity) - (b.usd_per_month ?? Infinity));
}

function models(w: Widget): VElement | null {
  const { comparison, format } = w;
  if (!comparison) return null;
  const chosen = w.estimate?.model.key ?? w.scenario.model;
  const shown = shownModels(comparison.models, chosen);
  const own = shown.find((model) => model.key === chosen);
  const able = comparison.models.filter((model) => model.status === 'ok').length;
  const longest = Math.max(...shown.map((model) => model.usd_per_month ?? 0));
  // Decimal points stand below each other: cents for small amounts, none beside thousands.
  const cents = format.column(shown.map((model) => model.usd_per_month));
  const written = (value: number | null) => (value !== null && value >= 1 && longest >= 1000 ? format.amount(Math.round(value)) : cents(value));
  return h('section', { class: 'w-models', key: 'models', 'aria-labelledby': 'models-title' },
    h('h2', { class: 'rule', id: 'models-title' }, `The cheapest of ${format.number(able)}${w.prices?.whole ? '' : ' well-known'} models `,
      h('span', null, 'USD')),
    h('ul', null, shown.map((model) => {
      const is_own = model.key === chosen;
      const amount = written(model.usd_per_month);
      const ratio = is_own ? 'chosen' : ratioWords(own?.usd_per_month && model.usd_per_month !== null ? model.usd_per_month / own.usd_per_month : null, format);
      return h('li', { key: model.key, class: is_own ? 'is-own' : null },
        h('p', { class: 'w-model' }, h('span', { class: 'w-name', title: `${model.name} by ${model.seller_name}` }, model.name), ' ',
          h('span', { class: 'w-ratio' }, ratio),
          door('total', amount, `${model.name}: ${amount} USD a month: explain`, model.key)),
        h('svg', { class: 'w-bar', width: '100%', height: 6, 'aria-hidden': 'true' },
          h('rect', { class: 'w-track', width: '100%', height: '100%' }),
          model.usd_per_month ? h('rect', { class: 'w-fill', width: `${(model.usd_per_month / longest) * 100}%`, height: '100%' }) : null));
    })));
}

function footer(w: Widget): VElement {
  const as_of = w.prices?.loaded.as_of;
  const old = as_of ? staleness(as_of, w.today) : null;
  return h('footer', { class: 'w-foot', key: 'foot' },
    as_of ? h('span', null, 'Prices as of ', w.format.date(as_of), old ? h('b', { class: 'promo', title: old.text }, ' (old)') : null) : null,
    h('a', { href: w.link, target: '_blank', rel: 'noopener' }, 'Open in Tokenbill'));
}

const told = (text: Child): VElement => h('p', { class: 'w-message', role: 'status', key: 'message' }, text);

function failed(w: Widget): VElement {
  return h('div', { class: 'w-failed', role: 'alert', key: 'failed' },
    h('p', null, w.failed!.text),
    w.failed!.retry ? h('button', { type: 'button', class: 'button', 'data-do': 'retry' }, 'Retry') : null);
}

export function widget(w: Widget): VElement {
  const model = w.estimate?.model.name ?? w.scenario.model ?? '';
  const shown = w.estimate !== null || w.failure !== null;
  return h('main', { id: 'widget', class: 'w', 'data-live': 'true' },
    h('h1', { class: 'w-title', key: 'title' }, sentence(w.scenario.name || 'Your feature'), h('small', null, ' on ', model)),
    w.message ? told(w.message) : null,
    w.failed ? failed(w) : null,
    shown ? [headline(w), explain(w), h('div', { class: 'w-columns', key: 'columns' }, controls(w), models(w))] : null,
    footer(w));
}
