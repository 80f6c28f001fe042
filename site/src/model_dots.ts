// What the chart of models draws, as plain data: one dot for each model that can serve the scenario, its seller's row and
// its kind, the marks of the axis and the sentence below. Amounts are the comparison's; positions are the only arithmetic.

import type { ComparedModel, Comparison } from '../../web/types';
import { relative, select } from './models';
import { ratioWords } from './format';
import type { Page } from './page';

export type DotKind = 'chosen' | 'baseline' | 'other' | 'filtered';

export interface Dot {
  readonly model: ComparedModel;
  readonly usd: number;
  /** Index into the sellers. */
  readonly row: number;
  readonly kind: DotKind;
}

export interface Dots {
  /** Cheapest first. */
  readonly dots: readonly Dot[];
  /** By their cheapest model. */
  readonly sellers: readonly string[];
  /** Models that cost nothing: a logarithmic axis has no place for them. */
  readonly free: number;
  readonly chosen: ComparedModel | undefined;
  readonly pinned: ComparedModel | undefined;
}

type Source = Pick<Page, 'ui' | 'estimate' | 'state'>;

export function dotsOf(comparison: Comparison, { ui, estimate, state }: Source): Dots {
  const able = comparison.models.filter((model) => model.status === 'ok' && model.usd_per_month !== null);
  const shown = new Set(select(comparison, ui).can);
  const priced = able.filter((model) => model.usd_per_month! > 0).sort((a, b) => a.usd_per_month! - b.usd_per_month!);
  const sellers = [...new Set(priced.map((model) => model.seller_name))];
  const chosen = able.find((model) => model.key === estimate?.model.key);
  const pinned = comparison.models.find((model) => model.key === (state.baseline ?? estimate?.model.key));
  const kind = (model: ComparedModel): DotKind => (model === chosen ? 'chosen' : model === pinned ? 'baseline'
    : shown.has(model) ? 'other' : 'filtered');
  return {
    dots: priced.map((model) => ({ model, usd: model.usd_per_month!, row: sellers.indexOf(model.seller_name), kind: kind(model) })),
    sellers, free: able.length - priced.length, chosen, pinned,
  };
}

/** Lane of each dot within its row, so that close neighbours stand beside each other: 0, then above, then below. */
export function lanes(dots: readonly Dot[], place: (usd: number) => number, size: number): number[] {
  const order = [0, -1, 1];
  const ends = new Map<number, number[]>();
  return dots.map(({ usd, row }) => {
    const x = place(usd);
    const taken = ends.get(row) ?? order.map(() => -Infinity);
    ends.set(row, taken);
    let lane = taken.findIndex((end) => x - end >= size);
    if (lane < 0) lane = taken.indexOf(Math.min(...taken));
    taken[lane] = x;
    return order[lane]!;
  });
}

/** Round amounts between two: of each decade 1, 2 and 5 while at most `most` of them fit, else fewer. */
export function logMarks(low: number, high: number, most: number): number[] {
  const marks = (digits: readonly number[], every: number): number[] => {
    const found: number[] = [];
    for (let decade = Math.floor(Math.log10(low)); decade <= Math.log10(high); decade += 1) {
      if (decade % every !== 0) continue;
      for (const digit of digits) {
        const mark = Number(`${digit}e${decade}`);
        if (mark >= low && mark <= high) found.push(mark);
      }
    }
    return found;
  };
  for (const digits of [[1, 2, 5], [1, 3], [1]]) {
    const found = marks(digits, 1);
    if (found.length <= most && found.length > 1) return found;
  }
  for (let every = 2; every < 40; every += 1) if (marks([1], every).length <= most) return marks([1], every);
  return [];
}

/** A seller's name where there is little room: without what stands in brackets, whole words only. */
export function shortSeller(name: string): string {
  const [first = name, ...more] = name.replace(/\s*\(.*\)/, '').split(' ');
  return more.reduce((text, word, i) => (text === [first, ...more.slice(0, i)].join(' ') && text.length + word.length < 15 ? `${text} ${word}` : text), first);
}

/** The chart in a sentence or two. */
export function summary({ dots, sellers, free, chosen, pinned }: Dots, { format, ui }: Pick<Page, 'format' | 'ui'>): string {
  const count = (n: number, one: string, many: string): string => `${format.number(n)} ${n === 1 ? one : many}`;
  const money = (model: ComparedModel): string => `${format.amount(model.usd_per_month)} USD a month`;
  const by = (model: ComparedModel): string => `${model.name}, ${model.seller_name}`;
  const [first, last] = [dots[0]?.model, dots.at(-1)?.model];
  const parts: string[] = [];
  if (!first || !last) parts.push('No model that can serve this workload has a price above 0.');
  else if (first === last) parts.push(`One model can serve this workload: ${by(first)}, at ${money(first)}.`);
  else {
    parts.push(`${count(dots.length + free, 'model', 'models')} of ${count(sellers.length, 'seller', 'sellers')} can serve this workload: `
      + `the cheapest is ${by(first)}, at ${money(first)}; the dearest ${by(last)}, at ${money(last)}.`);
  }
  if (chosen) {
    parts.push(`${chosen.name}, the chosen one, costs ${money(chosen)}${chosen.rank === null ? '' : `, number ${format.number(chosen.rank)} from the cheapest`}.`);
  }
  if (pinned && pinned !== chosen) {
    const against = chosen ? ratioWords(relative(chosen, pinned), format) : '';
    parts.push(`${pinned.name}, the baseline, ${pinned.status === 'ok' ? `costs ${money(pinned)}` : 'cannot serve it'}${against ? `; the chosen one is ${against}` : ''}.`);
  }
  if (free > 0) parts.push(`${count(free, 'model costs', 'models cost')} nothing and ${free === 1 ? 'has' : 'have'} no place on a logarithmic axis.`);
  if (ui.query || ui.seller || ui.capability || ui.context) parts.push('Small dots are models that the filters below leave out.');
  return parts.join(' ');
}
