// Draws the values of a grid as colours on a canvas, with axes. Colours only: no number on it comes from the values.

import type { Format } from './format';

/** Dark to bright without hue alone carrying it: cividis, which reads the same to most eyes and in grey. */
const stops = [[0, 32, 76], [0, 56, 112], [59, 73, 108], [87, 93, 109], [112, 113, 115], [138, 134, 120], [166, 157, 117], [196, 181, 108], [228, 207, 91], [255, 234, 70]] as const;

export function colourAt(share: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  const part = at - i;
  const mix = (c: 0 | 1 | 2) => Math.round(stops[i]![c] + (stops[i + 1]![c] - stops[i]![c]) * part);
  return [mix(0), mix(1), mix(2)];
}

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
}

/** Logarithmic where the largest value is 30 times the least; the legend says so. */
export function scaleOf(cells: ArrayLike<number>): Scale | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < cells.length; i += 1) {
    const value = cells[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low <= high)) return null;
  return { low, high, log: low > 0 && high / low > 30 };
}

export const shareOf = (scale: Scale, value: number): number => {
  if (scale.high === scale.low) return 0.5;
  return scale.log ? Math.log(value / scale.low) / Math.log(scale.high / scale.low) : (value - scale.low) / (scale.high - scale.low);
};

export interface MapAxis {
  readonly values: ArrayLike<number>;
  readonly log: boolean;
  readonly title: string;
  /** A value as a tick shows it. */
  readonly text: (value: number) => string;
}

export interface HeatMap {
  readonly x: MapAxis;
  readonly y: MapAxis;
  /** Row-major, x fastest, y from below. */
  readonly cells: ArrayLike<number>;
  readonly cursor: { readonly x: number; readonly y: number } | null;
  /** Where the scenario itself stands, in values. */
  readonly here: { readonly x: number; readonly y: number } | null;
}

interface Place { readonly left: number; readonly top: number; readonly width: number; readonly height: number }

const margin = { left: 64, right: 12, top: 12, bottom: 46 };

export const plotOf = (canvas: HTMLCanvasElement): Place => ({ left: margin.left, top: margin.top,
  width: canvas.clientWidth - margin.left - margin.right, height: canvas.clientHeight - margin.top - margin.bottom });

/** The cell under a point of the canvas, in its CSS pixels. */
export function cellAt(canvas: HTMLCanvasElement, px: number, py: number, columns: number, rows: number): { x: number; y: number } | null {
  const plot = plotOf(canvas);
  const x = Math.floor(((px - plot.left) / plot.width) * columns);
  const y = rows - 1 - Math.floor(((py - plot.top) / plot.height) * rows);
  return x >= 0 && x < columns && y >= 0 && y < rows ? { x, y } : null;
}

/** Places of round values along an axis of cells, 0 to 1 over the whole axis. */
export function ticks(axis: MapAxis, most: number): { at: number; value: number }[] {
  const n = axis.values.length;
  const first = axis.values[0]!;
  const last = axis.values[n - 1]!;
  const found: number[] = [];
  if (axis.log) {
    const low = Math.floor(Math.log10(first));
    const high = Math.ceil(Math.log10(last));
    const within = high - low <= 2 ? [1, 2, 5] : [1];
    const every = Math.max(1, Math.ceil(((high - low + 1) * within.length) / most));
    for (let decade = low; decade <= high; decade += within.length > 1 ? 1 : every) {
      for (const factor of within) found.push(Number((factor * 10 ** decade).toPrecision(1)));
    }
  } else {
    const raw = (last - first) / most;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= raw)!;
    for (let i = Math.ceil(first / step - 1e-9); i * step <= last * (1 + 1e-9); i += 1) found.push(Number((i * step).toPrecision(12)));
  }
  return found.filter((value) => value >= first && value <= last).map((value) => ({ value, at: placeOf(axis, value)! }));
}

/** A value's place along an axis; cells are drawn around their values. */
export function placeOf(axis: MapAxis, value: number): number | null {
  const n = axis.values.length;
  const first = axis.values[0]!;
  const last = axis.values[n - 1]!;
  if (value < first || value > last) return null;
  const share = axis.log ? Math.log(value / first) / Math.log(last / first) : (value - first) / (last - first);
  return (0.5 + share * (n - 1)) / n;
}

export function draw(canvas: HTMLCanvasElement, map: HeatMap, scale: Scale | null): void {
  const ratio = globalThis.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width === 0) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const ink = style.getPropertyValue('--ink').trim() || '#000';
  const muted = style.getPropertyValue('--muted').trim() || '#555';
  const line = style.getPropertyValue('--line-strong').trim() || '#999';
  const plot = plotOf(canvas);
  const columns = map.x.values.length;
  const rows = map.y.values.length;

  // Cells without a figure show the hatching below.
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top, plot.width, plot.height);
  context.clip();
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = -plot.height; at < plot.width; at += 7) {
    context.moveTo(plot.left + at, plot.top + plot.height);
    context.lineTo(plot.left + at + plot.height, plot.top);
  }
  context.stroke();
  context.restore();

  if (scale) {
    const image = new ImageData(columns, rows);
    for (let y = 0; y < rows; y += 1) {
      for (let x = 0; x < columns; x += 1) {
        const value = map.cells[y * columns + x]!;
        if (Number.isNaN(value)) continue;
        const [r, g, b] = colourAt(shareOf(scale, value));
        const at = ((rows - 1 - y) * columns + x) * 4;
        image.data[at] = r;
        image.data[at + 1] = g;
        image.data[at + 2] = b;
        image.data[at + 3] = 255;
      }
    }
    const small = document.createElement('canvas');
    small.width = columns;
    small.height = rows;
    small.getContext('2d')!.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, plot.left, plot.top, plot.width, plot.height);
  }
  context.strokeStyle = line;
  context.strokeRect(plot.left - 0.5, plot.top - 0.5, plot.width + 1, plot.height + 1);

  context.font = `12px ${style.fontFamily}`;
  context.fillStyle = muted;
  context.textBaseline = 'top';
  for (const { at, value } of ticks(map.x, Math.max(2, Math.floor(plot.width / 80)))) {
    const x = plot.left + at * plot.width;
    context.fillRect(Math.round(x), plot.top + plot.height + 1, 1, 4);
    const text = map.x.text(value);
    const half = context.measureText(text).width / 2;
    context.textAlign = 'center';
    context.fillText(text, Math.min(Math.max(x, half), width - half), plot.top + plot.height + 7);
  }
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const { at, value } of ticks(map.y, Math.max(2, Math.floor(plot.height / 40)))) {
    const y = plot.top + (1 - at) * plot.height;
    context.fillRect(plot.left - 5, Math.round(y), 4, 1);
    context.fillText(map.y.text(value), plot.left - 8, y);
  }
  context.fillStyle = ink;
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.fillText(map.x.title, plot.left + plot.width / 2, height - 2, plot.width);
  context.save();
  context.translate(2, plot.top + plot.height / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = 'top';
  context.fillText(map.y.title, 0, 0, plot.height);
  context.restore();

  // Dark on light on whatever colour is below.
  const outline = (path: () => void) => {
    for (const [colour, thick] of [['#fff', 3.5], ['#000', 1.5]] as const) {
      context.strokeStyle = colour;
      context.lineWidth = thick;
      context.beginPath();
      path();
      context.stroke();
    }
  };
  if (map.here) {
    const x = placeOf(map.x, map.here.x);
    const y = placeOf(map.y, map.here.y);
    if (x !== null && y !== null) outline(() => context.arc(plot.left + x * plot.width, plot.top + (1 - y) * plot.height, 6, 0, 2 * Math.PI));
  }
  if (map.cursor) {
    const w = plot.width / columns;
    const h = plot.height / rows;
    const x = plot.left + (map.cursor.x + 0.5) * w;
    const y = plot.top + (rows - 0.5 - map.cursor.y) * h;
    const half_w = Math.max(4, w / 2);
    const half_h = Math.max(4, h / 2);
    outline(() => context.rect(x - half_w, y - half_h, 2 * half_w, 2 * half_h));
  }
}

/** The colours from low to high, for the legend. */
export function drawLegend(canvas: HTMLCanvasElement): void {
  const context = canvas.getContext('2d')!;
  for (let x = 0; x < canvas.width; x += 1) {
    const [r, g, b] = colourAt(x / (canvas.width - 1));
    context.fillStyle = `rgb(${r} ${g} ${b})`;
    context.fillRect(x, 0, 1, canvas.height);
  }
}

export const shortText = (format: Format) => (value: number): string => format.short(value);
