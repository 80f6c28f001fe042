// Small pieces that several views share.

import { h, type Child, type VElement } from '../vdom';
import type { Format } from '../format';
import { isRatio, type Recomputed } from '../page';
import type { BillItem, Estimate, Parameter } from '../../../web/types';

/** A figure that opens its explanation. `model` asks for the figure of that model's bill instead of the chosen one's. */
export const door = (item: string, text: Child, name: string, model?: string): VElement =>
  h('button', { type: 'button', class: 'door', 'data-do': 'explain', 'data-arg': item, 'data-model': model,
    'aria-label': name }, text);

/** A value as its field shows it: a percentage for a share. */
export const fieldText = (p: Parameter, value: number | string | null, format: Format): string =>
  (typeof value === 'number' ? format.field(isRatio(p.id) ? Number((value * 100).toPrecision(12)) : value) : value ?? '');

/** The figure or item of that id. */
export function figureOf(estimate: Estimate | null, id: string): Recomputed {
  const figure = estimate?.figures.find((one) => one.id === id);
  if (figure) return { value: figure.value, unit_text: figure.unit_text };
  return { value: estimate?.items.find((one) => one.id === id)?.usd_per_month ?? null, unit_text: 'USD per month' };
}

export const swatch = (category: string): VElement =>
  h('svg', { class: `swatch hue-${category}`, width: 10, height: 10, 'aria-hidden': 'true' },
    h('rect', { width: '100%', height: '100%' }));

const item_words = {
  label: (item: BillItem): string => item.label,
  name: (text: string): string => `${text} of the month: explain`,
};

/** One bar of 100 %, in the hues of the bill, and its largest items by name. */
export function composition(estimate: Estimate | null, format: Format, named: number, words = item_words): VElement | null {
  const items = estimate?.items.filter((item) => (item.share ?? 0) > 0) ?? [];
  if (items.length === 0) return null;
  let start = 0;
  const bars = items.map((item) => {
    const x = start;
    start += item.share! * 100;
    return h('rect', { class: `hue-${item.category}`, x: `${x}%`, width: `${item.share! * 100}%`, height: '100%' });
  });
  const largest = [...items].sort((a, b) => b.share! - a.share!).slice(0, named);
  return h('div', { class: 'composition' },
    h('svg', { class: 'composition-bar', width: '100%', height: 10, 'aria-hidden': 'true' }, bars),
    h('ul', { class: 'legend' }, largest.map((item) => h('li', { key: item.id }, swatch(item.category),
      door(item.id, [words.label(item), ' ', h('b', null, format.percent(item.share))],
        words.name(`${words.label(item)} ${format.percent(item.share)}`))))));
}

/** Only addresses of web pages become links; what stands around them ("…; snapshot of 2026-08-21") stays text. */
export function source(text: string): Child {
  const address = /https?:\/\/([^/\s;,]+)[^\s;,]*/.exec(text);
  if (!address) return text;
  return [text.slice(0, address.index),
    h('a', { href: address[0], rel: 'noopener noreferrer', target: '_blank' }, address[1]!.replace(/^www\./, '')),
    text.slice(address.index + address[0].length)];
}

export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "1 second per request", "12 tokens each"; no unit's first word ends with "s" but in the plural. */
export const withUnit = (text: string, unit: string): string => {
  const words = text === '1' ? unit.replace(/^people\b/, 'person').replace(/^(\w+)s\b/, '$1') : unit;
  return words ? `${text} ${words}` : text;
};

export function figureText(id: string, value: number | string | null, unit: string, format: Format): string {
  if (typeof value === 'string') return value;
  if (value === null) return format.number(null);
  if (id.endsWith('_ratio') && unit === '') return format.percent(value);
  return withUnit(/^USD/.test(unit) ? format.amount(value) : format.number(value), unit);
}

const marks: Readonly<Record<string, string>> = {
  user: 'yours', default: 'default', assumption: 'assumption', seller: 'price list', derived: 'derived',
};

export const origin = (kind: string, words = marks): VElement =>
  h('span', { class: `origin origin-${kind}` }, words[kind] ?? kind);

/** A filter: one of some values. */
export function picks(id: string, label: string, action: string, value: string, options: readonly (readonly [string, string])[]): VElement {
  return h('div', { class: 'filter' }, h('label', { for: id }, label),
    h('select', { id, 'data-do': action }, options.map(([key, text]) =>
      h('option', { value: key, selected: key === value }, text))));
}
