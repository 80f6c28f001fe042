// The inputs that the author of the host page left open.

import { h, type VElement } from '../vdom';
import { isRatio, valueOf } from '../page';
import { positions, toPosition } from '../slider';
import { fieldText } from '../views/parts';
import type { Parameter } from '../../../web/types';
import type { Widget } from './app';

/** The choice that loads the whole price list instead of choosing a model. */
export const all_models = '*';

/** What a slider or a list can set; names of models, services and dates are searched for, which the widget has no room for. */
export const isControl = (p: Parameter): boolean => p.kind !== 'reference';

const labelOf = (p: Parameter, w: Widget): string => w.language.texts.labels[p.id] ?? p.label;

function number(p: Parameter, w: Widget): VElement {
  const value = valueOf(w.scenario, p);
  const refused = w.errors.get(p.id);
  const at = typeof value === 'number' ? value : Number(p.default);
  const unit = isRatio(p.id) ? '%' : p.unit_text;
  const { texts } = w.language;
  const label = labelOf(p, w);
  const step = (direction: '-1' | '1', sign: string, name: string) =>
    h('button', { type: 'button', class: 'step-button', 'data-do': 'step', 'data-arg': p.id, 'data-direction': direction, 'aria-label': name }, sign);
  return h('div', { class: 'field', key: p.id },
    h('div', { class: 'field-head' }, h('label', { for: `in-${p.id}` }, label),
      h('input', { id: `in-${p.id}`, class: 'number', type: 'text', inputmode: 'decimal', autocomplete: 'off', spellcheck: 'false',
        'data-do': 'type', 'data-arg': p.id, placeholder: value === null ? texts.derived : null,
        value: w.draft?.id === p.id ? w.draft.text : refused?.text ?? fieldText(p, value, w.format),
        'aria-invalid': refused ? 'true' : null, 'aria-describedby': refused ? `error-${p.id}` : `unit-${p.id}` })),
    h('div', { class: 'slide' }, step('-1', '−', texts.less(label)),
      h('input', { type: 'range', min: 0, max: positions, step: 1, 'data-do': 'slide', 'data-arg': p.id, 'aria-label': texts.slider(label),
        'aria-valuetext': `${fieldText(p, at, w.format)} ${unit}`.trim(), value: toPosition(p, at) }),
      step('1', '+', texts.more(label))),
    refused ? h('p', { class: 'error', id: `error-${p.id}` }, refused.error)
      : h('p', { class: 'hidden-text', id: `unit-${p.id}` }, unit));
}

function choice(p: Parameter, w: Widget): VElement {
  const value = valueOf(w.scenario, p);
  return h('div', { class: 'field', key: p.id }, h('label', { for: `in-${p.id}` }, labelOf(p, w)),
    h('select', { id: `in-${p.id}`, 'data-do': 'choose', 'data-arg': p.id },
      p.options?.map((one) => h('option', { value: one.id, selected: one.id === value }, one.label))));
}

function model(w: Widget): VElement {
  const catalog = w.prices?.catalog;
  const { texts } = w.language;
  const key = w.estimate?.model.key ?? w.scenario.model;
  const known = catalog?.models.some((one) => one.key === key);
  return h('div', { class: 'field', key: 'model' }, h('label', { for: 'in-model' }, texts.model),
    h('select', { id: 'in-model', 'data-do': 'model' },
      known ? null : h('option', { value: key ?? '', selected: true, key: 'other' }, key ?? texts.none),
      catalog?.sellers.map((seller) => {
        const members = catalog.models.filter((one) => one.seller === seller.id && one.kind === 'chat');
        return members.length === 0 ? null : h('optgroup', { label: seller.name, key: seller.id },
          members.map((one) => h('option', { value: one.key, key: one.key, selected: one.key === key }, one.name)));
      }),
      w.prices && !w.prices.whole ? h('option', { value: all_models, key: all_models }, texts.more_models) : null));
}

export function controls(w: Widget): VElement | null {
  const fields = w.settings.controls.map((id) => {
    if (id === 'model') return model(w);
    const p = w.description.parameters.find((one) => one.id === id && isControl(one));
    return p ? (p.kind === 'choice' ? choice : number)(p, w) : null;
  }).filter((field) => field !== null);
  return fields.length > 0 ? h('section', { class: 'w-controls', key: 'controls', 'aria-label': w.language.texts.inputs }, fields) : null;
}
