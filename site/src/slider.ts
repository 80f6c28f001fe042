// The positions of a slider (0 to 1000) and the steps of − and +. Amounts of money never come through here.

import type { Parameter } from '../../web/types';

export const positions = 1000;

/** Two significant digits are as fine as a hand can point; the text field takes any number. */
const nice = (value: number): number => Number(value.toPrecision(2));

interface Span { readonly low: number; readonly high: number }

/** A parameter's bounds are far apart (0 to a billion); a slider covers what is usual and whatever is set now. */
export function sliderSpan(p: Parameter, value: number): Span {
  if (p.scale === 'linear') {
    const usual = p.id.endsWith('_ratio') && p.max > 1 ? 1 : p.max;
    return { low: p.min, high: Math.max(usual, value) };
  }
  const start = typeof p.default === 'number' ? p.default : 0;
  const high = Math.min(p.max, start > 0 ? Math.max(start * 200, p.step * 200) : p.step * 10_000);
  return { low: Math.max(p.min, Math.min(p.step, high / 10)), high: Math.max(high, value) };
}

export function toPosition(p: Parameter, value: number): number {
  const { low, high } = sliderSpan(p, value);
  if (p.scale === 'linear') return Math.round(((value - low) / (high - low)) * positions);
  // The left end of a logarithmic slider is the minimum itself (mostly 0), which no logarithm reaches.
  if (value < low) return 0;
  return Math.round(1 + (Math.log(value / low) / Math.log(high / low)) * (positions - 1));
}

export function fromPosition(p: Parameter, position: number, current: number): number {
  const { low, high } = sliderSpan(p, current);
  if (p.scale === 'linear') {
    const value = low + ((high - low) * position) / positions;
    return clamp(p, Number((Math.round(value / p.step) * p.step).toPrecision(12)));
  }
  if (position <= 0) return p.min;
  return clamp(p, nice(low * (high / low) ** ((position - 1) / (positions - 1))));
}

/** The value after a slider was moved. By an arrow key or by a screen reader it moves by one position, which may be less than two
 *  digits can tell: then it is one step, or the slider would stay where it is. @param held  by a pointer, which goes on by itself */
export function slid(p: Parameter, position: number, current: number, held: boolean): number {
  const to = fromPosition(p, position, current);
  const moved = position - toPosition(p, current);
  return to === current && moved !== 0 && !held ? stepped(p, current, moved > 0 ? 1 : -1) : to;
}

const clamp = (p: Parameter, value: number): number => Math.min(p.max, Math.max(p.min, value));

/** One press of − or +: the step, or on a logarithmic scale a tenth of the leading decade, whichever is more. */
export function stepped(p: Parameter, value: number, direction: 1 | -1): number {
  let step = p.step;
  if (p.scale === 'log' && value > 0) {
    const below = direction < 0 ? value * 0.999999 : value;
    step = Math.max(p.step, 10 ** (Math.floor(Math.log10(below)) - 1));
  }
  return clamp(p, Number((value + direction * step).toPrecision(12)));
}
