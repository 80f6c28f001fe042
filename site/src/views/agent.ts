// What does an agent cost per solved task, and where should its steps be capped?

import { ratioWords } from '../format';
import type { SweepAxis } from '../../../web/sweep';
import type { Amount, Series } from '../../../web/types';
import type { SectionModule } from '../lazy';
import type { Page } from '../page';
import { h, type Child, type VElement } from '../vdom';
import { choiceOf, estimateOf, figureIn, given, inputs, nothing, numberOf, optionLabel, seriesOf, slowly, useHistory, whenPaused, type Changes } from './asked';
import { amounts, around, closed, counted, grip, legend, line, lineSign, plot, upright, weavesOf, type Frame, type Scale } from './chart';
import { followHandles, type Rule } from './handles';
import { door, figureText } from './parts';

const most_steps = 60;
const along = (id: string): SweepAxis => ({ id, from: 1, to: most_steps, steps: most_steps, scale: 'linear' });
/** Of so many steps the table tells the cost. */
const told_steps = [1, 2, 5, 10, 15, 20, 30, 40, 60];

const steps: Scale = counted(1, most_steps);
const of = (series: Series | null, id: string): readonly Amount[] => series?.figures[id] ?? [];

interface Curve { readonly id: string; readonly name: string; readonly style: string; readonly usd: readonly Amount[] }

/** The cache that the curve "cached" stands for: yours, or the seller's own where you use none. */
const cacheOf = (page: Page): string => (choiceOf(page, 'caching') === 'off' ? 'automatic' : choiceOf(page, 'caching'));

function curves(page: Page): Curve[] {
  const ask = (changes: Changes) => of(seriesOf(page, changes, along('turns_per_conversation'), ['inference_per_conversation']), 'inference_per_conversation');
  const cache = cacheOf(page);
  return slowly(page, 'agent steps', ['turns_per_conversation'], 0, () => [
    { id: 'off', name: 'not cached', style: 'plain', usd: ask({ caching: 'off' }) },
    { id: cache, name: 'cached', style: 'dash', usd: ask({ caching: cache }) },
    { id: 'given', name: 'straight guess', style: 'dots', usd: ask({ caching: 'off', history: 'given' }) },
  ]);
}

/** The first number of steps with which a prompt reaches the long-context price; null = none. Prompts only grow with steps. */
function cliff(page: Page, possible: number): number | null {
  const reached = (n: number): boolean => estimateOf(page, { turns_per_conversation: n })?.notices.some(({ kind }) => kind === 'cliff') ?? false;
  if (possible < 1 || !reached(possible)) return null;
  let [below, above] = [0, possible];
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (reached(middle)) above = middle;
    else below = middle;
  }
  return above;
}

function stepsChart(page: Page, all: readonly Curve[]): Child {
  const { format } = page;
  const n = numberOf(page, 'turns_per_conversation');
  const now = choiceOf(page, 'caching');
  const possible = all[0]!.usd.findLastIndex((value) => value !== null) + 1;
  const largest = Math.max(0, ...all.flatMap(({ usd }) => usd.map((value) => value ?? 0)));
  const frame: Frame = { x: steps, y: amounts(largest), height: 280, xTitle: 'steps of a task, on average', yTitle: 'USD of inference for an attempt',
    xText: (v) => format.number(v), yText: (v) => format.short(v) };
  const from = slowly(page, 'agent cliff', ['turns_per_conversation'], possible, () => cliff(page, possible));
  const here = page.estimate ? figureIn(page.estimate, 'inference_per_conversation') : null;
  const style = (curve: Curve): string => `${curve.style}${curve.id === now ? ' line-here' : ''}`;
  return [
    plot(frame, 'USD of inference for an attempt, by steps', [
      possible < most_steps ? closed(frame, possible + 0.5, possible === 0 ? 'does not fit the context' : `above ${format.number(possible)} steps the context is full`, 'agent') : null,
      all.map((curve) => line(frame, curve.usd.map((usd, i) => [i + 1, usd] as const), style(curve))),
      from === null ? null : upright(frame, from, `long-context price from ${format.number(from)} steps on`, 'cliff', 1),
      n <= most_steps ? [upright(frame, n, `${format.number(n)} steps${here === null ? '' : `: ${format.amount(here)} USD`}`, 'here'),
        all.map(({ usd }) => usd[Math.round(n) - 1] ?? null).map((usd) => (usd === null ? null : around(frame, n, usd, h('circle', { class: 'here-dot', r: 4 })))),
        grip(frame, { id: 'turns_per_conversation', label: 'Steps of a task', value: n, text: `${format.number(n)} steps: ${format.amount(here)} USD of inference an attempt`, along: 'x', least: 1, most: most_steps }, n, frame.y.to * 0.85)] : null,
    ], all.map((curve) => ({ name: curve.name, value: curve.usd.findLast((value) => value !== null) ?? null, strong: curve.id === now }))),
    legend([[lineSign(style(all[0]!)), 'not cached'], [lineSign(style(all[1]!)), `cached: ${optionLabel(page, 'caching', all[1]!.id)}`],
      [lineSign('dots'), 'not cached, and nothing of earlier steps sent again: what a straight guess would say']]),
    n > most_steps ? h('p', { class: 'quiet' }, `Your ${format.number(n)} steps lie beyond the axis.`) : null,
  ];
}

/** Those steps, and where the scenario is. */
const toldSteps = (here: number): number[] => [...new Set([...told_steps, Math.round(here)])].filter((one) => one >= 1 && one <= most_steps).sort((a, b) => a - b);

function stepsTable(page: Page, all: readonly Curve[]): VElement {
  const { format } = page;
  const n = Math.round(numberOf(page, 'turns_per_conversation'));
  const rows = toldSteps(n);
  const texts = all.map(({ usd }) => format.column(rows.map((row) => usd[row - 1] ?? null)));
  return h('details', { class: 'stands-on' }, h('summary', null, 'The same as a table'),
    h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Cost of an attempt by steps' },
      h('table', { class: 'asked' }, h('caption', null, 'USD of inference for an attempt, by steps'),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Steps'), all.map((curve) => h('th', { scope: 'col', class: 'amount' }, curve.name)))),
        h('tbody', null, rows.map((row) => h('tr', { key: row, class: row === n ? 'chosen' : null }, h('th', { scope: 'row' }, format.number(row)),
          all.map((curve, i) => h('td', { class: 'amount' }, curve.usd[row - 1] == null ? 'impossible' : texts[i]!(curve.usd[row - 1]!)))))))));
}

function capTable(page: Page, cap: number | null, usd: readonly Amount[], cut: readonly Amount[]): VElement {
  const { format } = page;
  const rows = toldSteps(cap ?? most_steps);
  const column = format.column(rows.map((row) => usd[row - 1] ?? null));
  return h('details', { class: 'stands-on' }, h('summary', null, 'The same as a table'),
    h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Cost of a solved task by the cap on steps' },
      h('table', { class: 'asked' }, h('caption', null, 'USD in all for a solved task, by the cap on steps'),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Most steps'), ['USD', 'tasks cut'].map((name) => h('th', { scope: 'col', class: 'amount' }, name)))),
        h('tbody', null, rows.map((row) => h('tr', { key: row, class: row === cap ? 'chosen' : null }, h('th', { scope: 'row' }, format.number(row)),
          h('td', { class: 'amount' }, column(usd[row - 1] ?? null)), h('td', { class: 'amount' }, format.percent(cut[row - 1] ?? null))))))));
}

/** What the cap does, or would do at twice the mean. */
function capWords(page: Page, cap: number | null, usd: readonly Amount[], cut: readonly Amount[]): VElement | null {
  const { format } = page;
  const at = Math.min(most_steps, Math.max(1, Math.round(cap ?? 2 * numberOf(page, 'turns_per_conversation'))));
  const [with_cap, share] = [usd[at - 1] ?? null, cut[at - 1] ?? null];
  const without = figureIn(estimateOf(page, { request_cap: null }), 'total_per_success');
  if (with_cap === null || without === null) return null;
  const steps_text = `${format.number(at)} ${at === 1 ? 'step' : 'steps'}`;
  return h('p', null, cap === null ? `A cap at ${steps_text}, twice your mean, would cut ${format.percent(share)} of the tasks: a solved one would cost `
    : `Your cap at ${steps_text} cuts ${format.percent(share)} of the tasks: a solved one costs `, `${format.amount(with_cap)} USD in all, without a cap ${format.amount(without)}`,
  without > 0 && Math.abs(with_cap / without - 1) >= 0.001 ? ` (${ratioWords(with_cap / without, format)} with it).` : '.',
  ' A task that is cut has been paid for nothing; what it would have been worth is not counted.');
}

function capCharts(page: Page): Child {
  const { format } = page;
  const series = slowly(page, 'agent caps', ['request_cap'], 0, () => seriesOf(page, {}, along('request_cap'), ['total_per_success', 'cut_conversations_ratio']));
  const usd = of(series, 'total_per_success');
  const cut = of(series, 'cut_conversations_ratio');
  const given_cap = page.state.scenario.parameters?.['request_cap'];
  const cap = typeof given_cap === 'number' ? given_cap : null;
  const common = { x: steps, height: 170, xText: (v: number) => format.number(v) };
  const known = usd.filter((value): value is number => value !== null);
  // A cap of a step or two cuts nearly everything: the axis holds what is of use, the line may leave it.
  const largest = known.length > 0 ? Math.min(Math.max(...known), 4 * Math.min(...known)) : 0;
  const cost: Frame = { ...common, y: amounts(largest), xTitle: '', yTitle: 'USD in all for a solved task', yText: (v) => format.short(v) };
  const shares: Frame = { ...common, height: 110, y: { from: 0, to: 1, log: false, marks: [0, 0.5, 1] }, xTitle: 'most steps allowed', yTitle: 'tasks that the cap cuts', yText: (v) => format.percent(v) };
  const at = Math.min(cap ?? most_steps, most_steps);
  const text = cap === null ? 'no cap' : `at most ${format.number(cap)} steps`;
  const within = (values: readonly Amount[], top: number) => values.map((value, i) => [i + 1, value === null || value > top ? null : value] as const);
  return [
    h('h3', { class: 'asked-title' }, 'Where to cap the steps'),
    capWords(page, cap, usd, cut),
    plot(cost, 'USD in all for a solved task, by the cap on steps', [
      line(cost, within(usd, cost.y.to), 'plain line-here'),
      upright(cost, at, text, 'here'),
      grip(cost, { id: 'request_cap', label: 'Most steps allowed', value: at, text, along: 'x', least: 1, most: most_steps }, at, cost.y.to * 0.85),
    ]),
    plot(shares, 'Share of tasks that the cap cuts, by the cap on steps', [line(shares, within(cut, 1), 'plain line-here'), upright(shares, at, '', 'here')]),
    capTable(page, cap, usd, cut),
    h('p', { class: 'quiet' }, 'Lengths of tasks are taken as spread exponentially around their mean, an assumption: a cap cuts off the long ones. The cost is that of a task of mean length. At the right end there is no cap.'),
  ];
}

/** No cap at the right end. */
const capRule: Rule = {
  settle: (place) => (place >= most_steps - 0.5 ? null : Math.max(1, Math.round(place))),
  step(direction, app) {
    const now = app.state.scenario.parameters?.['request_cap'];
    const to = (typeof now === 'number' ? now : most_steps) + direction;
    return to >= most_steps ? null : Math.max(1, to);
  },
};

function solved(page: Page): VElement {
  const { estimate, format } = page;
  const fact = (id: string, name: string, small = '') => {
    const figure = estimate?.figures.find((one) => one.id === id);
    const value = figure?.value ?? null;
    const text = figure?.unit_text ? figureText(id, value, figure.unit_text.replace(/ ?\bper .*$/, ''), format) : format.percent(value);
    return h('div', { key: id }, h('dt', null, name, small ? h('small', null, ' ', small) : null), h('dd', null, door(id, h('b', null, text), `${name}: ${text}: explain`)));
  };
  return h('dl', { class: 'figures' },
    fact('total_per_success', 'A solved task, in all'), fact('total_per_conversation', 'An attempt, in all'), fact('inference_per_conversation', 'An attempt, inference alone'),
    fact('success_per_attempt', 'Attempts that succeed', 'within the cap'), fact('cut_conversations_ratio', 'Tasks that the cap cuts'), fact('unsolved_ratio', 'Tasks given up in the end'));
}

/** How the cost grows, in words. */
function growth(page: Page, all: readonly Curve[]): VElement | null {
  const { format } = page;
  const n = Math.round(numberOf(page, 'turns_per_conversation'));
  const [off, on] = [all[0]!.usd, all[1]!.usd];
  const at = (usd: readonly Amount[], steps_: number): Amount => usd[steps_ - 1] ?? null;
  const [without, cached, twice, thrice] = [at(off, n), at(on, n), at(off, 2 * n), at(on, 2 * n)];
  if (without === null) return null;
  const saving = cached === null ? '' : ratioWords(cached / without, format);
  return h('p', { class: 'sentence' }, `${format.number(n)} steps cost ${format.amount(without)} USD of inference not cached`,
    cached === null ? '.' : ` and ${format.amount(cached)} cached${saving && saving !== 'the same' ? `, ${saving}` : ''}.`,
    twice === null || without === 0 ? '' : ` Twice as many cost ${format.number(Number((twice / without).toPrecision(2)))} times as much${thrice === null || !cached ? '' : `, cached ${format.number(Number((thrice / cached).toPrecision(2)))} times`}.`);
}

export function view(page: Page): VElement {
  const none = nothing(page, 'The cost of a task by its steps appears here as soon as the scenario can be priced.');
  if (none) return none;
  const all = curves(page);
  return h('div', { class: 'question' },
    weavesOf('agent', ['none']),
    given(page, 'agent', 'The cost of a task is then a straight line of its steps.'),
    growth(page, all),
    h('h3', { class: 'asked-title' }, 'Cost of an attempt by its steps'),
    stepsChart(page, all),
    stepsTable(page, all),
    inputs(page, 'agent', ['turns_per_conversation', 'prompt_tokens', 'output_tokens', 'turn_input_tokens', 'tools', 'tool_schema_tokens', 'subagents_per_conversation', 'subagent_turns', 'subagent_prompt_tokens']),
    h('h3', { class: 'asked-title' }, 'Cost of a solved task'),
    solved(page),
    inputs(page, 'agent', ['success_ratio', 'attempts', 'request_cap']),
    capCharts(page));
}

export const clicks: Required<SectionModule>['clicks'] = { 'use-history': useHistory };

export const mounted: Required<SectionModule>['mounted'] = (element, app) => {
  whenPaused(() => app.update());
  followHandles(element, app, { request_cap: capRule });
};

