// What the widget shows: the number, the open inputs, five models, the footer; and the explanation of one figure.

import { h, type Child, type VElement } from '../vdom';
import { daysBetween, ratioWords } from '../format';
import { staleness } from '../views/headline';
import { composition, door, figureOf, sentence } from '../views/parts';
import type { ComparedModel } from '../../../web/types';
import type { Widget } from './app';
import { explain } from './explain';
import { controls } from './controls';

const others_shown = 4;

const units = ['per_request', 'per_conversation', 'per_year'] as const;

/** The month in another currency, at the rate that the author or the scenario gave. */
function inCurrency(w: Widget): VElement | null {
  const { format } = w;
  const { texts } = w.language;
  const { currency_code: code, currency_rate: rate, currency_date: date } = w.scenario.parameters ?? {};
  const value = figureOf(w.estimate, 'total_in_currency').value;
  if (!code || value === null) return null;
  const amount = `${format.amount(value)} ${code} ${texts.a_month}`;
  return h('p', { class: 'in-currency', key: 'currency' },
    door('total_in_currency', [h('b', null, format.amount(value)), ` ${code} ${texts.a_month}`], texts.explain(amount)), ' ',
    h('span', { class: 'quiet' }, texts.at_rate(format.number(Number(rate)), String(code), date ? format.date(String(date)) : null)));
}

function headline(w: Widget): VElement {
  const { estimate, format } = w;
  const { texts, tag } = w.language;
  const month = format.amount(estimate?.totals.per_month ?? null);
  const problem = w.failure ?? estimate?.problem ?? null;
  const number = [h('span', { class: 'big-number' }, month), ' ', h('span', { class: 'big-unit' }, `USD ${texts.a_month}`)];
  const per = (id: typeof units[number]) => {
    const amount = format.amount(estimate!.totals[id]);
    return h('li', { class: `w-${id}` }, door(`total_${id}`, [h('b', null, amount), ` USD ${texts.units[id]}`], texts.explain(`${amount} USD ${texts.units[id]}`)));
  };
  return h('div', { class: 'w-headline', key: 'headline' },
    h('p', { class: 'big' }, estimate?.totals.per_month == null ? number : door('total', number, texts.explain(`${month} USD ${texts.a_month}`))),
    problem ? h('p', { class: 'problem', key: 'problem', lang: tag === 'en' ? null : 'en' },
      h('b', null, sentence(format.localize(problem.message))), ' ', format.localize(problem.hint))
      : [inCurrency(w), h('ul', { class: 'per', key: 'per' }, units.map(per)),
        // The core's sentence is English; elsewhere the lines below the bar say the same.
        tag === 'en' ? h('p', { class: 'sentence', key: 'sentence' }, format.localize(estimate!.sentence)) : null],
    composition(w.estimate, w.format, 3, {
      label: (item) => texts.labels[item.id] ?? item.label, name: (text) => texts.explain(texts.of_the_month(text)),
    }));
}

/** The chosen model and the cheapest others that can serve, cheapest first; a model without a price comes last. */
export function shownModels(models: readonly ComparedModel[], chosen: string | undefined): readonly ComparedModel[] {
  const able = models.filter((model) => model.status === 'ok' && model.key !== chosen).slice(0, others_shown);
  const own = models.find((model) => model.key === chosen);
  return [...able, ...(own ? [own] : [])].sort((a, b) => (a.usd_per_month ?? Infinity) - (b.usd_per_month ?? Infinity));
}

function models(w: Widget): VElement | null {
  const { comparison, format } = w;
  const { texts } = w.language;
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
    h('h2', { class: 'rule', id: 'models-title' }, `${texts.cheapest(format.number(able), w.prices?.whole === true)} `,
      h('span', null, 'USD')),
    h('ul', null, shown.map((model) => {
      const is_own = model.key === chosen;
      const amount = written(model.usd_per_month);
      const ratio = is_own ? texts.chosen
        : ratioWords(own?.usd_per_month && model.usd_per_month !== null ? model.usd_per_month / own.usd_per_month : null, format, texts.ratio);
      return h('li', { key: model.key, class: is_own ? 'is-own' : null },
        h('p', { class: 'w-model' }, h('span', { class: 'w-name', title: `${model.name} by ${model.seller_name}` }, model.name), ' ',
          h('span', { class: 'w-ratio' }, ratio),
          door('total', amount, texts.explain(`${model.name}: ${amount} USD ${texts.a_month}`), model.key)),
        h('svg', { class: 'w-bar', width: '100%', height: 6, 'aria-hidden': 'true' },
          h('rect', { class: 'w-track', width: '100%', height: '100%' }),
          model.usd_per_month ? h('rect', { class: 'w-fill', width: `${(model.usd_per_month / longest) * 100}%`, height: '100%' }) : null));
    })));
}

function footer(w: Widget): VElement {
  const { texts } = w.language;
  const as_of = w.prices?.loaded.as_of;
  const old = as_of && staleness(as_of, w.today) ? texts.days_old(w.format.number(daysBetween(as_of, w.today))) : null;
  const copy = (what: 'link' | 'table', label: string) => h('button', { type: 'button', class: 'link', 'data-do': 'copy', 'data-arg': what, key: what },
    label, h('span', { class: 'w-done', 'aria-hidden': 'true', 'data-on': w.copied === what }, '✓'));
  return h('footer', { class: 'w-foot', key: 'foot' },
    as_of ? h('span', { key: 'date' }, `${texts.prices_as_of} `, h('bdi', null, w.format.date(as_of)), old ? h('b', { class: 'promo', title: old }, ` (${texts.old})`) : null) : null,
    w.estimate ? h('span', { class: 'w-copy', key: 'copy' }, copy('link', texts.copy_link), copy('table', texts.copy_table)) : null,
    h('a', { href: w.link, target: '_blank', rel: 'noopener', key: 'open' }, texts.open));
}

const told = (text: Child): VElement => h('p', { class: 'w-message', role: 'status', key: 'message' }, text);

function failed(w: Widget): VElement {
  return h('div', { class: 'w-failed', role: 'alert', key: 'failed' },
    h('p', null, w.failed!.text(w.language.texts)),
    w.failed!.retry ? h('button', { type: 'button', class: 'button', 'data-do': 'retry' }, w.language.texts.retry) : null);
}

export function widget(w: Widget): VElement {
  const model = w.estimate?.model.name ?? w.scenario.model ?? '';
  const shown = w.estimate !== null || w.failure !== null;
  return h('main', { id: 'widget', class: 'w', 'data-live': 'true' },
    h('h1', { class: 'w-title', key: 'title' }, sentence(w.scenario.name || w.language.texts.your_feature), h('small', null, ` ${w.language.texts.on} ${model}`)),
    w.message ? told(w.message) : null,
    w.failed ? failed(w) : null,
    shown ? [headline(w), explain(w), h('div', { class: 'w-columns', key: 'columns' }, controls(w), models(w))] : null,
    footer(w));
}
