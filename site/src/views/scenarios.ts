// Scenarios beside each other: what each costs, line by line, and where their inputs differ.

import { h, type Child, type VElement } from '../vdom';
import type { BillItem, Estimate, Scenario } from '../../../web/types';
import type { Controller } from '../controller';
import { ratioWords } from '../format';
import { failed, valueOf, type Page } from '../page';
import { referenceText } from '../references';
import { allScenarios, most_scenarios, nameOf, removeScenario, renameScenario } from '../scenarios';
import { figureOf, figureText, swatch } from './parts';

const at = (element: HTMLElement): number => Number(element.dataset['arg']);

export const clicks = {
  'scenario-remove': (app: Controller, element: HTMLElement): void =>
    app.changeScenarios(removeScenario(app.state, at(element)), `scenario-remove:${at(element)}`),
};

export const changes = {
  'scenario-name': (app: Controller, element: HTMLElement): void =>
    app.changeScenarios(renameScenario(app.state, at(element), (element as HTMLInputElement).value), `scenario-name:${at(element)}`),
};

interface Column { readonly scenario: Scenario; readonly estimate: Estimate | null; readonly problem: string }

function columnsOf(page: Page): Column[] {
  return allScenarios(page.state).map((scenario, i) => {
    const answer = page.ask(`scenario:${i}`, (core, _, today) => core.estimate(scenario, today));
    if (answer === null) return { scenario, estimate: null, problem: 'no prices' };
    if (failed(answer)) return { scenario, estimate: null, problem: answer.message };
    return { scenario, estimate: answer, problem: answer.status === 'ok' ? '' : answer.problem?.message ?? answer.status };
  });
}

function head(columns: readonly Column[], page: Page): VElement {
  return h('thead', null, h('tr', null, h('th', { scope: 'col' }, h('span', { class: 'hidden-text' }, 'What')),
    columns.map(({ scenario, estimate }, i) => h('th', { scope: 'col', key: i, class: i === page.state.at ? 'chosen' : null },
      h('label', { for: `scenario-${i}`, class: 'hidden-text' }, `Name of scenario ${i + 1}`),
      h('input', { id: `scenario-${i}`, type: 'text', class: 'scenario-name', autocomplete: 'off', maxlength: 80, 'data-do': 'scenario-name', 'data-arg': i, value: nameOf(scenario) }),
      h('span', { class: 'quiet' }, estimate?.model.name ?? scenario.model ?? ''),
      h('span', { class: 'scenario-acts' },
        h('button', { type: 'button', class: 'link', 'data-do': 'scenario', 'data-arg': i, disabled: i === page.state.at,
          'aria-label': `Show ${nameOf(scenario)} in the form` }, i === page.state.at ? 'in the form' : 'show'),
        columns.length > 1 ? h('button', { type: 'button', class: 'link', 'data-do': 'scenario-remove', 'data-arg': i,
          'aria-label': `Remove ${nameOf(scenario)}` }, 'remove') : null)))));
}

const row = (label: Child, cells: readonly Child[], key: string, classes = ''): VElement => h('tr', { key, class: classes || null },
  h('th', { scope: 'row' }, label), cells.map((cell, i) => h('td', { class: 'amount', key: i }, cell)));

/** All bars on one scale, from zero. */
function bars(columns: readonly Column[]): VElement {
  const most = Math.max(1e-9, ...columns.map(({ estimate }) => estimate?.totals.per_month ?? 0));
  return h('tr', { key: 'bars', class: 'scenario-bars' }, h('th', { scope: 'row' }, h('span', { class: 'hidden-text' }, 'As bars')),
    columns.map(({ estimate }, i) => {
      let start = 0;
      return h('td', { key: i }, h('svg', { class: 'composition-bar', width: '100%', height: 14, 'aria-hidden': 'true' },
        (estimate?.items ?? []).map((item) => {
          const width = ((item.usd_per_month ?? 0) / most) * 100;
          start += width;
          return width > 0 ? h('rect', { class: `hue-${item.category}`, key: item.id, x: `${start - width}%`, width: `${width}%`, height: '100%' }) : null;
        })));
    }));
}

/** Signed and in words, against the first: both months are the core's. */
function difference(month: number | null, first: number | null, page: Page): Child {
  if (month === null || first === null) return 'unknown';
  const more = month - first;
  const sign = more > 0 ? '+' : more < 0 ? '−' : '';
  return [`${sign}${page.format.amount(Math.abs(more))}`, h('small', null, ratioWords(first > 0 ? month / first : null, page.format))];
}

function lines(columns: readonly Column[], page: Page): VElement[] {
  const found = new Map<string, BillItem>();
  for (const { estimate } of columns) for (const item of estimate?.items ?? []) if (item.usd_per_month !== 0 && !found.has(item.id)) found.set(item.id, item);
  // In the order of calculation, which the categories keep.
  const order = page.description.categories.map((category) => category.id);
  const items = [...found.values()].sort((a, b) => order.indexOf(a.category) - order.indexOf(b.category));
  const column = page.format.column(columns.flatMap(({ estimate }) => (estimate?.items ?? []).map((item) => item.usd_per_month)));
  const rows: VElement[] = [];
  let category = '';
  for (const item of items) {
    if (item.category !== category) {
      category = item.category;
      // A category of one line needs no head: its hue is told by the line.
      if (items.filter((one) => one.category === category).length > 1) rows.push(h('tr', { key: `category-${category}`, class: 'category' }, h('th', { scope: 'colgroup', colspan: columns.length + 1 },
        page.description.categories.find((one) => one.id === category)?.label ?? category)));
    }
    rows.push(row([swatch(item.category), item.label], columns.map(({ estimate }) => {
      const own = estimate?.items.find((one) => one.id === item.id);
      return own ? column(own.usd_per_month) : '–';
    }), item.id));
  }
  return rows;
}

function inputs(columns: readonly Column[], page: Page): VElement[] {
  const { parameters } = page.description;
  const different = (values: readonly unknown[]) => values.some((value) => value !== values[0]);
  const rows: VElement[] = [];
  const add = (label: string, values: readonly string[], key: string, unit = '') => {
    if (different(values)) rows.push(row([label, unit ? h('small', null, ` ${unit}`) : null], values, `input-${key}`));
  };
  add('Model', columns.map(({ scenario, estimate }) => estimate?.model.name ?? scenario.model ?? ''), 'model');
  add('Priced on', columns.map(({ scenario }) => scenario.date?.slice(0, 10) ?? 'price list’s date'), 'date');
  for (const p of parameters) {
    const values = columns.map(({ scenario }) => valueOf(scenario, p));
    if (!different(values)) continue;
    add(p.label, values.map((value) => (p.kind === 'reference' ? referenceText(p, String(value ?? ''), page.catalog) || 'none'
      : value === null ? (p.source === 'not given' ? 'not given' : 'derived')
        : figureText(p.id, p.options?.find((one) => one.id === value)?.label ?? value, '', page.format))), p.id, p.unit_text);
  }
  return rows;
}

export function view(page: Page): VElement {
  const { format } = page;
  const columns = columnsOf(page);
  const first = columns[0]!.estimate?.totals.per_month ?? null;
  const amounts = (label: string, pick: (estimate: Estimate) => number | null, key: string, classes = '') =>
    row(label, columns.map(({ estimate }) => format.amount(estimate ? pick(estimate) : null)), key, classes);
  const heading = (text: string, key: string) => h('tr', { key, class: 'part' }, h('th', { scope: 'colgroup', colspan: columns.length + 1 }, text));
  const differing = columns.length > 1 ? inputs(columns, page) : [];
  return h('div', { class: 'compare-scenarios' },
    h('p', { class: 'lead' }, columns.length > 1 ? 'Each column is a scenario of its own; the form shows one of them. All of them travel in the link.'
      : 'Put a second scenario beside this one: a copy that you then change, for example another model, a cache or an agent.'),
    h('p', { class: 'row' }, h('button', { type: 'button', class: 'button', 'data-do': 'scenario-add', disabled: columns.length >= most_scenarios },
      `Add a copy of “${nameOf(page.state.scenario)}”`),
    columns.length >= most_scenarios ? h('span', { class: 'quiet' }, `${most_scenarios} fit beside each other.`) : null),
    h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Scenarios' },
      h('table', { class: 'scenario-table' },
        h('caption', { class: 'hidden-text' }, 'Scenarios beside each other, in USD'),
        head(columns, page),
        h('tbody', null,
          columns.some(({ problem }) => problem) ? row('Why there is no figure', columns.map(({ problem }) => format.localize(problem)), 'problem', 'problems') : null,
          bars(columns),
          amounts('Total, USD a month', (estimate) => estimate.totals.per_month, 'total', 'sum'),
          columns.length > 1 ? row('Against the first', columns.map(({ estimate }, i) => (i === 0 ? 'first' : difference(estimate?.totals.per_month ?? null, first, page))), 'difference') : null,
          amounts('Inference a month', (estimate) => estimate.totals.inference_per_month, 'inference'),
          amounts('A request', (estimate) => estimate.totals.per_request, 'request'),
          amounts('A conversation', (estimate) => estimate.totals.per_conversation, 'conversation'),
          amounts('A user and month', (estimate) => figureOf(estimate, 'total_per_user').value, 'user'),
          columns.length > 1 ? [heading('Inputs that differ', 'differing'), differing.length > 0 ? differing
            : h('tr', { key: 'same' }, h('td', { colspan: columns.length + 1, class: 'quiet' }, 'None: the scenarios are the same so far.'))] : null,
          heading('The bill, USD a month', 'lines'), lines(columns, page)))));
}
