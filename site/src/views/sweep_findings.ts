// What a sweep tells beside its map: how the cells spread, which are not beaten in two figures, and how often each model wins.

import type { SweepCell, SweepHeader } from '../../../web/sweep';
import type { Format } from '../format';
import type { Tally } from '../sweep_models';
import { h, type Child, type VElement } from '../vdom';
import { around, between, line, logarithmic, plot, shares_scale, upright, type Frame, type Scale } from './chart';

/** Where an axis of amounts is logarithmic: as in the map. */
const wide_ratio = 30;
/** So many cells of a frontier are listed and can be pointed at; its line goes through more. */
const most_listed = 40;
const most_joined = 400;
const most_models = 12;

export interface Told {
  readonly header: SweepHeader;
  readonly format: Format;
  /** A value of a figure, with its unit. */
  readonly amount: (id: string, value: number | null) => string;
  /** The same of an input. */
  readonly input: (id: string, value: number) => string;
  readonly label: (id: string) => string;
  readonly model: (key: string) => string;
}

const title = (text: string): VElement => h('h3', { class: 'asked-title' }, text);

function scaleOf(values: readonly number[]): Scale {
  const from = values.reduce((a, b) => Math.min(a, b));
  const to = values.reduce((a, b) => Math.max(a, b));
  if (from === to) return between(from === 0 ? 0 : from * 0.9, from === 0 ? 1 : from * 1.1);
  return from > 0 && to / from > wide_ratio ? logarithmic(from, to) : between(from, to);
}

const measured = (of: { readonly label: string; readonly unit_text: string }): string => `${of.label}${of.unit_text ? `, ${of.unit_text}` : ''}`;

/** The share of the cells at or below each value. */
export function curve({ header, format, amount }: Told): Child {
  const values = header.curve;
  if (!values || values[0] === values[100]) return null;
  const { id } = header.output;
  const frame: Frame = { x: scaleOf(values), y: shares_scale, height: 200, xTitle: `${measured(header.output)}`, yTitle: 'Share of the cells with at most so much',
    xText: (v) => format.short(v), yText: (v) => format.percent(v) };
  const listed = [0, 5, 10, 25, 50, 75, 90, 95, 100];
  return h('section', { class: 'sweep-curve', key: 'curve' }, title('How the cells spread'),
    plot(frame, `${measured(header.output)} by the share of the cells with at most so much`, [
      line(frame, values.map((value, percent) => [value, percent / 100] as const), 'plain line-here'),
      upright(frame, values[50]!, `half: ${format.short(values[50]!)}`, 'flag', 2),
    ]),
    h('details', { class: 'stands-on' }, h('summary', null, 'Percentiles as a table'),
      h('table', { class: 'asked fits' }, h('caption', { class: 'hidden-text' }, 'Percentiles of the cells'),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Share of the cells'), h('th', { scope: 'col', class: 'amount' }, 'at most'))),
        h('tbody', null, listed.map((percent) => h('tr', { key: percent }, h('th', { scope: 'row' }, format.percent(percent / 100)),
          h('td', { class: 'amount' }, amount(id, values[percent]!))))))));
}

/** As many as can be looked at, evenly chosen, both ends included. */
function thinned<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!);
}

const where = ({ header, label, input, model }: Told, cell: SweepCell): string =>
  [...(cell.model ? [model(cell.model)] : []), ...[...header.axes].reverse().map(({ id }) => `${label(id)} ${input(id, cell.at[id]!)}`)].join(', ');

/** Cells that no other beats in both figures; each leads to its place in the map. */
export function frontier(told: Told): Child {
  const { header, format, amount } = told;
  const { frontier: found, output, against } = header;
  if (!found || !against) return null;
  const name = `${output.label} and ${against.label}`;
  if (found.length === 0) return h('section', { key: 'frontier' }, title(name), h('p', null, 'No cell has both figures.'));
  const shown = thinned(found, most_listed);
  const frame: Frame = { x: scaleOf(found.map((cell) => cell.value)), y: scaleOf(found.map((cell) => cell.against)), height: 260, xTitle: measured(output), yTitle: measured(against),
    xText: (v) => format.short(v), yText: (v) => format.short(v) };
  return h('section', { class: 'sweep-frontier', key: 'frontier' }, title(name),
    h('p', null, found.length === 1 ? 'One cell has the least of both: no choice has to be made between them.'
      : `${format.number(found.length)} cells are beaten by no other in both figures: less of one is more of the other.${shown.length < found.length ? ` ${format.number(shown.length)} of them, evenly chosen:` : ''}`),
    found.length === 1 ? null : plot(frame, `${measured(against)} by ${measured(output)}: the cells that no other beats in both`, [
      line(frame, thinned(found, most_joined).map((cell) => [cell.value, cell.against] as const), 'plain'),
      shown.map((cell) => around(frame, cell.value, cell.against, h('circle', { class: 'front', r: 6, 'data-sweep': 'cell', 'data-arg': cell.cell },
        h('title', null, where(told, cell))))),
    ]),
    h('details', { class: 'stands-on', open: found.length <= 6 }, h('summary', null, 'These cells as a table'),
      h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Cells that no other beats' },
        h('table', { class: 'asked' }, h('caption', { class: 'hidden-text' }, name),
          h('thead', null, h('tr', null, h('th', { scope: 'col' }, output.label), h('th', { scope: 'col' }, against.label), h('th', { scope: 'col' }, 'at'))),
          h('tbody', null, shown.map((cell) => h('tr', { key: cell.cell },
            h('th', { scope: 'row' }, h('button', { type: 'button', class: 'link', 'data-sweep': 'cell', 'data-arg': cell.cell }, amount(output.id, cell.value))),
            h('td', null, amount(against.id, cell.against)), h('td', null, where(told, cell)))))))));
}

/** How often each of several models costs least, and between what it costs. */
export function modelTable(told: Told, sign: (place: number) => Child): Child {
  const { header, format } = told;
  if (!header.models || header.models.length < 2) return null;
  const won = header.models.reduce((sum, model) => sum + model.wins, 0);
  const shown = header.models.map((model, place) => ({ ...model, place })).filter((model) => model.count > 0)
    .sort((a, b) => b.wins - a.wins || a.minimum!.value - b.minimum!.value).slice(0, most_models);
  return h('section', { key: 'models' }, title('Which model costs least'),
    h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Models over the cells' },
      h('table', { class: 'asked' }, h('caption', { class: 'hidden-text' }, `${header.output.label} of each model over the same cells`),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Model'), ['cheapest, or alone, in', `lowest, ${header.output.unit_text}`, `highest, ${header.output.unit_text}`].map((text) => h('th', { scope: 'col', class: 'amount' }, text)))),
        h('tbody', null, shown.map((model) => h('tr', { key: model.key }, h('th', { scope: 'row' }, model.wins > 0 ? sign(model.place) : null, told.model(model.key)),
          h('td', { class: 'amount' }, shareText(model.wins / won, format)),
          [model.minimum!, model.maximum!].map((cell) => h('td', { class: 'amount' }, format.amount(cell.value)))))))),
    h('p', { class: 'quiet' }, 'Cheap is not good enough by itself: look at what a model can do before you choose it.'));
}

/** Of cells: what is not all and not nothing never reads as if it were. */
export function shareText(share: number, format: Format): string {
  if (share > 0.995 && share < 1) return `over ${format.percent(0.99)}`;
  return format.percent(share);
}

/** In how many cells each of two models is cheaper, or alone. */
export function duelText({ cheaper, alone, same, of }: Tally, names: readonly string[], crossed: boolean, format: Format): string {
  if (of === 0) return 'no cell has an amount.';
  const share = (count: number) => (count === of ? 'every cell' : `${shareText(count / of, format)} of the cells`);
  const parts = [...[0, 1].filter((k) => cheaper[k]! > 0).map((k) => `${names[k]!} is cheaper in ${share(cheaper[k]!)}`),
    ...(same > 0 ? [`both cost the same in ${share(same)}`] : []),
    ...[0, 1].filter((k) => alone[k]! > 0).map((k) => `only ${names[k]!} can take such requests in ${share(alone[k]!)}`)];
  return `${parts.join(', ')}.${crossed ? ' Along the line both cost the same.' : ''}`;
}

/** Which of many models cost least somewhere. */
export function winnerText({ header, format, model }: Told): string {
  const wins = header.models!.filter((one) => one.wins > 0).sort((a, b) => b.wins - a.wins);
  if (wins.length === 0) return 'no cell has an amount.';
  const among = `of ${format.number(header.models!.length)} models`;
  if (wins.length === 1) return `${among} ${model(wins[0]!.key)} is the cheapest in every cell.`;
  const of = wins.reduce((sum, one) => sum + one.wins, 0);
  const said = wins.slice(0, 3).map((one) => `${model(one.key)} in ${shareText(one.wins / of, format)}`);
  return `${among} ${format.number(wins.length)} are the cheapest somewhere: ${said.join(', ')} of the cells${wins.length > 3 ? ', others elsewhere' : ''}.`;
}

/** Models that cannot serve the whole map, one with its reason, many by their number. */
export function leftOut({ header: { left_out: left = [] }, format, model }: Told): string {
  if (left.length > 1) return `${format.number(left.length)} models are left out: they cannot serve a part of the map, or a price of theirs is not known.`;
  return left.map(({ key, reason }) => `${model(key)} is left out: ${format.localize(reason)}`).join('');
}
