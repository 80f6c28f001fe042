// Several models over the same points: which one costs least where, and by how much. Colours and counts only, no amounts.

import type { Colour } from './heat_map';

type Cells = ArrayLike<number>;

/** By point, the place of the model that costs least, of equal ones the first; -1 where none has a figure. Cells of one model follow those of another. */
export function cheapest(cells: Cells, models: number): Int16Array {
  const points = cells.length / models;
  const found = new Int16Array(points).fill(-1);
  for (let point = 0; point < points; point += 1) {
    let least = Infinity;
    for (let model = 0; model < models; model += 1) {
      const value = cells[model * points + point]!;
      if (value < least) {
        least = value;
        found[point] = model;
      }
    }
  }
  return found;
}

/** Points at which the first or the second costs less, both cost the same, or only one of them has a figure. */
export interface Tally { readonly cheaper: readonly [number, number]; readonly alone: readonly [number, number]; readonly same: number; readonly of: number }

export function tally(cells: Cells): Tally {
  const points = cells.length / 2;
  const cheaper: [number, number] = [0, 0];
  const alone: [number, number] = [0, 0];
  let same = 0;
  let of = 0;
  for (let point = 0; point < points; point += 1) {
    const [a, b] = [cells[point]!, cells[points + point]!];
    const missing = [Number.isNaN(a), Number.isNaN(b)];
    if (missing[0] && missing[1]) continue;
    of += 1;
    if (missing[0]) alone[1] += 1;
    else if (missing[1]) alone[0] += 1;
    else if (a === b) same += 1;
    else cheaper[a < b ? 0 : 1] += 1;
  }
  return { cheaper, alone, same, of };
}

/** Above 0 where the second costs more; NaN where one has no figure. */
export const ratio = (a: number, b: number): number => (a === b ? 0 : Math.log(b / a));

/** The largest ratio, either way, that has a colour of its own: at most tenfold. */
export function reachOf(cells: Cells): number {
  const points = cells.length / 2;
  let reach = Math.log(1.05);
  for (let point = 0; point < points; point += 1) {
    const found = Math.abs(ratio(cells[point]!, cells[points + point]!));
    if (found > reach) reach = found;
  }
  return Math.min(reach, Math.log(10));
}

const blue = [0, 90, 156] as const;
const pale = [244, 240, 228] as const;
const orange = [213, 94, 0] as const;
const grey: Colour = [140, 140, 140];

/** Blue at 0, where the first is far cheaper, pale in the middle, orange at 1. */
export function duelColour(share: number): Colour {
  const end = share < 0.5 ? blue : orange;
  const strength = Math.min(1, Math.abs(share - 0.5) * 2);
  // The least difference shows.
  const part = strength === 0 ? 0 : 0.2 + 0.8 * strength;
  const mix = (c: 0 | 1 | 2) => Math.round(pale[c] + (end[c] - pale[c]) * part);
  return [mix(0), mix(1), mix(2)];
}

/** Of a point of two models: grey where only one of them has a figure, null where neither has. */
export function duelAt(a: number, b: number, reach: number): Colour | null {
  if (Number.isNaN(a) && Number.isNaN(b)) return null;
  return Number.isNaN(a) || Number.isNaN(b) ? grey : duelColour(Math.min(1, Math.max(0, 0.5 - ratio(a, b) / reach / 2)));
}

/** Hues that most eyes tell apart, in the order of how much is won; all others share the last one. */
export const winner_colours: readonly Colour[] = [[0, 114, 178], [230, 159, 0], [0, 158, 115], [204, 121, 167], [86, 180, 233], [213, 94, 0], [240, 228, 66], grey];
