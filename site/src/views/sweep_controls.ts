// The fields of "What if": which inputs vary and between which values, and what else is chosen.

import type { Description, Parameter } from '../../../web/types';
import type { Controller } from '../controller';
import { translate } from '../language';
import { isRatio } from '../page';
import { belongsToOwn, idle } from '../relevance';
import { places, type Place, type Slots, type Span } from '../sweep_slots';
import { h, type Child, type VElement } from '../vdom';

const titles: Readonly<Record<Place, string>> = { x: 'Across', y: 'Up', columns: 'Panels across', rows: 'Panels down' };

/** Long lists of options, made anew only when what they stand for changes. */
export class Kept {
  readonly #trees = new Map<string, { readonly of: unknown; readonly tree: Child }>();

  tree(name: string, of: unknown, make: () => Child): Child {
    const known = this.#trees.get(name);
    if (known && known.of === of) return known.tree;
    const tree = make();
    this.#trees.set(name, { of, tree });
    return tree;
  }
}

/** What the fields show. */
export interface Fields {
  readonly app: Controller;
  readonly slots: Slots;
  /** How many values the panels have, where there are some. */
  readonly counts: { readonly columns: number; readonly rows: number };
  /** A second model's key, "all", or "" for the scenario's model alone. */
  readonly rival: string;
  readonly search: string;
  /** A number that was refused. */
  readonly refused: { readonly name: string; readonly text: string; readonly error: string } | null;
  readonly kept: Kept;
}

/** What may vary: numbers that the bill depends on. */
export const allowed = ({ parameters }: Description): readonly Parameter[] =>
  parameters.filter((one) => !belongsToOwn(one) && (one.kind === 'number' || one.kind === 'optional_number'));

function grouped({ groups }: Description, parameters: readonly Parameter[], one: (group: string, label: string, members: readonly Parameter[]) => Child): readonly Child[] {
  return groups.map((group) => {
    const members = parameters.filter((p) => p.group === group.id);
    return members.length === 0 ? null : one(group.id, group.label, members);
  });
}

export function choice(name: string, label: string, options: readonly (readonly [string, string])[], chosen: string): VElement {
  return h('label', { key: name }, h('span', { class: 'quiet' }, label),
    h('select', { name }, options.map(([value, text]) => h('option', { value, selected: value === chosen, key: value }, text))));
}

function endField(place: Place, span: Span, part: 'from' | 'to', { app, refused }: Fields): VElement {
  const name = `${place}-${part}`;
  const here = refused?.name === name ? refused : null;
  const value = isRatio(span.id) ? Number((span[part] * 100).toPrecision(12)) : span[part];
  return h('label', { key: `${span.id}-${part}` }, h('span', { class: 'quiet' }, part),
    h('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', name, size: 8, value: here?.text ?? app.format.number(value),
      'aria-label': `${titles[place]}: ${part}`, 'aria-invalid': here ? 'true' : null, 'aria-describedby': here ? 'sweep-field-error' : null }));
}

function placeField(place: Place, fields: Fields): VElement {
  const { app: { description }, slots, counts, kept } = fields;
  const span = slots[place];
  const title = titles[place];
  const select = h('select', { name: `${place}-id`, 'aria-label': `${title}: parameter` }, kept.tree(`${place}-id`, span?.id, () => [
    place === 'columns' || place === 'rows' ? h('option', { value: '', selected: span === null, key: '' }, 'nothing') : null,
    grouped(description, allowed(description), (id, label, members) => h('optgroup', { label, key: id },
      members.map((one) => h('option', { value: one.id, selected: one.id === span?.id, key: one.id }, one.label))))]));
  if (!span) return h('fieldset', { class: 'sweep-axis', key: place, 'data-slot': place }, h('legend', null, title), select);
  const unit = isRatio(span.id) ? '%' : description.parameters.find((p) => p.id === span.id)!.unit_text;
  return h('fieldset', { class: 'sweep-axis', key: place, 'data-slot': place }, h('legend', null, title),
    h('span', { class: 'sweep-chip', draggable: 'true', 'data-chip': span.id, title: 'Drag to another place', 'aria-hidden': 'true' }, '⠿'), select,
    endField(place, span, 'from', fields), endField(place, span, 'to', fields),
    place === 'columns' || place === 'rows' ? choice(`${place}-count`, 'values', ['2', '3', '4', '5'].map((n) => [n, n] as const), String(counts[place])) : null,
    h('span', { class: 'quiet' }, unit, span.scale === 'log' ? ', logarithmic' : ''));
}

export const placeFields = (fields: Fields): readonly VElement[] => places.map((place) => placeField(place, fields));

/** Parameters to drag: those that count as things stand. The lists of the places do the same for keys and fingers. */
export function palette({ app: { description, state }, search, kept }: Fields): VElement {
  const wanted = search.trim().toLowerCase();
  const fits = (p: Parameter) => idle(p.id, state.scenario, description) === null && `${translate(p.label)} ${p.label} ${p.id}`.toLowerCase().includes(wanted);
  const found = kept.tree('palette', `${wanted} ${JSON.stringify(state.scenario.parameters)}`, () => {
    const groups = grouped(description, allowed(description).filter(fits), (id, label, members) => h('div', { key: id }, h('p', { class: 'sweep-group' }, label),
      h('ul', { class: 'chips' }, members.map((p) => h('li', { class: 'sweep-chip', draggable: 'true', 'data-chip': p.id, key: p.id }, p.label)))));
    return groups.some((group) => group !== null) ? groups : h('p', { class: 'quiet' }, 'No parameter of this name counts in this scenario.');
  });
  return h('details', { class: 'sweep-palette', key: 'palette' }, h('summary', null, 'Parameters to drag into a place'),
    h('label', null, h('span', { class: 'quiet' }, 'find'), h('input', { type: 'text', name: 'sweep-find', autocomplete: 'off', value: search })),
    h('div', { class: 'sweep-found', tabindex: 0, role: 'region', 'aria-label': 'Parameters to drag' }, found));
}

export function rivalChoice({ app: { catalog }, rival, kept }: Fields): VElement {
  return h('label', { key: 'sweep-rival' }, h('span', { class: 'quiet' }, 'compared with'), h('select', { name: 'sweep-rival' },
    kept.tree('rival', `${rival} ${catalog?.models.length}`, () => [
      h('option', { value: '', selected: rival === '', key: '' }, 'no other model'), h('option', { value: 'all', selected: rival === 'all', key: 'all' }, 'every model'),
      (catalog?.sellers ?? []).map((seller) => {
        const models = catalog!.models.filter((model) => model.seller === seller.id && model.kind === 'chat');
        return models.length === 0 ? null : h('optgroup', { label: seller.name, key: seller.id },
          models.map((model) => h('option', { value: model.key, selected: model.key === rival, key: model.key }, model.name)));
      })])));
}
