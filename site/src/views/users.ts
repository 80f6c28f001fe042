// What one of something costs, what must be charged for it, and, backwards, what a margin allows.

import { h, type Child, type VElement } from '../vdom';
import type { Amount, Solution } from '../../../web/types';
import type { Controller } from '../controller';
import { failed, valueOf, type Page } from '../page';
import { barCell, ticks } from './bill';
import { field } from './form';
import { door, figureOf, figureText } from './parts';

interface Unit {
  readonly figure: string;
  readonly label: string;
  /** Inputs that say how many of it there are. */
  readonly inputs: readonly string[];
}

const units: readonly Unit[] = [
  { figure: 'total_per_request', label: 'a request', inputs: [] },
  { figure: 'total_per_accepted_answer', label: 'an accepted answer', inputs: ['accepted_ratio'] },
  { figure: 'total_per_conversation', label: 'a conversation', inputs: [] },
  { figure: 'total_per_success', label: 'a solved task', inputs: ['success_ratio'] },
  { figure: 'total_per_user', label: 'a user and month', inputs: ['active_users'] },
  { figure: 'total_per_light_user', label: 'a light user', inputs: ['active_users', 'heavy_user_ratio', 'heavy_user_multiple'] },
  { figure: 'total_per_heavy_user', label: 'a heavy user', inputs: ['active_users', 'heavy_user_ratio', 'heavy_user_multiple'] },
  { figure: 'total', label: 'a month', inputs: [] },
];

/** Inputs that a margin limits, and how the answer is called. */
const limits = [['prompt_tokens', 'Largest prompt'], ['turns_per_conversation', 'Most requests in a conversation'], ['output_tokens', 'Longest answer']] as const;

/** Cut to what the field shows, downwards, so that the margin holds. */
const cut = (value: number): number => (value >= 100 ? Math.floor(value) : Math.floor(value * 100) / 100);

export const clicks = {
  unit(app: Controller, element: HTMLElement): void { app.ui.unit = element.dataset['arg']!; },
  'take-value': (app: Controller, element: HTMLElement): void =>
    app.setParameter(element.dataset['arg']!, Number(element.dataset['value']), `take:${element.dataset['arg']}`),
};

const own = { prefix: 'per' };

function fields(ids: readonly string[], page: Page): Child {
  return h('div', { class: 'own-fields' }, ids.map((id) => {
    const p = page.description.parameters.find((one) => one.id === id);
    return p ? field(p, page, own) : null;
  }));
}

function unitSwitch(page: Page): VElement {
  const { format, estimate } = page;
  const unit = units.find((one) => one.figure === page.ui.unit) ?? units[0]!;
  const value = figureOf(estimate, unit.figure).value;
  return h('section', { 'aria-labelledby': 'unit-title' },
    h('h3', { id: 'unit-title' }, 'What one of it costs'),
    h('div', { class: 'chips', role: 'group', 'aria-labelledby': 'unit-title' }, units.map((one) =>
      h('button', { type: 'button', class: 'chip', key: one.figure, 'data-do': 'unit', 'data-arg': one.figure,
        'aria-pressed': one === unit ? 'true' : 'false' }, one.label))),
    h('p', { class: 'unit-figure' }, value === null ? [h('b', null, 'unknown'), h('span', { class: 'quiet' }, unit.inputs.includes('active_users') ? ' Give the number of active users.' : '')]
      : door(unit.figure, [h('b', null, format.amount(value)), ` USD ${unit.label}`], `${format.amount(value)} USD ${unit.label}: explain`)),
    unit.inputs.length > 0 ? fields(unit.inputs, page) : null);
}

function spread(page: Page): Child {
  const { estimate, format } = page;
  const price = page.state.scenario.parameters?.['price_usd'];
  const per_user = (page.state.scenario.parameters?.['price_per'] ?? 'user') === 'user';
  const rows = [['total_per_light_user', 'A light user'], ['total_per_user', 'A user on average'], ['total_per_heavy_user', 'A heavy user']] as const;
  const values = rows.map(([id]) => figureOf(estimate, id).value);
  if (values.some((value) => value === null)) return null;
  const charged = per_user && typeof price === 'number' ? price : null;
  const high = Math.max(...(values as number[]), charged ?? 0, 1e-9);
  const marks = ticks(high);
  const grid = marks.map((mark) => (mark / high) * 100);
  const column = format.column([...values, charged]);
  return h('table', { class: 'bill spread', key: 'spread' },
    h('caption', null, 'USD for a user and month: most cost less than the mean, a few cost much more.'),
    h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'User'),
      h('th', { scope: 'col', class: 'axis' }, h('span', { class: 'hidden-text' }, 'Bars'),
        h('svg', { width: '100%', height: 16, 'aria-hidden': 'true' }, grid.map((x, i) => h('text', { x: `${x}%`, y: 12,
          'text-anchor': x < 3 ? 'start' : x > 94 ? 'end' : 'middle' }, format.short(marks[i]!))))),
      h('th', { scope: 'col', class: 'amount' }, 'USD a month'))),
    h('tbody', null, rows.map(([id, label], i) => h('tr', { key: id }, h('th', { scope: 'row' }, label),
      barCell({ start: 0, width: (values[i]! / high) * 100, hue: 'sum' }, grid),
      h('td', { class: 'amount' }, door(id, column(values[i]!), `${label}: ${column(values[i]!)} USD a month: explain`)))),
    charged !== null ? h('tr', { key: 'price', class: 'sum' }, h('th', { scope: 'row' }, 'What a user pays'),
      barCell({ start: 0, width: (charged / high) * 100, hue: 'saved' }, grid), h('td', { class: 'amount' }, column(charged))) : null));
}

const sold_as: Readonly<Record<string, string>> = { user: 'a user and month', conversation: 'a conversation', success: 'a solved task', request: 'a request' };

function pricing(page: Page): VElement {
  const { estimate, format } = page;
  const value = (id: string): Amount => figureOf(estimate, id).value;
  const usd = (id: string): Child => door(id, h('b', null, `${format.amount(value(id))} USD`), `${format.amount(value(id))} USD: explain`);
  const margin = value('margin_ratio');
  const loss = value('loss_ratio');
  const charged = valueOf(page.state.scenario, page.description.parameters.find((p) => p.id === 'price_per')!);
  const unit = sold_as[String(charged)] ?? '';
  const target = format.percent(Number(page.state.scenario.parameters?.['target_margin_ratio']
    ?? page.description.parameters.find((p) => p.id === 'target_margin_ratio')!.default));
  const told: Child = page.state.scenario.parameters?.['price_usd'] === undefined
    ? h('p', { class: 'verdict' }, 'Give the price that you charge: the margin appears here.')
    : margin === null || loss === null
      ? h('p', { class: 'verdict' }, 'The margin is unknown', charged === 'user' ? ': give the number of active users.' : '.')
      : loss > 0
        ? h('p', { class: 'verdict is-loss' }, door('loss_ratio', h('b', null, `A loss of ${format.percent(loss)}`), `A loss of ${format.percent(loss)}: explain`),
          ' of the revenue: ', usd('loss_per_month'), ' a month are missing.')
        : h('p', { class: 'verdict' }, door('margin_ratio', h('b', null, `A margin of ${format.percent(margin)}`), `A margin of ${format.percent(margin)}: explain`),
          ': ', usd('profit_per_month'), ' of ', usd('revenue_per_month'), ' a month remain.');
  const price = (id: string, label: string) => {
    const found = value(id);
    return h('div', { key: id }, h('dt', null, label), h('dd', null, found === null ? 'unknown'
      : [door(id, h('b', null, `${format.amount(found)} USD`), `${format.amount(found)} USD: explain`), ` ${unit} `,
        h('button', { type: 'button', class: 'link', 'data-do': 'take-value', 'data-arg': 'price_usd', 'data-value': found }, 'charge this')]));
  };
  return h('section', { 'aria-labelledby': 'price-title' },
    h('h3', { id: 'price-title' }, 'What must be charged'),
    fields(charged === 'user' && !page.ui.unit.endsWith('_user') ? ['price_usd', 'price_per', 'active_users', 'target_margin_ratio'] : ['price_usd', 'price_per', 'target_margin_ratio'], page),
    told,
    h('dl', { class: 'facts' }, price('break_even_price_usd', 'Covers the cost'), price('target_price_usd', `Leaves ${target}`)));
}

function limit(id: string, label: string, solution: Solution, page: Page): VElement {
  const { format } = page;
  const p = page.description.parameters.find((one) => one.id === id)!;
  const value = solution.value === null ? null : cut(solution.value);
  const text = (v: number) => figureText(id, v, p.unit_text, format);
  return h('tr', { key: id }, h('th', { scope: 'row' }, label),
    solution.status === 'found' && value !== null ? [
      h('td', null, h('b', null, text(value)), solution.figure_value === null ? null : h('small', null, `${format.amount(solution.figure_value)} USD a month`)),
      h('td', null, h('button', { type: 'button', class: 'button', 'data-do': 'take-value', 'data-arg': id, 'data-value': value,
        'aria-label': `Use this: ${label}, ${text(value)}` }, 'Use this'))]
      : [h('td', null, solution.status === 'all' ? 'no limit: even the most that can be set leaves it' : 'none: even the least costs more'), h('td')]);
}

function backwards(page: Page): VElement {
  const { format, comparison, estimate } = page;
  const affordable = figureOf(estimate, 'affordable_usd_per_month').value;
  const target = page.description.parameters.find((p) => p.id === 'target_margin_ratio')!;
  const share = format.percent(Number(valueOf(page.state.scenario, target)));
  const title = h('h3', { id: 'allowed-title' }, `With a margin of ${share}`);
  if (affordable === null) {
    return h('section', { 'aria-labelledby': 'allowed-title' }, title,
      h('p', { class: 'empty' }, 'What the margin allows appears here once the price and what it is charged for are known.'));
  }
  // Who charges by the request earns more with each: there no number of requests is too high, and none is answered.
  const asked = limits.filter(([id]) => id !== 'turns_per_conversation' || page.state.scenario.parameters?.['price_per'] !== 'request');
  const able = (comparison?.models ?? []).filter((model) => model.status === 'ok');
  // Dearest first; of a model with several sellers the dearest seller that is not too dear.
  const within = able.filter((model) => model.usd_per_month !== null && model.usd_per_month <= affordable).reverse();
  const dearest = within.filter((model, i) => within.findIndex((one) => one.name === model.name) === i).slice(0, 3);
  return h('section', { 'aria-labelledby': 'allowed-title' }, title,
    h('p', null, 'The month may cost at most ', door('affordable_usd_per_month', h('b', null, `${format.amount(affordable)} USD`), `${format.amount(affordable)} USD: explain`),
      '. Each line changes one thing and leaves the rest as it is.'),
    h('table', { class: 'limits' },
      h('caption', { class: 'hidden-text' }, 'What the margin allows'),
      h('thead', { class: 'hidden-text' }, h('tr', null, ['Input', 'At most', 'Take over'].map((label) => h('th', { scope: 'col' }, label)))),
      h('tbody', null,
        asked.map(([id, label]) => {
          const solution = page.ask(`solve:${id}`, (core, scenario, today) => core.solve(scenario, today, id, 'total', affordable), true);
          return solution && !failed(solution) ? limit(id, label, solution, page)
            : h('tr', { key: id }, h('th', { scope: 'row' }, label), h('td', { colspan: 2 }, solution ? format.localize(solution.message) : 'unknown'));
        }),
        h('tr', { key: 'models', class: 'part' }, h('th', { scope: 'row' }, 'Dearest model'),
          h('td', { colspan: 2 }, comparison === null ? 'unknown' : `${format.number(within.length)} of ${format.number(able.length)} models cost no more`)),
        dearest.map((model) => h('tr', { key: model.key }, h('th', { scope: 'row' }, model.name, h('small', null, ' ', model.seller_name)),
          h('td', null, h('b', null, `${format.amount(model.usd_per_month)} USD a month`)),
          h('td', null, h('button', { type: 'button', class: 'button', 'data-do': 'use-model', 'data-arg': model.key,
            disabled: model.key === estimate?.model.key,
            'aria-label': `${model.key === estimate?.model.key ? 'In use' : 'Use this'}: ${model.name} by ${model.seller_name}` },
          model.key === estimate?.model.key ? 'In use' : 'Use this')))))));
}

const waits = [['first_visible_seconds', 'First visible word'], ['answer_seconds', 'Whole answer'],
  ['peak_connections', 'Answers under way at the peak'], ['peak_tokens_per_minute', 'Prompt tokens a minute at the peak']] as const;

function latency(page: Page): VElement {
  return h('section', { 'aria-labelledby': 'latency-title' },
    h('h3', { id: 'latency-title' }, 'How long one waits, and the peak'),
    h('dl', { class: 'facts' }, waits.map(([id, label]) => {
      const { value, unit_text } = figureOf(page.estimate, id);
      const text = figureText(id, value === null ? null : Number(value.toPrecision(3)), unit_text, page.format);
      return h('div', { key: id }, h('dt', null, label), h('dd', null, value === null ? 'unknown' : door(id, text, `${label}: ${text}: explain`)));
    })),
    h('p', { class: 'quiet' }, 'A seller’s limit of tokens a minute must be above the peak. Speed and peak are inputs: ',
      h('button', { type: 'button', class: 'link', 'data-do': 'go-to', 'data-arg': 'tokens_per_second' }, 'Latency'), '.'));
}

export function view(page: Page): VElement {
  if (!page.estimate) return h('div', null, h('p', { class: 'empty' }, 'What one of it costs appears here as soon as the scenario can be priced.'));
  return h('div', { class: 'users' }, unitSwitch(page), spread(page), pricing(page), backwards(page), latency(page));
}
