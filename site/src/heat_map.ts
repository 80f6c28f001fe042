// Draws the values of a grid as colours on a canvas, with axes. Colours only: no number on it comes from the values.

import type { Segment } from './contour';

/** Dark to bright without hue alone carrying it: cividis, which reads the same to most eyes and in grey. */
const stops = [[0, 32, 76], [0, 56, 112], [59, 73, 108], [87, 93, 109], [112, 113, 115], [138, 134, 120], [166, 157, 117], [196, 181, 108], [228, 207, 91], [255, 234, 70]] as const;

export type Colour = readonly [number, number, number];

export function colourAt(share: number): Colour {
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

/** How many panels stand beside and below each other. */
export interface Panels { readonly columns: number; readonly rows: number }

/** A cell: of the panel in a column and a row (from above), across, and up. */
export interface CellPlace { readonly column: number; readonly row: number; readonly x: number; readonly y: number }

export interface HeatMap {
  readonly x: MapAxis;
  readonly y: MapAxis;
  readonly panels: Panels;
  /** One for each panel, row by row: its picture, the line over it, and what stands above it. */
  readonly pictures: readonly HTMLCanvasElement[];
  readonly lines: readonly (readonly Segment[])[];
  readonly heads: readonly string[];
  readonly cursor: CellPlace | null;
  /** Where the scenario itself stands, in values, and in which panel. */
  readonly here: { readonly x: number; readonly y: number; readonly panel: number } | null;
}

interface Box { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
interface Size { readonly width: number; readonly height: number }

const gap = 8;

/** Where a panel lies, in CSS pixels. */
export function boxOf(size: Size, panels: Panels, column: number, row: number): Box {
  const [left, right, top, bottom] = [size.width < 480 ? 56 : 64, 12, 12, 46];
  const head = panels.columns * panels.rows > 1 ? 18 : 0;
  const width = (size.width - left - right - gap * (panels.columns - 1)) / panels.columns;
  const height = (size.height - top - bottom - gap * (panels.rows - 1)) / panels.rows - head;
  return { left: left + column * (width + gap), top: top + head + row * (height + head + gap), width, height };
}

const sizeOf = (canvas: HTMLCanvasElement): Size => ({ width: canvas.clientWidth, height: canvas.clientHeight });

/** The cell under a point of the canvas, in its CSS pixels. */
export function cellAt(canvas: HTMLCanvasElement, px: number, py: number, panels: Panels, columns: number, rows: number): CellPlace | null {
  for (let row = 0; row < panels.rows; row += 1) {
    for (let column = 0; column < panels.columns; column += 1) {
      const box = boxOf(sizeOf(canvas), panels, column, row);
      const x = Math.floor(((px - box.left) / box.width) * columns);
      const y = rows - 1 - Math.floor(((py - box.top) / box.height) * rows);
      if (x >= 0 && x < columns && y >= 0 && y < rows) return { column, row, x, y };
    }
  }
  return null;
}

/** The colours of cells that follow each other, one pixel a cell; none where a cell has no figure. */
export function picture(columns: number, rows: number, colour: (cell: number) => Colour | null): HTMLCanvasElement {
  const image = new ImageData(columns, rows);
  for (let cell = 0; cell < columns * rows; cell += 1) {
    const found = colour(cell);
    if (!found) continue;
    const at = ((rows - 1 - Math.floor(cell / columns)) * columns + (cell % columns)) * 4;
    image.data.set(found, at);
    image.data[at + 3] = 255;
  }
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
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

interface Inks { readonly ink: string; readonly muted: string; readonly line: string; readonly paper: string; readonly font: string }

function inksOf(canvas: HTMLCanvasElement): Inks {
  const style = getComputedStyle(canvas);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return { ink: of('--ink') || '#000', muted: of('--muted') || '#555', line: of('--line-strong') || '#999', paper: of('--paper') || '#fff', font: style.fontFamily };
}

/** Dark on light on whatever colour is below. */
function outline(context: CanvasRenderingContext2D, path: () => void): void {
  for (const [colour, thick] of [['#fff', 3.5], ['#000', 1.5]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.beginPath();
    path();
    context.stroke();
  }
}

/** Below a panel's picture: cells without a figure show it. */
function hatch(context: CanvasRenderingContext2D, box: Box, inks: Inks): void {
  context.strokeStyle = inks.line;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = -box.height; at < box.width; at += 7) {
    context.moveTo(box.left + at, box.top + box.height);
    context.lineTo(box.left + at + box.height, box.top);
  }
  context.stroke();
}

function drawPanel(context: CanvasRenderingContext2D, map: HeatMap, panel: number, box: Box, inks: Inks): void {
  const columns = map.x.values.length;
  const rows = map.y.values.length;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  hatch(context, box, inks);
  context.imageSmoothingEnabled = false;
  context.drawImage(map.pictures[panel]!, box.left, box.top, box.width, box.height);
  const [w, h] = [box.width / columns, box.height / rows];
  outline(context, () => {
    for (const [x1, y1, x2, y2] of map.lines[panel] ?? []) {
      context.moveTo(box.left + (x1 + 0.5) * w, box.top + (rows - 0.5 - y1) * h);
      context.lineTo(box.left + (x2 + 0.5) * w, box.top + (rows - 0.5 - y2) * h);
    }
  });
  context.restore();
  context.strokeStyle = inks.line;
  context.lineWidth = 1;
  context.strokeRect(box.left - 0.5, box.top - 0.5, box.width + 1, box.height + 1);
  context.fillStyle = inks.ink;
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.fillText(map.heads[panel] ?? '', box.left + box.width / 2, box.top - 3, box.width + gap / 2);
  if (map.here?.panel === panel) {
    const x = placeOf(map.x, map.here.x);
    const y = placeOf(map.y, map.here.y);
    if (x !== null && y !== null) outline(context, () => context.arc(box.left + x * box.width, box.top + (1 - y) * box.height, 6, 0, 2 * Math.PI));
  }
  const { cursor } = map;
  if (cursor && cursor.row * map.panels.columns + cursor.column === panel) {
    const half = [Math.max(4, w / 2), Math.max(4, h / 2)] as const;
    outline(context, () => context.rect(box.left + (cursor.x + 0.5) * w - half[0], box.top + (rows - 0.5 - cursor.y) * h - half[1], 2 * half[0], 2 * half[1]));
  }
}

/** Numbers below the lowest panels and left of the first ones, titles once. */
function drawAxes(context: CanvasRenderingContext2D, map: HeatMap, size: Size, inks: Inks): void {
  const lowest = map.panels.rows - 1;
  context.fillStyle = inks.muted;
  context.textBaseline = 'top';
  context.textAlign = 'center';
  let free = 0;
  for (let column = 0; column < map.panels.columns; column += 1) {
    const box = boxOf(size, map.panels, column, lowest);
    for (const { at, value } of ticks(map.x, Math.max(2, Math.floor(box.width / 80)))) {
      const x = box.left + at * box.width;
      context.fillRect(Math.round(x), box.top + box.height + 1, 1, 4);
      const text = map.x.text(value);
      const half = context.measureText(text).width / 2;
      const middle = Math.min(Math.max(x, half), size.width - half);
      // Where panels are narrow, a number that would touch the one before is left out.
      if (middle - half < free) continue;
      free = middle + half + 6;
      context.fillText(text, middle, box.top + box.height + 7);
    }
  }
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (let row = 0; row < map.panels.rows; row += 1) {
    const box = boxOf(size, map.panels, 0, row);
    for (const { at, value } of ticks(map.y, Math.max(2, Math.floor(box.height / 40)))) {
      const y = box.top + (1 - at) * box.height;
      context.fillRect(box.left - 5, Math.round(y), 4, 1);
      context.fillText(map.y.text(value), box.left - 8, y);
    }
  }
  const first = boxOf(size, map.panels, 0, 0);
  const last = boxOf(size, map.panels, map.panels.columns - 1, lowest);
  const [right, bottom] = [last.left + last.width, last.top + last.height];
  context.fillStyle = inks.ink;
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.fillText(map.x.title, (first.left + right) / 2, size.height - 2, right - first.left);
  context.save();
  context.translate(2, (first.top + bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = 'top';
  context.fillText(map.y.title, 0, 0, bottom - first.top);
  context.restore();
}

function drawMap(context: CanvasRenderingContext2D, map: HeatMap, size: Size, inks: Inks): void {
  context.font = `12px ${inks.font}`;
  map.pictures.forEach((_, panel) => drawPanel(context, map, panel,
    boxOf(size, map.panels, panel % map.panels.columns, Math.floor(panel / map.panels.columns)), inks));
  drawAxes(context, map, size, inks);
}

export function draw(canvas: HTMLCanvasElement, map: HeatMap): void {
  const ratio = globalThis.devicePixelRatio || 1;
  const size = sizeOf(canvas);
  if (size.width === 0) return;
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  drawMap(context, map, size, inksOf(canvas));
}

/** A colour and what it stands for. */
export type Key = readonly [colour: Colour, text: string];

/** Lines that fit a width. */
function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)!} ${word}`.trimStart();
    if (context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const picture_width = 960;
const [edge, line_height] = [12, 20];

/** The map by itself, with text and the meaning of its colours above it, in the inks of the page. */
export function asPicture(canvas: HTMLCanvasElement, map: HeatMap, text: readonly string[], keys: readonly Key[]): HTMLCanvasElement {
  const whole = document.createElement('canvas');
  const context = whole.getContext('2d')!;
  const inks = inksOf(canvas);
  const font = `13px ${inks.font}`;
  context.font = font;
  const lines = text.flatMap((one) => wrapped(context, one, picture_width - 2 * edge));
  const size = { width: picture_width, height: Math.max(600, 220 * map.panels.rows) };
  const head = 2 * edge + (lines.length + keys.length) * line_height;
  whole.width = size.width * 2;
  whole.height = (size.height + head) * 2;
  context.scale(2, 2);
  context.fillStyle = inks.paper;
  context.fillRect(0, 0, size.width, size.height + head);
  context.font = font;
  context.textBaseline = 'top';
  keys.forEach(([colour, meaning], i) => {
    const top = edge + (lines.length + i) * line_height;
    context.fillStyle = `rgb(${colour.join(' ')})`;
    context.fillRect(edge, top, 14, 14);
    context.fillStyle = inks.ink;
    context.fillText(meaning, edge + 22, top);
  });
  context.fillStyle = inks.ink;
  lines.forEach((line, i) => context.fillText(line, edge, edge + i * line_height));
  context.translate(0, head);
  drawMap(context, { ...map, cursor: null }, size, inks);
  return whole;
}

/** The colours from one end to the other, for the legend. */
export function drawLegend(canvas: HTMLCanvasElement, colour: (share: number) => Colour): void {
  const context = canvas.getContext('2d')!;
  for (let x = 0; x < canvas.width; x += 1) {
    const [r, g, b] = colour(x / (canvas.width - 1));
    context.fillStyle = `rgb(${r} ${g} ${b})`;
    context.fillRect(x, 0, 1, canvas.height);
  }
}
