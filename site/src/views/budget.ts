// Next year's budget: what each month costs, when the alarms sound, in which month the budget breaks.

import type { Budget, Forecast, ForecastMonth } from '../../../web/types';
import type { SectionModule } from '../lazy';
import type { Format } from '../format';
import { failed, type Page } from '../page';
import { h, type Child, type VElement } from '../vdom';
import { choiceOf, inputs, nothing, numberOf, useButton } from './asked';
import { amounts, around, counted, grip, level, line, plot, shareOf, stacks, top, upright, weavesOf, type Frame, type Points, type Scale } from './chart';
import { ticks } from './bill';
import { followHandles, heldScale } from './handles';
import { sentence } from './parts';

type Picture = 'months' | 'sum';
/** What the reader has chosen to see; null = what the budget's period asks for. */
let chosen: Picture | null = null;

/** On an axis whose marks stand `every` months apart the year is told with the first mark, and with the first in a year. */
function axisText(forecast: Forecast, n: number, format: Format): string {
  const date = forecast.months[n - 1]?.date;
  const { marks } = counted(1, forecast.months.length);
  const every = (marks[1] ?? 2) - (marks[0] ?? 1);
  const opens = (iso: string): boolean => Number(iso.slice(5, 7)) <= every;
  const next = forecast.months[n - 1 + every]?.date;
  return date === undefined ? '' : opens(date) || (n === 1 && !(next && opens(next))) ? format.month(date, true) : format.month(date, false);
}

const picture = (page: Page): Picture => chosen ?? (choiceOf(page, 'budget_period') === 'forecast' ? 'sum' : 'months');

/** The upright axis; while somebody holds the budget's handle it stays as it was. */
function upwards(largest: number): Scale {
  const held = heldScale('budget_usd');
  return held ? { from: held.from, to: held.to, log: false, marks: ticks(held.to) } : amounts(largest);
}

/** Where a line through points first reaches a height. */
export function reach(points: Points, height: number): number | null {
  for (let i = 1; i < points.length; i += 1) {
    const [[x0, y0], [x1, y1]] = [points[i - 1]!, points[i]!];
    if (y0 === null || y1 === null) return null;
    if (y1 >= height && y0 <= height && y1 > y0) return x0 + ((height - y0) / (y1 - y0)) * (x1 - x0);
  }
  return null;
}

interface Flag { readonly number: number; readonly month: ForecastMonth; readonly texts: readonly string[] }

const flagsOf = (forecast: Forecast): Flag[] => forecast.months.filter((month) => month.notices.length > 0)
  .map((month, i) => ({ number: i + 1, month, texts: month.notices.map(({ text }) => text) }));

const flagMarks = (frame: Frame, flags: readonly Flag[], place: (month: ForecastMonth) => number): Child => flags.map((flag) =>
  h('g', { class: 'flag', 'aria-hidden': 'true', key: flag.number }, upright(frame, place(flag.month), '', 'flag'),
    around(frame, place(flag.month), frame.y.to, h('path', { d: 'M0 -16H18V-2H0Z' }), h('text', { x: 9, y: -5, 'text-anchor': 'middle' }, flag.number))));

/** The alarms on the line with their dates; of two at about the same height the list below tells both. */
function alarms(frame: Frame, budget: Budget, points: Points, page: Page): Child {
  let last = Infinity;
  return budget.levels.map((one) => {
    const x = reach(points, one.usd);
    if (x === null || one.date === null) return null;
    const free = last - top(frame, one.usd) >= 15;
    if (free) last = top(frame, one.usd);
    const early = shareOf(frame.x, x) < 0.25;
    return around(frame, x, one.usd, h('circle', { class: 'alarm', r: 5 }),
      free ? h('text', { class: 'over', x: early ? 9 : -9, y: early ? 14 : -5, 'text-anchor': early ? 'start' : 'end' }, `${page.format.percent(one.share)}: ${page.format.date(one.date)}`) : null);
  });
}

/** The budget as a level line with its handle. */
function budgetLine(frame: Frame, budget: Budget, page: Page): Child {
  const { format } = page;
  const at = Math.min(budget.usd, frame.y.to);
  const text = `budget ${format.amount(budget.usd)} USD ${budget.period === 'month' ? 'a month' : 'in all'}`;
  return [level(frame, at, text, 'budget'),
    grip(frame, { id: 'budget_usd', label: 'Budget', value: budget.usd, text, along: 'y', least: 0, most: Math.round(frame.y.to) }, frame.x.from + (frame.x.to - frame.x.from) * 0.04, at)];
}

function monthBars(page: Page, forecast: Forecast, flags: readonly Flag[]): VElement {
  const { format } = page;
  const { budget } = forecast;
  const own = budget?.period === 'month' ? budget : null;
  const frame: Frame = { x: counted(1, forecast.months.length), y: upwards(Math.max(own?.usd ?? 0, ...forecast.months.map(({ usd }) => usd ?? 0))), height: 280,
    xTitle: 'month', yTitle: 'USD a month', xText: (n) => axisText(forecast, n, format), yText: (v) => format.short(v) };
  return plot(frame, 'USD of each month of the forecast', [
    h('g', { 'aria-hidden': 'true' }, stacks(frame, forecast.months.map((month) => ({ at: month.month, parts: [{ hue: own && month.usd !== null && month.usd > own.usd ? 'above' : 'sum', size: month.usd ?? 0 }] })), 'budget')),
    flagMarks(frame, flags, (month) => month.month - 0.4),
    budget?.breaks_month && own ? upright(frame, budget.breaks_month - 0.5, `breaks in ${format.month(forecast.months[budget.breaks_month - 1]!.date, true)}`, 'breaks', 1) : null,
    own ? budgetLine(frame, own, page) : null,
  ]);
}

function sumLine(page: Page, forecast: Forecast, flags: readonly Flag[]): VElement {
  const { format } = page;
  const { budget } = forecast;
  const own = budget?.period === 'forecast' ? budget : null;
  const count = forecast.months.length;
  const points: Points = [[0, 0], ...forecast.months.map((month) => [month.month, month.cumulative_usd] as const)];
  const frame: Frame = { x: { from: 0, to: count, log: false, marks: counted(1, count).marks.map((n) => n - 1) }, y: upwards(Math.max(own?.usd ?? 0, forecast.total_usd ?? 0)), height: 280,
    xTitle: 'beginning of the month', yTitle: 'USD in all so far', xText: (n) => axisText(forecast, n + 1, format), yText: (v) => format.short(v) };
  return plot(frame, 'USD of the forecast so far, by month', [
    line(frame, points, 'plain line-here'),
    flagMarks(frame, flags, (month) => month.month - 1),
    own ? [alarms(frame, own, points, page), budgetLine(frame, own, page)] : null,
  ]);
}

/** The first month day by day: a budget for a month sounds its alarms within it. */
function firstMonth(page: Page, forecast: Forecast, budget: Budget): Child {
  const { format } = page;
  if (budget.period !== 'month' || budget.month_end_usd === null) return null;
  const days = numberOf(page, 'days_per_month');
  const spent = page.state.scenario.parameters?.['spent_usd'];
  const passed = numberOf(page, 'days_passed');
  const points: Points = budget.run_rate_from === 'spent' && typeof spent === 'number' ? [[0, 0], [passed, spent], [days, budget.month_end_usd]] : [[0, 0], [days, budget.month_end_usd]];
  const every = Math.ceil(days / 6);
  const frame: Frame = { x: { from: 0, to: days, log: false, marks: Array.from({ length: Math.floor(days / every) + 1 }, (_, i) => i * every) },
    y: amounts(Math.max(budget.usd, budget.month_end_usd)), height: 200, xTitle: budget.run_rate_from === 'spent' ? 'day of the month' : `day, from ${format.date(forecast.months[0]!.date)} on`, yTitle: 'USD of the first month so far', xText: (v) => format.number(v), yText: (v) => format.short(v) };
  return [
    h('h3', { class: 'asked-title' }, 'The first month, day by day'),
    h('p', null, `At ${format.amount(budget.run_rate_usd_per_day)} USD a day, ${budget.run_rate_from === 'spent' ? 'the rate of what is spent so far' : 'as planned'}, the month ends at `, h('b', null, `${format.amount(budget.month_end_usd)} USD`), '.'),
    plot(frame, 'USD of the first month so far, by day', [line(frame, points, 'plain line-here'), level(frame, budget.usd, '', 'budget'), alarms(frame, budget, points, page),
      budget.run_rate_from === 'spent' && typeof spent === 'number' ? around(frame, passed, spent, h('circle', { class: 'here-dot', r: 5 }), h('text', { class: 'over', x: 9, y: 14 }, 'today')) : null]),
  ];
}

function alarmList(page: Page, budget: Budget): VElement {
  const { format } = page;
  return h('table', { class: 'asked alarms' },
    h('caption', null, budget.period === 'month' ? 'Alarms of the first month' : 'Alarms of the whole forecast'),
    h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Alarm'), h('th', { scope: 'col', class: 'amount' }, 'USD'), h('th', { scope: 'col', class: 'amount' }, 'sounds on'), h('th', { scope: 'col', class: 'amount' }, 'day'))),
    h('tbody', null, budget.levels.map((one) => h('tr', { key: one.share }, h('th', { scope: 'row' }, format.percent(one.share)), h('td', { class: 'amount' }, format.amount(one.usd)),
      h('td', { class: 'amount' }, one.date ? format.date(one.date) : budget.period === 'month' ? 'not in this month' : 'not within the forecast'), h('td', { class: 'amount' }, one.day === null ? '' : format.number(one.day))))));
}

function monthTable(page: Page, forecast: Forecast): VElement {
  const { format } = page;
  const column = format.column(forecast.months.map(({ usd }) => usd));
  const sum = format.column(forecast.months.map(({ cumulative_usd }) => cumulative_usd));
  return h('details', { class: 'stands-on' }, h('summary', null, `The ${format.number(forecast.months.length)} months as a table`),
    h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Months of the forecast' },
      h('table', { class: 'asked' }, h('caption', { class: 'hidden-text' }, 'Months of the forecast'),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Month from'), ['conversations a day', 'prices', 'USD', 'USD in all'].map((name) => h('th', { scope: 'col', class: 'amount' }, name)))),
        h('tbody', null, forecast.months.map((month) => h('tr', { key: month.month, class: month.month === forecast.budget?.breaks_month ? 'breaks' : null },
          h('th', { scope: 'row' }, format.date(month.date)), h('td', { class: 'amount' }, format.number(Math.round(month.conversations_per_day))), h('td', { class: 'amount' }, format.percent(month.price_factor)),
          h('td', { class: 'amount' }, column(month.usd)), h('td', { class: 'amount' }, sum(month.cumulative_usd))))))));
}

/** What it comes to and whether it holds. */
function verdict(page: Page, forecast: Forecast): Child {
  const { format } = page;
  const { budget } = forecast;
  const last = forecast.months.at(-1);
  const text = !budget ? null
    : budget.breaks_month !== null ? `The budget of ${format.amount(budget.usd)} USD ${budget.period === 'month' ? 'a month' : 'for the whole time'} breaks in month ${format.number(budget.breaks_month)}, which begins on ${format.date(forecast.months[budget.breaks_month - 1]!.date)}.`
      : `The budget of ${format.amount(budget.usd)} USD ${budget.period === 'month' ? 'a month' : 'for the whole time'} holds ${budget.period === 'month' ? 'in every month' : 'to the end'}.`;
  return [
    h('p', { class: 'big-answer' }, h('b', null, format.amount(forecast.total_usd)), ` USD for ${format.number(forecast.months.length)} months`, last ? h('small', null, ` from ${format.date(forecast.months[0]!.date)} on`) : null),
    text ? h('p', { class: 'sentence' }, text) : null,
  ];
}

/** A round amount near one: where a budget may start. */
const roundly = (value: number): number => Number(value.toPrecision(1));

export function view(page: Page): VElement {
  const none = nothing(page, 'The months to come appear here as soon as the scenario can be priced.');
  if (none) return none;
  const answer = page.ask('forecast', (core, scenario, today) => core.forecast(scenario, today));
  if (!answer || failed(answer)) return h('div', null, h('p', { class: 'empty' }, answer ? `${answer.message} ${answer.hint}` : ''));
  const forecast = answer;
  const { budget } = forecast;
  const flags = flagsOf(forecast);
  const now = picture(page);
  const first = forecast.months[0]?.usd ?? null;
  const matching = !budget || (budget.period === 'month') === (now === 'months');
  return h('div', { class: 'question' },
    weavesOf('budget', ['sum', 'above']),
    verdict(page, forecast),
    h('div', { class: 'row chips', role: 'group', 'aria-label': 'What is drawn' }, ([['months', 'Month by month'], ['sum', 'In all so far']] as const).map(([id, name]) =>
      h('button', { type: 'button', class: 'chip', 'data-do': 'budget-picture', 'data-arg': id, 'aria-pressed': now === id ? 'true' : 'false' }, name))),
    now === 'months' ? monthBars(page, forecast, flags) : sumLine(page, forecast, flags),
    matching ? null : h('p', { class: 'quiet' }, budget!.period === 'month' ? 'The budget is for a month: its line stands in the picture of the months.' : 'The budget is for the whole time: its line stands in the picture of the sum.'),
    budget ? (matching ? h('p', { class: 'quiet' }, 'Drag the budget by its handle, or move it with the arrow keys.') : null)
      : h('p', { class: 'row' }, useButton('Set a budget', 'budget-set', String(roundly((choiceOf(page, 'budget_period') === 'forecast' ? forecast.total_usd : first) ?? 0)))),
    flags.length > 0 ? h('ol', { class: 'flags' }, flags.map((flag) => h('li', { key: flag.number }, h('span', { class: 'flag-number', 'aria-hidden': 'true' }, flag.number),
      h('span', null, h('b', null, page.format.month(flag.month.date, true)), ' ', flag.texts.map((text) => sentence(page.format.localize(text))).join(' '))))) : null,
    budget ? alarmList(page, budget) : null,
    inputs(page, 'budget', ['budget_usd', 'budget_period', 'forecast_months', 'growth_ratio', 'price_decline_ratio', 'replatform_months', 'spent_usd', 'days_passed']),
    budget ? firstMonth(page, forecast, budget) : null,
    monthTable(page, forecast));
}

export const clicks: Required<SectionModule>['clicks'] = {
  'budget-picture': (_, e) => { chosen = e.dataset['arg'] === 'sum' ? 'sum' : 'months'; },
  'budget-set'(app, e) {
    app.setParameter('budget_usd', Number(e.dataset['arg']), 'budget');
    document.getElementById('budget-budget_usd')?.focus();
  },
};

export const mounted: Required<SectionModule>['mounted'] = (element, app) => followHandles(element, app);
