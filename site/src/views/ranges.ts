// How far the month may be off: low, likely and high of every line, and which inputs it is due to.

import type { SweepHeader } from '../../../web/sweep';
import type { Amount, RangeInput, RangedFigure, Ranges } from '../../../web/types';
import type { Controller } from '../controller';
import { failed, type Page } from '../page';
import { rangeText } from '../scenario_ranges';
import { sweepRunner } from '../sweep_runner';
import { h, type Child, type VElement } from '../vdom';
import { between, line, plot, shareOf, shares_scale, upright, type Frame, type Scale } from './chart';
import { door, fieldText } from './parts';

/** Whether defaults count with their documented ranges. */
let typical = true;
/** So many draws answer while one looks; the command line takes more. */
const samples = 2048;

const ask = (page: Pick<Page, 'ask'>) =>
  page.ask(`ranges:${typical}`, (core, scenario, today) => core.range(scenario, today, typical ? 'typical' : 'given', samples), true);

export function ranges(page: Page): Ranges | null {
  const answer = ask(page);
  return answer === null || failed(answer) || answer.inputs.length === 0 ? null : answer;
}

/** Beside the month's figure: low, likely and high. */
export function headline(page: Page): VElement | null {
  const answer = ranges(page);
  if (answer === null) return null;
  const figure = (label: string, value: number) => h('span', { key: label }, `${label} `, h('b', null, page.format.amount(value)));
  return h('p', { class: 'spread' }, figure('low', answer.low), figure('likely', answer.likely), figure('high', answer.high));
}

/** Every model over the same draws, for one scenario: a first answer from few draws, then from more and more. */
const draws = 1_048_576;
const first_draws = [4096, 65_536] as const;
/** So often a reader is told how far it is. */
const told_ms = 150;
/** Before so much is done nobody knows how long it takes. */
const least_share = 0.02;
interface Tried {
  readonly asked: string;
  readonly header: SweepHeader | null;
  readonly problem: string;
  /** The share that is done, and the seconds left; null when there is no more to do. */
  readonly running: { readonly share: number; readonly seconds: number | null } | null;
}
let tried: Tried | null = null;

const askedOf = (of: Pick<Controller, 'state'>): string => JSON.stringify([of.state.scenario, typical]);

async function tryModels(app: Controller): Promise<void> {
  const asked = askedOf(app);
  const runner = sweepRunner(app);
  const tell = (next: Omit<Tried, 'asked'>) => {
    tried = { asked, ...next };
    app.update();
  };
  let header: SweepHeader | null = null;
  let at: NonNullable<Tried['running']> = { share: 0, seconds: null };
  let told = 0;
  const isStale = (): boolean => tried?.asked !== asked || askedOf(app) !== asked;
  tell({ header, problem: '', running: at });
  const outcome = await runner.runInStages({ scenario: app.state.scenario, today: app.today, output: 'total', axes: [], models: ['all'], samples: draws,
    assumptions: typical ? 'typical' : 'given', cells: false, lowest: 0 }, first_draws.map((count) => count / draws), (so_far) => {
    if (isStale()) return;
    header = so_far;
    tell({ header, problem: '', running: at });
  }, ({ share, ms }) => {
    if (isStale()) return runner.cancel();
    at = { share, seconds: share < least_share ? null : Math.ceil(ms / share * (1 - share) / 1000) };
    if (ms - told < told_ms) return;
    told = ms;
    tell({ header, problem: '', running: at });
  });
  if (isStale()) return;
  if ('problem' in outcome) tell({ header, problem: outcome.problem, running: null });
  else tell({ header: outcome, problem: '', running: null });
}

export const clicks = {
  'ranges-typical'(app: Controller): void {
    typical = !typical;
    app.update();
  },
  'ranges-models': (app: Controller): void => void tryModels(app),
  'ranges-cancel': (app: Controller): void => sweepRunner(app).cancel(),
};

const place = (scale: Pick<Scale, 'from' | 'to'>, value: number): number => shareOf({ ...scale, log: false }, value) * 100;

/** The share of draws at or below each value. */
function curve(answer: Ranges, page: Page): Child {
  const { from, to, shares } = answer.histogram;
  if (shares.length === 0) return null;
  const { format } = page;
  const step = (to - from) / shares.length;
  let sum = 0;
  const points: [number, number][] = [[from, 0], ...shares.map((share, i): [number, number] => {
    sum += share;
    return [from + (i + 1) * step, sum];
  })];
  const frame: Frame = { x: between(from, to), y: shares_scale, height: 220,
    xTitle: 'USD a month', yTitle: 'Share of draws that cost at most so much', xText: (v) => format.short(v), yText: (v) => format.percent(v) };
  return plot(frame, 'USD a month by the share of draws that cost at most so much', [
    h('rect', { class: 'range-band', x: `${place(frame.x, answer.low)}%`, width: `${place(frame.x, answer.high) - place(frame.x, answer.low)}%`, y: 0, height: frame.height, 'aria-hidden': 'true' }),
    line(frame, points, 'plain line-here'),
    upright(frame, answer.low, `low ${format.short(answer.low)}`, 'flag', 2),
    upright(frame, answer.high, `high ${format.short(answer.high)}`, 'flag', 4),
    answer.point === null ? null : upright(frame, Math.min(Math.max(answer.point, from), to), `the bill ${format.short(answer.point)}`, 'here'),
  ]);
}

function percentiles(answer: Ranges, page: Page): VElement {
  const column = page.format.column(Object.values(answer.percentiles));
  return h('details', { class: 'stands-on' }, h('summary', null, 'Percentiles as a table'),
    h('table', { class: 'asked fits' }, h('caption', { class: 'hidden-text' }, 'Percentiles of the month'),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Share of draws'), h('th', { scope: 'col', class: 'amount' }, 'cost at most USD'))),
      h('tbody', null, Object.entries(answer.percentiles).map(([percent, value]) => h('tr', { key: percent },
        h('th', { scope: 'row' }, page.format.percent(Number(percent) / 100)), h('td', { class: 'amount' }, column(value)))))));
}

/** From the month with this input at its low end to the month with it at its high end; the line is the bill. */
function swing(input: RangeInput, scale: Scale, point: number): VElement {
  const at = (value: Amount, end: 'low' | 'high') => {
    if (value === null) return null;
    const [a, b] = [place(scale, point), place(scale, value)];
    return h('rect', { class: `tornado-${end}`, x: `${Math.min(a, b)}%`, width: `${Math.max(Math.abs(b - a), 0.15)}%`, y: end === 'low' ? 6 : 18, height: 12 });
  };
  const zero = place(scale, point);
  return h('td', { class: 'bar' }, h('svg', { width: '100%', height: 36, 'aria-hidden': 'true' },
    at(input.at_low, 'low'), at(input.at_high, 'high'), h('line', { class: 'lever-zero', x1: `${zero}%`, x2: `${zero}%`, y1: 0, y2: '100%' })));
}

function inputRow(input: RangeInput, scale: Scale, point: number, column: (v: number | null) => string, page: Page): VElement {
  const p = page.description.parameters.find((one) => one.id === input.id);
  const span = p ? [`${rangeText(p, input, page.format)}${p.id.endsWith('_ratio') ? ' %' : ''}`, `, likely ${fieldText(p, Number(input.likely.toPrecision(3)), page.format)}`] : '';
  return h('tr', { key: input.id },
    h('th', { scope: 'row' }, h('button', { type: 'button', class: 'link', 'data-do': 'go-to', 'data-arg': input.id }, input.label),
      h('small', null, span), input.origin === 'typical' ? h('small', { class: 'quiet' }, `typical: ${input.source}`) : null),
    swing(input, scale, point),
    h('td', { class: 'amount' }, column(input.swing)),
    h('td', { class: 'amount' }, input.total === null ? '' : page.format.percent(Math.round(input.total * 1000) / 1000)),
    h('td', { class: 'amount' }, input.elasticity === null ? '' : page.format.number(Math.round(input.elasticity * 100) / 100)));
}

function tornado(answer: Ranges, page: Page): Child {
  const { inputs, point } = answer;
  if (inputs.length === 0 || point === null) return null;
  const ends = inputs.flatMap((input) => [input.at_low, input.at_high]).filter((v): v is number => v !== null);
  const from = Math.min(point, ...ends);
  const to = Math.max(point, ...ends);
  const room = (to - from || point || 1) * 0.02;
  const scale: Scale = { from: from - room, to: to + room, log: false, marks: [] };
  const column = page.format.column(inputs.map((input) => input.swing));
  return [
    h('h3', { class: 'asked-title' }, 'What drives it'),
    h('p', { class: 'quiet legend' }, (['low', 'high'] as const).map((end) => h('span', { key: end },
      h('svg', { class: 'swatch', width: 20, height: 10, 'aria-hidden': 'true' }, h('rect', { class: `tornado-${end}`, x: 1, y: 1, width: 18, height: 8 })), `input at its ${end} end`)),
    ' The line is the bill.'),
    h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'What drives the month' },
      h('table', { class: 'ranged tornado' },
        h('caption', null, 'Each input at the ends of its range, the others as they are. Swing: how far these months and the bill are apart. Share: of the variance of all draws, together with others. Elasticity: percent of the month for a percent of the input.'),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Input'), h('th', { scope: 'col', class: 'bar' }, h('span', { class: 'hidden-text' }, 'Bars')),
          h('th', { scope: 'col', class: 'amount' }, 'swing, USD'), h('th', { scope: 'col', class: 'amount' }, 'share'), h('th', { scope: 'col', class: 'amount' }, 'elasticity'))),
        h('tbody', null, inputs.map((input) => inputRow(input, scale, point, column, page))))),
  ];
}

function items(answer: Ranges, page: Page): VElement {
  const shown = answer.items.filter((item) => (item.high ?? 0) > 0);
  const largest = Math.max(1e-9, answer.high, ...shown.map((item) => item.high!));
  const column = page.format.column([answer.high]);
  const bar = (item: Pick<RangedFigure, 'low' | 'likely' | 'high'>) => h('td', { class: 'bar' }, h('svg', { width: '100%', height: 24, 'aria-hidden': 'true' },
    h('rect', { class: 'range-span', x: `${(item.low! / largest) * 100}%`, width: `${Math.max(((item.high! - item.low!) / largest) * 100, 0.3)}%`, y: 8, height: 8 }),
    h('line', { class: 'lever-zero', x1: `${(item.likely! / largest) * 100}%`, x2: `${(item.likely! / largest) * 100}%`, y1: 4, y2: 20 })));
  const cells = (item: Pick<RangedFigure, 'low' | 'likely' | 'high'>) => [item.low, item.likely, item.high].map((v) => h('td', { class: 'amount' }, column(v)));
  return h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Low, likely and high of each line' },
    h('table', { class: 'ranged' },
      h('caption', null, 'USD a month. Of ten draws one lies below low or above high, and half below likely. The lows and highs of lines do not add up: not all are low or high at once.'),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Line'), h('th', { scope: 'col', class: 'bar' }, h('span', { class: 'hidden-text' }, 'Bars')),
        ['low', 'likely', 'high'].map((label) => h('th', { scope: 'col', class: 'amount' }, label)))),
      h('tbody', null, shown.map((item) => h('tr', { key: item.id }, h('th', { scope: 'row' }, door(item.id, item.label, `${item.label}: explain`)), bar(item), cells(item))),
        h('tr', { class: 'sum', key: 'total' }, h('th', { scope: 'row' }, 'Total'), bar(answer), cells(answer)))));
}

const most_models = 12;

/** How often each model is the cheapest, over the draws of the inputs. */
export function modelTable(header: SweepHeader, page: Page, running = false): VElement {
  const points = header.models!.reduce((sum, model) => sum + model.wins, 0);
  const shown = header.models!.filter((model) => model.count > 0)
    .sort((a, b) => b.wins - a.wins || a.percentiles!['50']! - b.percentiles!['50']!).slice(0, most_models);
  const own = header.models!.find((model) => model.key === page.estimate?.model?.key);
  if (own && own.count > 0 && !shown.includes(own)) shown.push(own);
  const column = page.format.column(shown.flatMap((model) => [model.percentiles!['5']!, model.percentiles!['95']!]));
  return h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Models over the ranges' },
    h('table', { class: 'ranged' },
      h('caption', null, `USD a month of each model over ${page.format.number(Math.floor(header.done / header.models!.length))} draws, the same for all${header.partial && !running ? ` (cancelled; ${page.format.number(header.samples!)} were wanted)` : ''}. Cheapest: share of the draws in which it costs less than every other model.`),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Model'), ['cheapest', 'low', 'likely', 'high'].map((label) => h('th', { scope: 'col', class: 'amount' }, label)))),
      h('tbody', null, shown.map((model) => {
        const known = page.comparison?.models.find((one) => one.key === model.key);
        return h('tr', { key: model.key }, h('th', { scope: 'row' }, known?.name ?? model.key, h('small', null, model === own ? 'the chosen model' : known?.seller_name ?? '')),
          h('td', { class: 'amount' }, page.format.percent(points > 0 ? Math.round(model.wins / points * 1000) / 1000 : 0)),
          (['5', '50', '95'] as const).map((percent) => h('td', { class: 'amount' }, column(model.percentiles![percent]!))));
      }))));
}

function progress({ share, seconds }: NonNullable<Tried['running']>, page: Page): VElement {
  const { format } = page;
  return h('p', { class: 'row progress' },
    h('progress', { max: 1, value: share, 'aria-label': 'Progress of the draws' }),
    h('span', null, `${format.number(Math.round(share * draws))} of ${format.number(draws)} draws of every model${seconds === null ? '' : `, ${format.number(seconds)} s left`} `),
    h('button', { type: 'button', class: 'button', 'data-do': 'ranges-cancel' }, 'Cancel'));
}

function models(page: Page): Child {
  const current = tried !== null && tried.asked === askedOf(page) ? tried : null;
  return [
    h('h3', { class: 'asked-title' }, 'Which model is the cheapest over these ranges'),
    current?.header ? modelTable(current.header, page, current.running !== null) : null,
    current?.problem ? h('p', { class: 'error' }, current.problem) : null,
    current?.running ? progress(current.running, page) : null,
    current?.header && !current.running ? h('p', { class: 'quiet' }, 'Cheap is not good enough by itself: look at what a model can do before you choose it. ',
      current.header.left_out ? `${page.format.number(current.header.left_out.length)} models cannot serve this, or a price of theirs is not known.` : '') : null,
    current ? null : h('p', null, h('button', { type: 'button', class: 'button', 'data-do': 'ranges-models' }, 'Price every model over these ranges')),
  ];
}

export function view(page: Page): VElement {
  const answer = ask(page);
  const toggle = h('p', null, h('button', { type: 'button', role: 'switch', class: 'switch', 'data-do': 'ranges-typical', 'aria-checked': typical ? 'true' : 'false' },
    h('span', { class: 'track', 'aria-hidden': 'true' }), 'Defaults count with the range that documents give for them'));
  const how = h('p', { class: 'quiet' }, 'Write a range into any field of the form: ', h('code', null, '4k to 9k'), '. Nine of ten values lie in it; its median is what the bill is computed with.');
  if (answer === null) return h('div', null, h('p', { class: 'empty' }, 'The ranges appear here as soon as there are prices.'));
  if (failed(answer)) return h('div', { class: 'ranges' }, h('p', { class: 'empty' }, page.format.localize(`${answer.message} ${answer.hint}`)), toggle, how);
  const { format } = page;
  const usd = (value: Amount) => h('b', null, `${format.amount(value)} USD`);
  const certain = answer.inputs.length === 0;
  return h('div', { class: 'ranges' },
    h('p', { class: 'lead' }, certain ? ['The month costs ', usd(answer.point), '. ']
      : ['Of ten months like this nine cost between ', usd(answer.low), ' and ', usd(answer.high), ', half of them less than ', usd(answer.likely), '. ',
        answer.point !== null && answer.point_share !== null ? `The bill’s ${format.amount(answer.point)} USD is above ${format.percent(answer.point_share)} of them. ` : ''],
    format.localize(answer.sentence)),
    toggle, how,
    answer.impossible > 0 ? h('p', { class: 'notice' }, `${format.number(answer.impossible)} of ${format.number(answer.samples)} draws have no bill: the model cannot serve them, or a price is not known.`) : null,
    certain ? null : [curve(answer, page), percentiles(answer, page), tornado(answer, page),
      h('h3', { class: 'asked-title' }, 'Each line of the bill'), items(answer, page),
      models(page),
      answer.correlated ? h('p', { class: 'quiet' }, 'Shares are told as if the inputs did not depend on each other.') : null]);
}
