// Which savings are real: each lever alone, on top of the others, and its fair share of what they save together.

import { h, type Child, type VElement } from '../vdom';
import type { Amount, Lever, Levers } from '../../../web/types';
import type { Controller } from '../controller';
import { failed, type Page } from '../page';
import { barCell, ticks } from './bill';

const ask = (page: Pick<Page, 'ask'>) => page.ask('levers', (core, scenario, today) => core.levers(scenario, today), true);

export const clicks = {
  /** One step of undo, whatever the lever sets. */
  lever(app: Controller, element: HTMLElement): void {
    const answer = ask(app);
    const lever = answer && !failed(answer) ? answer.levers.find((one) => one.id === element.dataset['arg']) : undefined;
    if (!lever) return;
    // What is set is told as a text, which the core reads as it reads one from a field.
    const value = (id: string, text: string | number | null) =>
      (text === null || text === '' ? null : app.core!.set(app.state.scenario, id, String(text)).parameters?.[id] ?? null);
    app.setParameters(Object.fromEntries(Object.entries(lever.turn).map(([id, text]) => [id, value(id, text)])), `lever:${lever.id}:${lever.on}`);
  },
};

/** A saving in words where it is none. */
function saving(value: Amount, column: (v: number | null) => string): string {
  if (value === null) return 'unknown';
  return value < 0 ? `costs ${column(-value)} more` : column(value);
}

interface Scale { readonly low: number; readonly high: number }

const place = (scale: Scale, value: number): number => ((value - scale.low) / (scale.high - scale.low)) * 100;

function bars(lever: Lever, scale: Scale): VElement {
  const zero = place(scale, 0);
  const bar = (value: Amount, kind: string, y: number) => {
    if (value === null) return null;
    const at = place(scale, value);
    return h('rect', { class: `lever-${kind}`, x: `${Math.min(zero, at)}%`, width: `${Math.max(Math.abs(at - zero), 0.15)}%`, y, height: 8 });
  };
  return h('td', { class: 'bar' }, h('svg', { width: '100%', height: 42, 'aria-hidden': 'true' },
    bar(lever.alone_usd, 'alone', 5), bar(lever.on_top_usd, 'top', 17), bar(lever.fair_usd, 'fair', 29),
    h('line', { class: 'lever-zero', x1: `${zero}%`, x2: `${zero}%`, y1: 0, y2: '100%' })));
}

const kinds = [['alone', 'alone'], ['top', 'on top of the others'], ['fair', 'fair share']] as const;

function row(lever: Lever, scale: Scale, column: (v: number | null) => string, page: Page): VElement {
  const amount = (value: Amount) => h('td', { class: `amount${(value ?? 0) < 0 ? ' dearer' : ''}` }, saving(value, column));
  return h('tr', { key: lever.id, class: lever.on ? 'is-on' : null },
    h('th', { scope: 'row' },
      h('button', { type: 'button', role: 'switch', class: 'switch', 'data-do': 'lever', 'data-arg': lever.id,
        'aria-checked': lever.on ? 'true' : 'false' }, h('span', { class: 'track', 'aria-hidden': 'true' }), lever.label),
      h('small', null, page.format.localize(lever.setting)),
      lever.conflicts.map((conflict) => h('small', { class: 'conflict', key: conflict.with },
        h('b', null, 'Conflict: '), page.format.localize(conflict.text)))),
    bars(lever, scale), amount(lever.alone_usd), amount(lever.on_top_usd), amount(lever.fair_usd));
}

function table(levers: readonly Lever[], page: Page): VElement {
  const amounts = levers.flatMap((lever) => [lever.alone_usd, lever.on_top_usd, lever.fair_usd]);
  const known = amounts.filter((v): v is number => v !== null);
  const scale = { low: Math.min(0, ...known), high: Math.max(1e-9, ...known) };
  const column = page.format.column(known.map(Math.abs));
  return h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Savings' },
    h('p', { class: 'quiet legend' }, kinds.map(([kind, label]) => h('span', { key: kind },
      h('svg', { class: 'swatch', width: 20, height: 10, 'aria-hidden': 'true' }, h('rect', { class: `lever-${kind}`, x: 1, y: 1, width: 18, height: 8 })), label)),
    ' One scale for all bars, from zero.'),
    h('table', { class: 'levers' },
      h('caption', null, 'USD saved a month. Alone: against no saving at all. On top: beside those that are on. Fair share: the mean over all orders of turning them on, so that it depends on none.'),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Saving'), h('th', { scope: 'col', class: 'bar' }, h('span', { class: 'hidden-text' }, 'Bars')),
        ['alone', 'on top', 'fair share'].map((label) => h('th', { scope: 'col', class: 'amount' }, label)))),
      h('tbody', null, levers.map((lever) => row(lever, scale, column, page)))));
}

/** From the month without any saving to the month as it is: the fair shares of what is on, which add up. */
function waterfall(answer: Levers, page: Page): Child {
  const on = answer.levers.filter((lever) => lever.on && lever.applicable);
  const { without_usd: without, now_usd: now } = answer;
  if (on.length === 0 || without === null || now === null || on.some((lever) => lever.fair_usd === null)) return null;
  // Where each step begins and ends; steps that make it dearer go the other way.
  const ends = on.reduce<number[]>((all, lever) => [...all, all.at(-1)! - lever.fair_usd!], [without]);
  const high = Math.max(...ends, now);
  const marks = ticks(high);
  const grid = marks.map((mark) => (mark / high) * 100);
  const column = page.format.column([without, now, ...on.map((lever) => Math.abs(lever.fair_usd!))]);
  const bar = (from: number, to: number, hue: string) =>
    barCell({ start: (Math.min(from, to) / high) * 100, width: (Math.abs(to - from) / high) * 100, hue }, grid);
  const sum = (label: string, value: number, key: string) => h('tr', { class: 'sum', key },
    h('th', { scope: 'row' }, label), bar(0, value, 'sum'), h('td', { class: 'amount' }, column(value)));
  return h('table', { class: 'bill steps', key: 'steps' },
    h('caption', null, 'USD a month: from the feature without any saving to the feature as it is. Each step is a fair share; they add up exactly.'),
    h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Step'),
      h('th', { scope: 'col', class: 'axis' }, h('span', { class: 'hidden-text' }, 'Waterfall'),
        h('svg', { width: '100%', height: 16, 'aria-hidden': 'true' }, grid.map((x, i) => h('text', { x: `${x}%`, y: 12,
          'text-anchor': x < 3 ? 'start' : x > 94 ? 'end' : 'middle' }, page.format.short(marks[i]!))))),
      h('th', { scope: 'col', class: 'amount' }, 'USD a month'))),
    h('tbody', null, sum('Without any saving', without, 'without'),
      on.map((lever, i) => h('tr', { key: lever.id }, h('th', { scope: 'row' }, lever.label), bar(ends[i]!, ends[i + 1]!, lever.fair_usd! < 0 ? 'failures' : 'saved'),
        h('td', { class: 'amount' }, lever.fair_usd! < 0 ? `+${column(-lever.fair_usd!)}` : `−${column(lever.fair_usd)}`))),
      sum('Now', now, 'now')));
}

export function view(page: Page): VElement {
  const answer = ask(page);
  if (answer === null) return h('div', null, h('p', { class: 'empty' }, 'The savings appear here as soon as there are prices.'));
  if (failed(answer)) return h('div', null, h('p', { class: 'empty' }, page.format.localize(`${answer.message} ${answer.hint}`)));
  const { format } = page;
  const useful = answer.levers.filter((lever) => lever.applicable);
  const useless = answer.levers.filter((lever) => !lever.applicable);
  const on = useful.filter((lever) => lever.on).length;
  const usd = (value: Amount) => h('b', null, `${format.amount(value)} USD`);
  return h('div', { class: 'savings' },
    h('p', { class: 'lead' }, on > 0 ? [`${format.number(on)} ${on === 1 ? 'saving is' : 'savings are'} on: the month costs `, usd(answer.now_usd), ' instead of ', usd(answer.without_usd), '. ']
      : ['No saving is on: the month costs ', usd(answer.now_usd), '. '],
    'With all that can be combined it would be ', usd(answer.all_usd), '.'),
    waterfall(answer, page),
    useful.length > 0 ? table(useful, page) : h('p', { class: 'empty' }, 'No saving of the list has a use for this scenario.'),
    useless.length > 0 ? h('details', { class: 'cannot' },
      h('summary', null, `${format.number(useless.length)} savings have no use here, with the reason`),
      h('table', { class: 'reasons' },
        h('caption', { class: 'hidden-text' }, 'Savings without a use for this scenario'),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Saving'), h('th', { scope: 'col' }, 'Reason'))),
        h('tbody', null, useless.map((lever) => h('tr', { key: lever.id }, h('th', { scope: 'row' }, lever.label), h('td', null, format.localize(lever.reason))))))) : null);
}
