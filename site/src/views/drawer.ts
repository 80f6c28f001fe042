// The door of every figure: formula, numbers, what it stands on, sources. Always at the same place.

import { h, type Child, type VElement } from '../vdom';
import type { Explanation, Use } from '../../../web/types';
import { failed, type Door, type Page } from '../page';
import { ratioWords } from '../format';
import { modelLink } from '../model_links';
import { relative } from '../models';
import { capability_names } from './models';
import { figureText, origin, sentence, source } from './parts';

/** The option's label where a value is the id of an option. */
function text(use: Pick<Use, 'id' | 'value' | 'unit_text'>, page: Page, unit = use.unit_text): string {
  // Money keeps the digits of money also where its unit stands apart.
  if (/^USD/.test(unit) && use.unit_text === '' && typeof use.value === 'number') return page.format.amount(use.value);
  const option = page.description.parameters.find((p) => p.id === use.id)?.options?.find((one) => one.id === use.value);
  return option ? option.label : figureText(use.id, use.value, use.unit_text, page.format);
}

function provenance(use: Use, page: Page): Child {
  return [use.origin ? origin(use.origin) : null,
    use.source ? h('span', { class: 'from' }, source(use.source)) : null,
    use.checked ? h('span', { class: 'from' }, `checked ${page.format.date(use.checked)}`) : null];
}

/** "small/" of "small/own_total": what it stands on is of the same choice. */
const choiceOfDoor = ({ kind, id }: Door): string => (kind === 'own' ? id.slice(0, id.indexOf('/') + 1) : '');

function useLine(use: Use, door: Door, page: Page): VElement {
  return h('li', { key: use.id },
    h('button', { type: 'button', class: 'use-line', 'data-do': 'explain-use', 'data-arg': `${choiceOfDoor(door)}${use.id}`, 'data-model': door.model, 'data-own': door.kind === 'own' },
      h('span', null, use.label),
      h('b', null, text({ ...use, unit_text: '' }, page, use.unit_text), use.unit_text && use.value !== null ? h('small', null, ' ', use.unit_text) : null)),
    use.kind === 'input' ? h('p', { class: 'quiet' }, provenance(use, page)) : null,
    use.note && use.origin === 'seller' ? h('p', { class: 'quiet' }, sentence(use.note)) : null,
    others(use, page));
}

const others = (use: Use, page: Page): Child => (use.disagreements?.length
  ? h('ul', { class: 'disagreements' }, use.disagreements.map((other) => h('li', null,
    source(other.source), ' says ', h('b', null, page.format.amount(other.value)), other.note ? `: ${other.note}` : ''))) : null);

const groupOf = (id: string, page: Page): string | undefined => page.description.parameters.find((p) => p.id === id)?.group;

function explained(explanation: Explanation, door: Door, page: Page): Child {
  const { formula, numbers, condition, note, uses } = explanation;
  const { localize } = page.format;
  return [
    h('p', { class: 'drawer-value' }, text(explanation, page)),
    formula ? h('div', { class: 'formula' }, h('h3', null, 'Formula'), h('p', null, localize(formula))) : null,
    numbers ? h('div', { class: 'formula' }, h('h3', null, 'With the numbers'), h('p', { class: 'mono' }, localize(numbers))) : null,
    condition ? h('p', { class: 'note' }, sentence(localize(condition))) : null,
    explanation.kind === 'input' ? h('p', { class: 'quiet own' }, provenance(explanation, page)) : null,
    note ? h('p', { class: 'note' }, sentence(localize(note))) : null,
    others(explanation, page),
    uses.length > 0 ? [h('h3', null, 'It stands on'), h('ul', { class: 'uses' }, uses.map((use) => useLine(use, door, page)))] : null,
    h('p', { class: 'row quiet', key: 'model' }, h('a', { href: modelLink(explanation.id, groupOf(explanation.id, page)), target: '_blank', rel: 'noopener' },
      'How this is calculated')),
  ];
}

/** A row of the table of models: its prices with source and date, and what can be done with it. */
function card(door: Door, page: Page): Child {
  const model = page.comparison?.models.find((one) => one.key === door.id);
  if (!model) return h('p', null, 'This model is not in the price list.');
  const { format } = page;
  const pinned = page.comparison?.models.find((one) => one.key === (page.state.baseline ?? page.estimate?.model.key));
  const price = (label: string, value: number | null, item: string) => h('li', { key: item },
    h('button', { type: 'button', class: 'use-line', 'data-do': 'explain-use', 'data-arg': item, 'data-model': model.key },
      h('span', null, label), h('b', null, format.amount(value), h('small', null, ' USD per Mtok'))));
  return [
    h('p', { class: 'drawer-value' }, format.amount(model.usd_per_month), ' USD per month'),
    h('p', { class: 'quiet' }, [ratioWords(relative(model, pinned), format), pinned && model.key !== pinned.key ? ` than ${pinned.name}` : ''].join('')
      .replace('the same than', 'the same as')),
    model.reason ? h('p', { class: 'note' }, model.reason) : null,
    h('ul', { class: 'uses' }, price('Input', model.input_usd_per_mtok, 'price.input'),
      price('Read from the cache', model.cache_read_usd_per_mtok, 'price.cache_read'),
      price('Output', model.output_usd_per_mtok, 'price.output')),
    h('dl', { class: 'facts' },
      fact('Seller', model.seller_name), fact('Name in the API', h('code', null, model.key)),
      fact('Price', [model.price_status === 'list' ? 'list price' : model.price_status ?? 'unknown', model.price_until ? ` until ${format.date(model.price_until)}` : '']),
      fact('Source', model.source ? source(model.source) : 'unknown'),
      fact('Checked', model.checked ? format.date(model.checked) : 'unknown'),
      model.disagreements ? fact('Disagreements', `${model.disagreements}; open a price to see them`) : null,
      model.resold_from ? fact('Passed on from', model.resold_from) : null,
      fact('Context', model.context_tokens ? `${format.number(model.context_tokens)} tokens` : 'unknown'),
      fact('Tokens for the same text', model.token_factor === null ? 'unknown' : `× ${format.number(model.token_factor)}`),
      model.capabilities.length ? fact('Can', model.capabilities.map((id) => capability_names[id] ?? id).join(', ')) : null),
    model.note ? h('p', { class: 'note' }, sentence(model.note)) : null,
    h('p', { class: 'row' },
      h('button', { type: 'button', class: 'button', 'data-do': 'use-model', 'data-arg': model.key, disabled: model.key === page.estimate?.model.key }, 'Use this model'),
      h('button', { type: 'button', class: 'button', 'data-do': 'pin', 'data-arg': model.key }, model.key === page.state.baseline ? 'Unpin' : 'Pin as baseline')),
  ];
}

const fact = (term: string, value: Child): VElement => h('div', null, h('dt', null, term), h('dd', null, value));

export function drawer(page: Page): VElement {
  const door = page.ui.drawer.at(-1);
  if (!door) return h('div', null);
  const key = door.kind === 'model' ? door.id : door.model;
  const model = key ? page.comparison?.models.find((one) => one.key === key) : undefined;
  const answer = page.explanation;
  const title = door.kind === 'model' ? model?.name ?? door.id : answer && !failed(answer) ? answer.label : 'Explanation';
  return h('div', { class: 'drawer', role: 'dialog', 'aria-modal': 'false', 'aria-labelledby': 'drawer-title' },
    h('div', { class: 'drawer-head' },
      page.ui.drawer.length > 1 ? h('button', { type: 'button', class: 'link', key: 'back', 'data-do': 'drawer-back' }, '← back') : h('span', { class: 'eyebrow', key: 'eyebrow' }, 'How it comes about'),
      h('button', { type: 'button', class: 'close', key: 'close', 'data-do': 'drawer-close', 'aria-label': 'Close the explanation' }, '×')),
    h('h2', { id: 'drawer-title', tabindex: -1 }, title),
    door.kind === 'item' && door.model && model ? h('p', { class: 'quiet' }, `for ${model.name}`) : null,
    h('div', { class: 'drawer-body', key: `${door.kind}-${door.id}` },
      door.kind === 'model' ? card(door, page)
        : answer === null ? h('p', null, 'No explanation: the prices are not loaded.')
          : failed(answer) ? h('p', null, answer.message, ' ', answer.hint) : explained(answer, door, page)));
}
