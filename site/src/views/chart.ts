// Charts by hand. Places along x are shares of the width, places along y are pixels: a chart fits any width without asking
// for it. The tree holds the scale of each handle, so that handles.ts moves it without knowing the chart.

import { h, type Child, type VElement } from '../vdom';
import { logMarks } from '../model_dots';
import { ticks } from './bill';

export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly log: boolean;
  readonly marks: readonly number[];
}

/** From 0, for amounts, with a little room above the largest. */
export function amounts(largest: number): Scale {
  const to = largest > 0 ? largest * 1.06 : 1;
  return { from: 0, to, log: false, marks: ticks(to) };
}

/** From one amount to another, with marks at round values. */
export function between(from: number, to: number): Scale {
  const every = ticks(to - from)[1] ?? to;
  const first = Math.ceil(from / every);
  return { from, to, log: false, marks: Array.from({ length: Math.floor(to / every) - first + 1 }, (_, i) => (first + i) * every) };
}

/** Whole numbers, each in the middle of its own place. */
export function counted(from: number, to: number): Scale {
  const every = [1, 2, 3, 6, 10, 20, 50].find((step) => (to - from) / step <= 12) ?? 100;
  const marks: number[] = [];
  for (let n = from; n <= to; n += 1) {
    // Few steps are counted from the first number, many by round ones.
    if (every <= 3 ? (n - from) % every === 0 : n === from || (n % every === 0 && n - from >= every / 2)) marks.push(n);
  }
  return { from: from - 0.5, to: to + 0.5, log: false, marks };
}

export const logarithmic = (from: number, to: number): Scale => ({ from, to, log: true, marks: logMarks(from, to, 7) });

export const shares_scale: Scale = { from: 0, to: 1, log: false, marks: [0, 0.25, 0.5, 0.75, 1] };

/** 0 where a scale starts, 1 where it ends. */
export const shareOf = ({ from, to, log }: Pick<Scale, 'from' | 'to' | 'log'>, value: number): number =>
  (log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from));

export const valueAt = ({ from, to, log }: Pick<Scale, 'from' | 'to' | 'log'>, share: number): number =>
  (log ? from * (to / from) ** share : from + (to - from) * share);

export interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  readonly height: number;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xText: (value: number) => string;
  readonly yText: (value: number) => string;
}

const round = (value: number): number => Math.round(value * 100) / 100;
const across = (share: number): string => `${round(share * 100)}%`;
export const left = (frame: Frame, value: number): string => across(shareOf(frame.x, value));
export const top = (frame: Frame, value: number): number => round(frame.height * (1 - shareOf(frame.y, value)));

/** Grid and axes with marks on them; `ends` are the names of lines, in a column of their own at the right. */
export function plot(frame: Frame, label: string, marks: Child, ends: readonly End[] = []): VElement {
  const { x, y, height } = frame;
  return h('div', { class: `plot${ends.length > 0 ? ' plot-with-ends' : ''}` },
    h('p', { class: 'plot-title' }, frame.yTitle),
    h('svg', { class: 'plot-y', width: '100%', height, 'aria-hidden': 'true' },
      y.marks.map((mark) => h('text', { x: '100%', y: top(frame, mark) + 4, 'text-anchor': 'end' }, frame.yText(mark)))),
    h('svg', { class: 'plot-area', width: '100%', height: height + 22, 'data-height': height, role: 'group', 'aria-label': label },
      h('g', { 'aria-hidden': 'true' },
        y.marks.map((mark) => h('line', { class: 'grid', x1: 0, x2: '100%', y1: top(frame, mark), y2: top(frame, mark) })),
        h('line', { class: 'plot-base', x1: 0, x2: '100%', y1: height, y2: height }),
        x.marks.map((mark, i) => h('text', { class: i % 2 === 1 ? 'plot-second' : null, x: left(frame, mark), y: height + 16,
          'text-anchor': shareOf(x, mark) < 0.03 ? 'start' : shareOf(x, mark) > 0.97 ? 'end' : 'middle' }, frame.xText(mark)))),
      marks),
    ends.length > 0 ? h('svg', { class: 'plot-ends', width: '100%', height, 'aria-hidden': 'true' }, placed(frame, ends)) : null,
    frame.xTitle ? h('p', { class: 'plot-x-title' }, frame.xTitle) : null);
}

export interface End { readonly name: string; readonly value: number | null; readonly strong?: boolean }

/** Names beside the ends of their lines, moved apart where lines end close to each other. */
function placed(frame: Frame, ends: readonly End[]): Child {
  let last = -Infinity;
  return ends.filter((end) => end.value !== null).map((end) => ({ ...end, y: top(frame, end.value!) + 4 })).sort((a, b) => a.y - b.y)
    .map((end) => {
      last = Math.max(end.y, last + 15);
      return h('text', { x: 6, y: last, class: end.strong ? 'strong' : null }, end.name);
    });
}

export type Points = readonly (readonly [x: number, y: number | null])[];

/** A line through points, interrupted where a value is unknown. */
export function line(frame: Frame, points: Points, style: string): VElement {
  const parts: string[][] = [[]];
  for (const [x, y] of points) {
    if (y === null) parts.push([]);
    else parts.at(-1)!.push(`${round(shareOf(frame.x, x) * 1000)},${top(frame, y)}`);
  }
  return h('svg', { class: 'lines', width: '100%', height: frame.height, viewBox: `0 0 1000 ${frame.height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    parts.filter((part) => part.length > 1).map((part) => h('polyline', { class: `line line-${style}`, points: part.join(' '), 'vector-effect': 'non-scaling-stroke' })));
}

/** What lies between two lines, from left to right. */
export function area(frame: Frame, points: readonly (readonly [x: number, low: number, high: number])[], style: string): VElement {
  const at = (x: number, y: number): string => `${round(shareOf(frame.x, x) * 1000)},${top(frame, y)}`;
  const edge = [...points.map(([x, , high]) => at(x, high)), ...[...points].reverse().map(([x, low]) => at(x, low))];
  return h('svg', { class: 'lines', width: '100%', height: frame.height, viewBox: `0 0 1000 ${frame.height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    points.length > 1 ? h('polygon', { class: `area area-${style}`, points: edge.join(' ') }) : null);
}

/** Shapes in pixels around a point of the frame. */
export const around = (frame: Frame, x: number, y: number, ...shapes: Child[]): VElement =>
  h('svg', { class: 'around', x: left(frame, x), y: top(frame, y), 'aria-hidden': 'true' }, shapes);

/** A ring where two lines cross, with its value above. */
export function crossing(frame: Frame, x: number, y: number, text: string): VElement {
  const share = shareOf(frame.x, x);
  return around(frame, x, y, h('circle', { class: 'crossing', r: 5 }), h('text', { class: 'over', y: -12, 'text-anchor': share < 0.35 ? 'start' : share > 0.65 ? 'end' : 'middle' }, text));
}

/** Rings where lines cross, from left to right, each with its value at the foot of the picture: the further left, the lower, so that none covers another. */
export const rings = (frame: Frame, found: readonly { readonly x: number; readonly y: number; readonly text: string }[]): Child => found.map(({ x, y, text }, i) => {
  const end = shareOf(frame.x, x) > 0.65;
  const foot = frame.height - top(frame, y) - 8 - i * 16;
  return around(frame, x, y, h('line', { class: 'leader', y1: 5, y2: foot }), h('circle', { class: 'crossing', r: 5 }),
    h('text', { class: 'over', x: end ? -6 : 6, y: foot, 'text-anchor': end ? 'end' : 'start' }, text));
});

/** An upright line through the whole height, with a word above it; `row` moves the word down into the picture. */
export function upright(frame: Frame, x: number, text: string, style: string, row = 0): VElement {
  const share = shareOf(frame.x, x);
  return h('g', { class: `upright upright-${style}`, 'aria-hidden': 'true' },
    h('line', { x1: across(share), x2: across(share), y1: 0, y2: frame.height }),
    h('svg', { class: 'around', x: across(share), y: row === 0 ? -6 : row * 16 - 2 },
      h('text', { class: 'over', x: row === 0 ? 0 : share > 0.5 ? -6 : 6, 'text-anchor': row === 0 && share > 0.35 && share < 0.65 ? 'middle' : share > 0.5 ? 'end' : 'start' }, text)));
}

/** A level line across, with a word above it. */
export const level = (frame: Frame, y: number, text: string, style: string): VElement =>
  h('g', { class: `upright upright-${style}`, 'aria-hidden': 'true' },
    h('line', { x1: 0, x2: '100%', y1: top(frame, y), y2: top(frame, y) }),
    h('text', { class: 'over', x: '8%', y: top(frame, y) - 6 }, text));

/** Where nothing can be: from a value to the end of the axis. */
export function closed(frame: Frame, from: number, text: string, weave: string): VElement {
  const share = shareOf(frame.x, from);
  return h('g', { class: 'closed', 'aria-hidden': 'true' },
    h('rect', { x: across(share), y: 0, width: across(1 - share), height: frame.height, fill: `url(#${weave}-none)` }),
    h('text', { class: 'over', x: across(share > 0.6 ? 0.99 : share + 0.01), y: frame.height / 2, 'text-anchor': share > 0.6 ? 'end' : 'start' }, text));
}

// Hues with a weave of their own, so that no colour carries a meaning alone.

const weaves: Readonly<Record<string, string>> = {
  input: 'M1.5 1.5h2v2h-2zM5.5 5.5h2v2h-2z', cache_read: '', cache_write: 'M-1 9L9 -1M-1 1L1 -1M7 9L9 7', output: 'M0 2H8M0 6H8',
  reasoning: 'M2 0V8M6 0V8', tools: 'M0 0L8 8M8 0L0 8', media: 'M-1 -1L9 9', failures: 'M4 0V8', above: 'M-1 9L9 -1M-1 1L1 -1M7 9L9 7', none: 'M-1 9L9 -1M-1 1L1 -1M7 9L9 7',
  weights: 'M0 2H8M0 6H8', reserve: 'M0 0L8 8M8 0L0 8', room: '',
};

/** The definitions that `woven` refers to: once in a section. */
export const weavesOf = (id: string, hues: readonly string[]): VElement => h('svg', { class: 'weaves', width: 0, height: 0, 'aria-hidden': 'true', key: 'weaves' },
  h('defs', null, hues.map((hue) => h('pattern', { id: `${id}-${hue}`, width: 8, height: 8, patternUnits: 'userSpaceOnUse' },
    h('rect', { class: `hue-${hue}`, width: 8, height: 8 }), h('path', { class: `weave weave-${hue}`, d: weaves[hue] || null })))));

export const woven = (id: string, hue: string): string => `url(#${id}-${hue})`;

export const wovenSwatch = (id: string, hue: string): VElement => h('svg', { class: 'swatch woven', width: 14, height: 14, 'aria-hidden': 'true' },
  h('rect', { width: 14, height: 14, fill: woven(id, hue) }));

export interface Part { readonly hue: string; readonly size: number }
export interface Column { readonly at: number; readonly parts: readonly Part[]; readonly faded?: boolean }

/** Bars of parts that stand on one another, one for each whole number of the axis. */
export function stacks(frame: Frame, columns: readonly Column[], weave: string): Child {
  const wide = across(0.8 / (frame.x.to - frame.x.from));
  return columns.map(({ at, parts, faded }) => {
    let below = 0;
    return h('g', { class: faded ? 'faded' : null, key: at }, parts.filter(({ size }) => size > 0).map(({ hue, size }) => {
      const start = below;
      below += size;
      return h('rect', { x: left(frame, at - 0.4), width: wide, y: top(frame, below), height: Math.max(0.5, round(top(frame, start) - top(frame, below))), fill: woven(weave, hue) });
    }));
  });
}

export const legend = (items: readonly (readonly [sign: VElement, text: Child])[]): VElement =>
  h('ul', { class: 'legend' }, items.map(([sign, text]) => h('li', null, sign, text)));

export const lineSign = (style: string): VElement => h('svg', { class: 'line-sign', width: 32, height: 10, 'aria-hidden': 'true' },
  h('line', { class: `line line-${style}`, x1: 0, x2: 32, y1: 5, y2: 5 }));

// Handles

export interface Grip {
  /** The parameter that it moves. */
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly text: string;
  readonly along: 'x' | 'y';
  readonly least: number;
  readonly most: number;
  /** The place on the axis less the value: a mark between two turns stands half a turn further on. */
  readonly offset?: number;
}

/** Something to take hold of, by hand and by keys: 44 px around, a slider for those who hear the page. */
export function grip(frame: Frame, grip: Grip, x: number, y: number): VElement {
  const scale = frame[grip.along];
  return h('svg', { class: 'around', role: 'none', x: left(frame, x), y: top(frame, y), key: `grip-${grip.id}` },
    h('g', { class: `grip grip-${grip.along}`, role: 'slider', tabindex: 0, 'data-grip': grip.id, 'data-along': grip.along,
      'data-from': scale.from, 'data-to': scale.to, 'data-log': scale.log ? 'true' : 'false', 'data-offset': grip.offset ?? 0,
      'data-least': grip.least, 'data-most': grip.most, 'aria-label': grip.label, 'aria-valuemin': grip.least, 'aria-valuemax': grip.most,
      'aria-valuenow': Math.min(grip.most, Math.max(grip.least, grip.value)), 'aria-valuetext': grip.text,
      'aria-orientation': grip.along === 'x' ? 'horizontal' : 'vertical' },
    h('rect', { class: 'reach', x: -22, y: -22, width: 44, height: 44 }),
    h('rect', { class: 'knob', x: -7, y: -12, width: 14, height: 24, rx: 4, transform: grip.along === 'y' ? 'rotate(90)' : null }),
    h('path', { class: 'ribs', d: 'M-2 -5V5M2 -5V5', transform: grip.along === 'y' ? 'rotate(90)' : null })));
}

// Where lines cross

export interface Crossing { readonly x: number; readonly y: number; /** The second line is lower from here on. */ readonly falls: boolean }

/** Where line b crosses line a, between neighbouring points that are both known; straight in the scale of x between them. */
export function crossings(xs: readonly number[], a: readonly (number | null)[], b: readonly (number | null)[], log: boolean): Crossing[] {
  const found: Crossing[] = [];
  let side = 0;
  let since = 0;
  for (let i = 0; i < xs.length; i += 1) {
    const [p, q] = [a[i] ?? null, b[i] ?? null];
    if (p === null || q === null) {
      side = 0;
      continue;
    }
    // Lines that only touch do not cross.
    const now = Math.abs(q - p) <= 1e-9 * Math.max(Math.abs(p), Math.abs(q)) ? 0 : Math.sign(q - p);
    if (now === 0) continue;
    if (side !== 0 && now !== side) {
      const before = b[since]! - a[since]!;
      const t = before / (before - (q - p));
      const [from, to] = [xs[since]!, xs[i]!];
      const x = log ? from * (to / from) ** t : from + (to - from) * t;
      found.push({ x, y: a[since]! + (p - a[since]!) * t, falls: now < 0 });
    }
    side = now;
    since = i;
  }
  return found;
}
