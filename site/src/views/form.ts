// The form, generated from the table of parameters: five main inputs, the rest in groups in the order of calculation.

import { h, type Child, type VElement } from '../vdom';
import { activePreset, isChanged, isRatio, valueOf, type Page } from '../page';
import { positions, toPosition } from '../slider';
import type { Parameter } from '../../../web/types';
import type { Format } from '../format';
import { picker } from './picker';

/** A value as its field shows it: a percentage for a share. */
export const fieldText = (p: Parameter, value: number | string | null, format: Format): string =>
  (typeof value === 'number' ? format.field(isRatio(p.id) ? Number((value * 100).toPrecision(12)) : value) : value ?? '');

const unitOf = (p: Parameter): string => (isRatio(p.id) ? '%' : p.unit_text);

/** Where the bill says what an optional number is derived to. */
const derived_as: Readonly<Record<string, string>> = { cache_hit_ratio: 'hit_ratio', peak_share_ratio: 'peak_share' };

function derived(p: Parameter, page: Page): Child {
  const id = derived_as[p.id];
  const figure = page.estimate?.figures.find((one) => one.id === id) ?? page.estimate?.inputs.find((one) => one.id === id);
  return typeof figure?.value === 'number' ? `derived: ${fieldText(p, Number(figure.value.toPrecision(3)), page.format)} ${unitOf(p)}` : 'derived';
}

function mark(p: Parameter, page: Page): Child {
  if (isChanged(page.state.scenario, p)) {
    const label = p.kind === 'optional_number' ? 'derived'
      : p.kind === 'choice' ? p.options?.find((one) => one.id === p.default)?.label ?? ''
        : `${fieldText(p, p.default, page.format)}${isRatio(p.id) ? ' %' : ''}`;
    return h('button', { type: 'button', class: 'back', 'data-do': 'reset', 'data-arg': p.id,
      'aria-label': `back to ${label}, the default of ${p.label}`, title: `Back to default: ${label}` },
    h('span', { class: 'dot', 'aria-hidden': 'true' }), 'back to ', label);
  }
  if (/^assumption/.test(p.source)) {
    return h('span', { class: 'assumed' }, h('span', { class: 'ring', 'aria-hidden': 'true' }), 'assumption');
  }
  return null;
}

function choice(p: Parameter, page: Page): VElement {
  const value = valueOf(page.state.scenario, p);
  return h('div', { class: 'field', key: p.id },
    h('div', { class: 'field-head' }, h('label', { for: `in-${p.id}` }, p.label), mark(p, page)),
    h('select', { id: `in-${p.id}`, 'data-do': 'choose', 'data-arg': p.id, 'aria-describedby': `hint-${p.id}` },
      p.options?.map((one) => h('option', { value: one.id, selected: one.id === value }, one.label))),
    h('p', { class: 'hint', id: `hint-${p.id}` }, p.help, ' ', h('code', null, p.id)));
}

function number(p: Parameter, page: Page): VElement {
  const { draft, errors } = page.ui;
  const value = valueOf(page.state.scenario, p);
  const editing = draft?.id === p.id ? draft : null;
  const refused = editing ? (editing.error !== null ? { text: editing.text, error: editing.error } : null) : errors.get(p.id) ?? null;
  const at = typeof value === 'number' ? value : Number(p.default);
  const shown = editing?.text ?? refused?.text ?? fieldText(p, value, page.format);
  const step = (direction: '-1' | '1', sign: string, word: string) =>
    h('button', { type: 'button', class: 'step-button', 'data-do': 'step', 'data-arg': p.id, 'data-direction': direction,
      'aria-label': `${p.label}: ${word}` }, sign);
  return h('div', { class: `field${value === null ? ' is-derived' : ''}`, key: p.id },
    h('div', { class: 'field-head' }, h('label', { for: `in-${p.id}` }, p.label), mark(p, page)),
    h('div', { class: 'entry' },
      h('input', { id: `in-${p.id}`, class: 'number', type: 'text', inputmode: 'decimal', autocomplete: 'off', spellcheck: 'false',
        'data-do': 'type', 'data-arg': p.id, value: shown, placeholder: value === null ? 'derived' : null,
        'aria-invalid': refused ? 'true' : null,
        'aria-describedby': [refused ? `error-${p.id}` : '', `unit-${p.id}`, `hint-${p.id}`].filter(Boolean).join(' ') }),
      h('span', { class: 'unit', id: `unit-${p.id}` }, value === null ? derived(p, page) : unitOf(p))),
    h('div', { class: 'slide' }, step('-1', '−', 'less'),
      h('input', { type: 'range', min: 0, max: positions, step: 1, 'data-do': 'slide', 'data-arg': p.id,
        'aria-label': `${p.label}, slider`, 'aria-valuetext': `${fieldText(p, at, page.format)} ${unitOf(p)}`.trim(), value: toPosition(p, at) }),
      step('1', '+', 'more')),
    refused ? h('p', { class: 'error', id: `error-${p.id}` }, refused.error) : null,
    h('p', { class: 'hint', id: `hint-${p.id}` }, p.help, ' ', h('code', null, p.id)));
}

export const field = (p: Parameter, page: Page): VElement => (p.kind === 'choice' ? choice(p, page) : number(p, page));

function presets(page: Page): VElement {
  const active = activePreset(page);
  return h('div', { class: 'presets' },
    h('h2', { class: 'rule', id: 'presets-title' }, 'What you build'),
    h('div', { class: 'chips', role: 'group', 'aria-labelledby': 'presets-title' }, page.presets.map((preset) =>
      h('button', { type: 'button', class: 'chip', key: preset.id, 'data-do': 'preset', 'data-arg': preset.id,
        'aria-pressed': preset.id === active?.id ? 'true' : 'false' }, preset.name))),
    h('p', { class: 'hint preset-text' }, active ? page.format.localize(active.description) : 'Your own scenario: changed from a preset, or opened from a link.'));
}

function date(page: Page): VElement {
  return h('div', { class: 'field', key: 'date' },
    h('div', { class: 'field-head' }, h('label', { for: 'in-date' }, 'Priced on'),
      page.state.scenario.date ? h('button', { type: 'button', class: 'back', 'data-do': 'date', 'data-arg': '',
        }, h('span', { class: 'dot', 'aria-hidden': 'true' }), 'back to the price list’s date') : null),
    h('input', { id: 'in-date', type: 'date', 'data-do': 'date', min: '2022-01-01', max: '2035-12-31', 'aria-describedby': 'hint-date',
      value: page.state.scenario.date?.slice(0, 10) ?? page.estimate?.date?.slice(0, 10) ?? '' }),
    h('p', { class: 'hint', id: 'hint-date' }, 'Prices are dated: promotions end and announced prices begin. Choose a day to see its prices.'));
}

export function form(page: Page): VElement {
  const { groups, parameters } = page.description;
  const main = parameters.filter((p) => p.main);
  const { scenario } = page.state;
  return h('div', null,
    h('fieldset', { class: 'inputs-set', disabled: !page.live },
      h('legend', { class: 'hidden-text' }, 'The scenario'),
      presets(page),
      h('div', { class: 'main-fields' }, main.map((p) => field(p, page)), picker(page)),
      h('h2', { class: 'rule more' }, 'Everything else, in order of calculation'),
      groups.map((group) => {
        const members = parameters.filter((p) => p.group === group.id && !p.main);
        if (members.length === 0) return null;
        const changed = members.filter((p) => isChanged(scenario, p)).length + (group.id === 'price' && scenario.date ? 1 : 0);
        return h('details', { class: 'group', key: group.id },
          h('summary', null, h('span', null, group.label),
            changed > 0 ? h('span', { class: 'changed-count' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), `${changed} changed`) : null),
          h('div', { class: 'group-fields' }, group.id === 'price' ? date(page) : null, members.map((p) => field(p, page))));
      })));
}
