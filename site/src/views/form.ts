// The form, generated from the table of parameters: five main inputs, the rest in groups in the order of calculation.

import { h, type Child, type VElement } from '../vdom';
import { activePreset, isChanged, isRatio, valueOf, type Page } from '../page';
import { translate } from '../language';
import { isCountable } from '../count/countable';
import { explained } from '../glossary_links';
import { isListed, none, referenceLists, referenceText } from '../references';
import { belongsToOwn, idle } from '../relevance';
import { allScenarios, most_scenarios, nameOf } from '../scenarios';
import { positions, toPosition } from '../slider';
import type { Parameter } from '../../../web/types';
import { rangeText } from '../scenario_ranges';
import { fieldText } from './parts';
import { picker } from './picker';

const unitOf = (p: Parameter): string => (isRatio(p.id) ? '%' : p.unit_text);

/** Where the bill says what an optional number is derived to. */
const derived_as: Readonly<Record<string, string>> = { cache_hit_ratio: 'hit_ratio', peak_share_ratio: 'peak_share' };

function derived(p: Parameter, page: Page): Child {
  const id = derived_as[p.id];
  const figure = page.estimate?.figures.find((one) => one.id === id) ?? page.estimate?.inputs.find((one) => one.id === id);
  return typeof figure?.value === 'number' ? `derived: ${fieldText(p, Number(figure.value.toPrecision(3)), page.format)} ${unitOf(p)}` : 'derived';
}

/** What an input without a value stands for. */
const absent = (p: Parameter): string => (p.kind === 'reference' ? (p.what === 'gpu' ? 'the cheapest' : p.source === 'derived' ? 'the chosen model' : none)
  : p.source === 'not given' ? 'not given' : 'derived');

function mark(p: Parameter, page: Page): Child {
  if (isChanged(page.state.scenario, p)) {
    const label = p.kind === 'optional_number' ? absent(p)
      : p.kind === 'reference' ? (p.default ? referenceText(p, String(p.default), page.catalog) : absent(p))
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

/** What a field's text was refused for, and what was typed. */
function refusal(p: Parameter, page: Page): { readonly text: string; readonly error: string } | null {
  const { draft, errors } = page.ui;
  if (draft?.id !== p.id) return errors.get(p.id) ?? null;
  return draft.error !== null ? { text: draft.text, error: draft.error } : null;
}

interface Place {
  /** Ids start with it: the form's fields with "in", a section's with its own. */
  readonly prefix: string;
  /** Why the field has no effect as things stand. */
  readonly idle?: string | null;
  /** What stands for an absent value here, where the bill does not say it. */
  readonly derived?: string | undefined;
  /** What a reader must know before typing. */
  readonly note?: string | undefined;
}

function frame(p: Parameter, page: Page, { prefix, idle: why, note }: Place, control: Child, classes = ''): VElement {
  const refused = refusal(p, page);
  const term = explained(p.id);
  return h('div', { class: `field${classes}`, key: p.id },
    h('div', { class: 'field-head' }, h('label', { for: `${prefix}-${p.id}` }, p.label), mark(p, page)),
    control,
    note ? h('p', { class: 'field-note', id: `${prefix}-note-${p.id}` }, note) : null,
    refused ? h('p', { class: 'error', id: `${prefix}-error-${p.id}` }, refused.error) : null,
    h('p', { class: 'hint', id: `${prefix}-hint-${p.id}` }, why ? [h('b', null, why), ' '] : null, p.help, ' ', term ? [h('a', { href: term.href }, term.text), ' '] : null, h('code', null, p.id)));
}

const described = (p: Parameter, page: Page, prefix: string, ...more: string[]): string =>
  [refusal(p, page) ? `${prefix}-error-${p.id}` : '', ...more, `${prefix}-hint-${p.id}`].filter(Boolean).join(' ');

function choice(p: Parameter, page: Page, place: Place): VElement {
  const value = valueOf(page.state.scenario, p);
  return frame(p, page, place,
    h('select', { id: `${place.prefix}-${p.id}`, 'data-do': 'choose', 'data-arg': p.id, 'aria-describedby': described(p, page, place.prefix) },
      p.options?.map((one) => h('option', { value: one.id, selected: one.id === value }, one.label))));
}

function reference(p: Parameter, page: Page, place: Place): VElement {
  const value = String(valueOf(page.state.scenario, p) ?? '');
  const is_date = p.what === 'date';
  const known = isListed(p) && value !== '' && value !== referenceText(p, value, page.catalog);
  return frame(p, page, place, [
    h('input', { id: `${place.prefix}-${p.id}`, class: 'reference', type: is_date ? 'date' : 'text', list: is_date ? null : `list-${p.what}`,
      autocomplete: 'off', spellcheck: 'false', 'data-do': 'refer', 'data-arg': p.id, placeholder: is_date ? null : place.derived ?? absent(p),
      value: refusal(p, page)?.text ?? referenceText(p, value, page.catalog), 'aria-invalid': refusal(p, page) ? 'true' : null,
      'aria-describedby': described(p, page, place.prefix, known ? `${place.prefix}-unit-${p.id}` : '') }),
    known ? h('p', { class: 'unit', id: `${place.prefix}-unit-${p.id}` }, h('code', null, value)) : null]);
}

function number(p: Parameter, page: Page, place: Place): VElement {
  const { prefix } = place;
  const { draft } = page.ui;
  const value = valueOf(page.state.scenario, p);
  const refused = refusal(p, page);
  const range = page.state.scenario.ranges?.[p.id];
  const at = typeof value === 'number' ? value : Number(p.default);
  const shown = draft?.id === p.id ? draft.text : refused?.text ?? (range ? rangeText(p, range, page.format) : fieldText(p, value, page.format));
  const step = (direction: '-1' | '1', sign: string, word: string) =>
    h('button', { type: 'button', class: 'step-button', 'data-do': 'step', 'data-arg': p.id, 'data-direction': direction,
      'aria-label': `${p.label}: ${word}` }, sign);
  return frame(p, page, place, [
    h('div', { class: 'entry' },
      h('input', { id: `${prefix}-${p.id}`, class: 'number', type: 'text', inputmode: 'decimal', autocomplete: 'off', spellcheck: 'false',
        'data-do': 'type', 'data-arg': p.id, value: shown, placeholder: value === null ? absent(p) : null,
        'aria-invalid': refused ? 'true' : null, 'aria-describedby': described(p, page, prefix, place.note ? `${prefix}-note-${p.id}` : '', `${prefix}-unit-${p.id}`) }),
      h('span', { class: 'unit', id: `${prefix}-unit-${p.id}` }, value === null && p.source !== 'not given' ? place.derived ?? derived(p, page) : unitOf(p)),
      isCountable(p) ? h('button', { type: 'button', class: 'link count-open', 'data-do': 'count-text', 'data-arg': p.id,
        'aria-label': `${p.label}: count from text`, title: 'Count the tokens of a text' }, 'count …') : null),
    h('div', { class: 'slide' }, step('-1', '−', 'less'),
      h('input', { type: 'range', min: 0, max: positions, step: 1, 'data-do': 'slide', 'data-arg': p.id,
        'aria-label': `${p.label}, slider`, 'aria-valuetext': `${fieldText(p, at, page.format)} ${unitOf(p)}`.trim(), value: toPosition(p, at) }),
      step('1', '+', 'more'))], value === null ? ' is-derived' : '');
}

/** An input of the scenario with all it needs. */
export const field = (p: Parameter, page: Page, place: Place = { prefix: 'in' }): VElement =>
  (p.kind === 'choice' ? choice : p.kind === 'reference' ? reference : number)(p, page, place);

/** The scenarios that stand beside each other, and the way to another one. */
function scenarios(page: Page): VElement {
  const all = allScenarios(page.state);
  return h('div', { class: 'scenarios' },
    all.length > 1 ? h('div', { class: 'chips', role: 'group', 'aria-label': 'Scenarios' }, all.map((one, i) =>
      h('button', { type: 'button', class: 'chip', key: i, 'data-do': 'scenario', 'data-arg': i,
        'aria-pressed': i === page.state.at ? 'true' : 'false' }, nameOf(one)))) : null,
    h('p', { class: 'row' },
      h('button', { type: 'button', class: 'link', 'data-do': 'scenario-add', disabled: all.length >= most_scenarios }, '+ another scenario beside this one'),
      all.length > 1 ? h('button', { type: 'button', class: 'link', 'data-do': 'to-section', 'data-arg': 'scenarios' }, 'Compare') : null));
}

/** At most so many inputs are offered for what is searched. */
const most_found = 8;

export function found(page: Pick<Page, 'description' | 'ui'>): Parameter[] {
  const words = page.ui.find.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  // In the page's language as in English.
  const both = (text: string): string => `${translate(text)} ${text}`;
  const groups = new Map(page.description.groups.map((group) => [group.id, both(group.label)]));
  // What is found in the name comes before what is found in the help.
  const place = (p: Parameter): number => {
    const name = `${both(p.label)} ${p.id}`.toLowerCase();
    if (words.every((word) => name.includes(word))) return name.startsWith(words[0]!) ? 0 : 1;
    return words.every((word) => `${name} ${groups.get(p.group)} ${both(p.help)}`.toLowerCase().includes(word)) ? 2 : 3;
  };
  // Of two names that hold the words the shorter one is closer to them.
  return page.description.parameters.map((p) => ({ p, at: place(p) })).filter(({ at }) => at < 3)
    .sort((a, b) => a.at - b.at || a.p.label.length - b.p.label.length).slice(0, most_found).map(({ p }) => p);
}

function finder(page: Page): VElement {
  const shown = found(page);
  const groups = new Map(page.description.groups.map((group) => [group.id, group.label]));
  return h('div', { class: 'finder', role: 'search', 'aria-label': 'Inputs' },
    h('label', { for: 'find-input' }, 'Find an input'),
    h('input', { id: 'find-input', type: 'search', autocomplete: 'off', spellcheck: 'false', 'data-do': 'find', value: page.ui.find }),
    shown.length > 0 ? h('ul', null, shown.map((p) => h('li', { key: p.id },
      h('button', { type: 'button', class: 'found', 'data-do': 'go-to', 'data-arg': p.id }, p.label, h('small', null, ' ', groups.get(p.group)))))) : null,
    shown.length === 0 && page.ui.find.trim() ? h('p', { class: 'hint', role: 'status' }, 'No input of this name. Try another word for it.') : null);
}

/** Inputs of own capacity stand in a section of their own, beside what they change. */
function ownGroup(page: Page): VElement | null {
  const { description, state } = page;
  const members = description.parameters.filter(belongsToOwn);
  if (members.length === 0) return null;
  const changed = members.filter((p) => isChanged(state.scenario, p)).length;
  return h('p', { class: 'elsewhere', key: 'own' },
    h('button', { type: 'button', class: 'link', 'data-do': 'to-section', 'data-arg': 'own' }, 'Own capacity and a small model: in “Own GPUs”'),
    changed > 0 ? changedCount(changed) : null);
}

const changedCount = (changed: number): VElement =>
  h('span', { class: 'changed-count' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), `${changed} changed`);

function group(id: string, label: string, page: Page): VElement | null {
  const { scenario } = page.state;
  const members = page.description.parameters.filter((p) => p.group === id && !p.main && !belongsToOwn(p));
  if (members.length === 0) return null;
  const changed = members.filter((p) => isChanged(scenario, p)).length + (id === 'price' && scenario.date ? 1 : 0);
  const why = new Map(members.map((p) => [p, idle(p.id, scenario, page.description)]));
  const resting = members.filter((p) => why.get(p) !== null);
  return h('details', { class: 'group', key: id, 'data-group': id },
    h('summary', null, h('span', null, label),
      changed > 0 ? changedCount(changed) : null),
    // Drawn once the group is opened: most readers open few of them, and each input has a dozen elements.
    page.ui.groups.has(id) ? h('div', { class: 'group-fields' }, id === 'price' ? date(page) : null,
      members.filter((p) => why.get(p) === null).map((p) => field(p, page)),
      resting.length > 0 ? h('details', { class: 'resting', key: 'resting' },
        h('summary', null, `${resting.length} more without effect in the present choice`),
        resting.map((p) => field(p, page, { prefix: 'in', idle: why.get(p)! }))) : null) : null);
}

function presets(page: Page): VElement {
  const active = activePreset(page);
  return h('div', { class: 'presets' },
    h('h2', { class: 'rule', id: 'presets-title' }, 'What you build'),
    h('div', { class: 'chips', role: 'group', 'aria-labelledby': 'presets-title' }, page.presets.map((preset) =>
      h('button', { type: 'button', class: 'chip', key: preset.id, 'data-do': 'preset', 'data-arg': preset.id,
        'aria-pressed': preset.id === active?.id ? 'true' : 'false' }, preset.name))),
    h('p', { class: 'hint preset-text' }, active ? page.format.localize(active.description) : 'Your own scenario: changed from a preset, or opened from a link.', ' ',
      h('a', { href: 'docs/glossary.html' }, 'Words explained')));
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
  return h('div', null,
    h('fieldset', { class: 'inputs-set', disabled: !page.live },
      h('legend', { class: 'hidden-text' }, 'The scenario'),
      presets(page),
      scenarios(page),
      h('div', { class: 'main-fields' }, main.map((p) => field(p, page)), picker(page)),
      // On narrow screens the sections come first.
      h('details', { class: 'rest', open: page.ui.wide },
        h('summary', null, h('h2', { class: 'rule more' }, 'Everything else, in order of calculation')),
        finder(page),
        groups.map(({ id, label }) => group(id, label, page)), ownGroup(page)),
      // A thousand names: only where a field that offers them can be on screen.
      page.ui.groups.size > 0 || page.ui.section !== 'bill' ? referenceLists(parameters, page.catalog) : null));
}
