// What own capacity consists of: its bill, its figures, the memory of a GPU, and the GPUs that it could run on.

import type { Amount, Deployment, Figure, OwnCapacity, ServingDeployment } from '../../../web/types';
import type { Page } from '../page';
import { h, type Child, type VElement } from '../vdom';
import { useButton } from './asked';
import { barCell, ticks } from './bill';
import { legend, woven, wovenSwatch } from './chart';
import { sentence, swatch } from './parts';

/** A figure of own capacity with its explanation. */
export type Explained = (item: string, text: Child, name: string) => Child;

/** Doors to what the core explains of a way to buy: the small model and the hybrid say whose figure it is. */
export const doorOf = (way: 'own' | 'small' | 'hybrid'): Explained => (item, text, name) =>
  h('button', { type: 'button', class: 'door', 'data-do': 'explain', 'data-arg': way === 'own' ? item : `${way}/${item}`, 'data-own': true, 'aria-label': name }, text);

export const serves = (deployment: Deployment): deployment is ServingDeployment => deployment.reason === '';

const digits = (value: number): number => Number(value.toPrecision(3));

export function seconds(value: number, page: Page): string {
  return value < 1 ? `${page.format.number(digits(value * 1000))} ms` : `${page.format.number(digits(value))} s`;
}

/** "20 to 35 ms": the unit once where both have it. */
function range(low: string, high: string): string {
  const unit = /[^\d.,]+$/.exec(high)?.[0] ?? '';
  return unit !== '' && low.endsWith(unit) ? `${low.slice(0, -unit.length)} to ${high}` : `${low} to ${high}`;
}

export const on = ({ gpus_per_replica, gpu_name }: Deployment, page: Page): string => `${page.format.number(gpus_per_replica)} × ${gpu_name}`;

// The bill

/** GPUs that wait are paid like those that work, but nobody has anything of them. */
const hueOf = ({ id, category }: OwnCapacity['items'][number]): string => (id === 'own.gpus_idle' ? 'gpus_idle' : category);

function bill(own: OwnCapacity, page: Page, explained: Explained): VElement {
  const { format } = page;
  const shown = own.items.filter((item) => item.usd_per_month !== 0);
  const none = own.items.filter((item) => item.usd_per_month === 0);
  const column = format.column([...shown.map((item) => item.usd_per_month), own.per_month]);
  const marks = own.per_month === null ? [] : ticks(own.per_month);
  const grid = own.per_month ? marks.map((mark) => (mark / own.per_month!) * 100) : [];
  let start = 0;
  const amount = (id: string, label: string, usd: Amount) => h('td', { class: 'amount' }, explained(id, column(usd), `${label}: ${column(usd)} USD a month: explain`));
  const rows = shown.map((item) => {
    const from = start;
    start += item.share ?? 0;
    return h('tr', { key: item.id }, h('th', { scope: 'row' }, swatch(hueOf(item)), item.label),
      barCell(item.share === null ? null : { start: from * 100, width: item.share * 100, hue: hueOf(item) }, grid),
      amount(item.id, item.label, item.usd_per_month), h('td', { class: 'amount share' }, format.percent(item.share)));
  });
  return h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': `The bill of own capacity: ${own.model!.name}` },
    h('table', { class: 'bill' },
      h('caption', null, 'USD a month. Each bar starts where the one above it ends.'),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Line'),
        h('th', { scope: 'col', class: 'axis' }, h('span', { class: 'hidden-text' }, 'Waterfall'),
          h('svg', { width: '100%', height: 16, 'aria-hidden': 'true' }, grid.map((x, i) => h('text', { x: `${x}%`, y: 12,
            'text-anchor': x < 3 ? 'start' : x > 94 ? 'end' : 'middle' }, format.short(marks[i]!))))),
        h('th', { scope: 'col', class: 'amount' }, 'USD a month'), h('th', { scope: 'col', class: 'amount share' }, 'share'))),
      h('tbody', null, rows, h('tr', { class: 'sum sum-total', key: 'total' }, h('th', { scope: 'row' }, 'Total'),
        barCell(own.per_month === null ? null : { start: 0, width: 100, hue: 'sum' }, grid),
        amount('own_total', 'Total', own.per_month), h('td', { class: 'amount share' }, own.per_month === null ? '' : format.percent(1))))),
    none.length > 0 ? h('p', { class: 'quiet' }, `0 as things stand: ${none.map((item) => item.label).join(', ')}.`) : null);
}

// Figures

const told: readonly (readonly [id: string, name: string])[] = [
  ['replicas_at_peak', 'Replicas at the peak'], ['gpus_at_peak', 'GPUs, spares included'], ['utilisation', 'Busy'],
  ['own_usd_per_mtok_input', 'A million input tokens'], ['own_usd_per_mtok_output', 'A million output tokens'],
  ['own_usd_per_mtok_full', 'A million tokens on GPUs that never wait'],
];

export const figureOfOwn = (own: OwnCapacity, id: string): Figure | undefined => own.figures.find((figure) => figure.id === id);

function figures(own: OwnCapacity, first: ServingDeployment, page: Page, explained: Explained): VElement {
  const { format } = page;
  const fact = (id: string, name: string, text: string, small = '') => h('div', { key: id }, h('dt', null, name),
    h('dd', null, explained(id, h('b', null, text), `${name}: ${text}: explain`), small ? h('small', null, small) : null));
  const text = ({ id, value, unit_text }: Figure): string => (id === 'utilisation' ? format.percent(value)
    : /^USD/.test(unit_text) ? `${format.amount(value)} USD` : format.number(value));
  return h('dl', { class: 'figures' }, told.map(([id, name]) => {
    const figure = figureOfOwn(own, id);
    return figure ? fact(id, name, text(figure)) : null;
  }),
  fact('replica.first_token', 'First token, when full', seconds(first.first_token_seconds, page),
    `measured ${range(seconds(first.first_token_low, page), seconds(first.first_token_high, page))}`),
  fact('replica.token', 'Each token after it', seconds(first.token_seconds, page)),
  fact('replica.output_per_gpu', 'Output tokens a second and GPU', format.number(digits(first.output_tokens_per_second)),
    `measured ${range(format.number(digits(first.output_low)), format.number(digits(first.output_high)))}`));
}

// Memory

function memory(own: OwnCapacity, first: ServingDeployment, page: Page): VElement {
  const { weights, reserve, room, capacity, request } = own.memory;
  const gib = (value: number): string => `${page.format.number(digits(value))} GiB`;
  const parts = ([['weights', 'weights', weights], ['reserve', 'reserve of the engine', reserve], ['room', 'room for requests', room]] as const).filter(([, , size]) => size > 0);
  let at = 0;
  return h('figure', { class: 'memory' },
    h('figcaption', null, `The memory of one ${first.gpu_name}: ${gib(capacity)}`),
    h('svg', { class: 'memory-bar', width: '100%', height: 28, 'aria-hidden': 'true' },
      parts.map(([hue, , size]) => {
        const x = at;
        at += (size / capacity) * 100;
        return h('rect', { x: `${x}%`, y: 1, width: `${(size / capacity) * 100}%`, height: 26, fill: woven('own', hue), key: hue });
      }),
      h('rect', { class: 'memory-frame', x: 0.5, y: 0.5, width: '100%', height: 27 })),
    legend(parts.map(([hue, name, size]) => [wovenSwatch('own', hue), [`${name} `, h('b', null, gib(size)),
      hue === 'room' ? `, ${gib(request)} for each; a replica holds ${page.format.number(Math.floor(first.most_requests))}` : '']] as const)),
    h('p', { class: 'quiet' }, 'The rest stays free, as the engine is set.'));
}

// GPUs that it could run on

const shown_at_first = 8;
/** Models whose deployments are all shown. */
const opened = new Set<string>();
export const openDeployments = (model: string): void => void opened.add(model);

function deployments(own: OwnCapacity, page: Page, usable: boolean): Child {
  const { format } = page;
  const model = own.model!;
  const able = own.deployments.filter(serves);
  const unable = own.deployments.filter((one) => !serves(one));
  const shown = opened.has(model.id) ? able : able.slice(0, shown_at_first);
  const column = format.column(shown.map((one) => one.usd_per_month));
  const cell = (...children: Child[]) => h('td', { class: 'amount' }, children);
  const measured = (low: string, high: string) => h('small', null, range(low, high));
  return [
    able.length === 0 ? null : h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': `GPUs for ${model.name}` },
      h('table', { class: 'asked deployments' },
        h('caption', null, `What ${model.name} could run on, the cheapest first. In small type: between which 80 % of measurements lie`),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'A replica'),
          ['at once', 'first token', 'each token', 'tokens a second and GPU', 'GPUs', 'busy', 'USD a month', 'a million tokens'].map((name) => h('th', { scope: 'col', class: 'amount' }, name)),
          usable ? h('th', { scope: 'col' }, h('span', { class: 'hidden-text' }, 'Use')) : null)),
        h('tbody', null, shown.map((one, i) => h('tr', { key: `${one.gpu} ${one.gpus_per_replica}`, class: i === 0 ? 'chosen' : null },
          h('th', { scope: 'row' }, on(one, page)),
          cell(format.number(one.concurrency)),
          cell(seconds(one.first_token_seconds, page), measured(seconds(one.first_token_low, page), seconds(one.first_token_high, page))),
          cell(seconds(one.token_seconds, page)),
          cell(format.number(digits(one.output_tokens_per_second)), measured(format.number(digits(one.output_low)), format.number(digits(one.output_high)))),
          cell(format.number(one.gpus_at_peak)), cell(format.percent(one.utilisation)), cell(column(one.usd_per_month)), cell(format.amount(one.usd_per_mtok)),
          usable ? h('td', { class: 'use-cell' }, i === 0 ? 'in use' : useButton('Use', 'own-gpu', `${one.gpu} ${one.gpus_per_replica}`, `Use ${on(one, page)}`)) : null))))),
    shown.length < able.length ? h('p', { class: 'row' }, useButton(`Show all ${format.number(able.length)}`, 'own-all', model.id)) : null,
    unable.length > 0 ? h('details', { class: 'cannot' },
      h('summary', null, `${format.number(unable.length)} cannot serve it, with the reason`),
      h('table', { class: 'reasons' }, h('caption', { class: 'hidden-text' }, `GPUs that cannot serve ${model.name}`),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'A replica'), h('th', { scope: 'col' }, 'Reason'))),
        h('tbody', null, unable.map((one) => h('tr', { key: `${one.gpu} ${one.gpus_per_replica}` }, h('th', { scope: 'row' }, on(one, page)), h('td', null, format.localize(one.reason))))))) : null,
  ];
}

/** All of it, for one model. `usable`: its GPUs can be chosen here. */
export function detail(own: OwnCapacity, page: Page, explained: Explained, usable: boolean): Child {
  const { format } = page;
  const first = own.deployments.find(serves);
  const problem = own.problem ? h('p', { class: 'error' }, format.localize(`${own.problem.message} ${own.problem.hint}`)) : null;
  if (!own.model) return problem;
  if (!first || own.problem) return [problem, deployments(own, page, usable)];
  return [
    h('p', null, h('b', null, own.model.name), ` on ${format.number(first.gpus_at_peak)} × ${first.gpu_name}, ${format.number(first.gpus_per_replica)} for a replica. `,
      first.rent_source ? `Rent: ${format.localize(first.rent_source)}.` : ''),
    own.notices.length > 0 ? h('ul', { class: 'notices' }, own.notices.map(({ text }) => h('li', { key: text }, sentence(format.localize(text))))) : null,
    bill(own, page, explained),
    figures(own, first, page, explained),
    memory(own, first, page),
    deployments(own, page, usable),
  ];
}
