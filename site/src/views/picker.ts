// The model picker: a combobox that searches all models of the price list, by seller.

import { h, type VElement } from '../vdom';
import { matches } from '../models';
import type { CatalogModel } from '../../../web/types';
import type { Page } from '../page';

/** Models that the list offers, sellers in the catalog's order. Only those that a conversation can run on. */
export function offered(page: Pick<Page, 'catalog' | 'estimate'>, query: string): CatalogModel[] {
  const { catalog } = page;
  if (!catalog) return [];
  const sellers = new Map(catalog.sellers.map((seller) => [seller.id, seller.name]));
  const found = catalog.models
    .filter((model) => model.kind === 'chat' && matches({ ...model, seller_name: sellers.get(model.seller) ?? '' }, query));
  // The seller of the chosen model first; while searching, the one with the plainest name for it, which is mostly the
  // model's own developer ("GPT-5" before "GPT-5 (Azure)").
  const place = new Map(catalog.sellers.map((seller, i) => [seller.id, seller.id === page.estimate?.model.key.split('/')[0] ? -1 : i]));
  if (query.trim()) {
    place.clear();
    for (const model of found) place.set(model.seller, Math.min(place.get(model.seller) ?? Infinity, model.name.length));
  }
  return found.sort((a, b) => (place.get(a.seller) ?? 0) - (place.get(b.seller) ?? 0) || a.seller.localeCompare(b.seller)
    || a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function list(page: Page): VElement {
  const { picker } = page.ui;
  const models = offered(page, picker!.query);
  const chosen = page.estimate?.model.key ?? page.state.scenario.model;
  const names = new Map(page.catalog?.sellers.map((seller) => [seller.id, seller.name]));
  const groups: VElement[] = [];
  let at = 0;
  for (let i = 0; i < models.length;) {
    const seller = models[i]!.seller;
    const options: VElement[] = [];
    for (; i < models.length && models[i]!.seller === seller; i += 1, at += 1) {
      const model = models[i]!;
      options.push(h('div', { role: 'option', id: `option-${at}`, key: model.key, class: at === picker!.active ? 'active' : null,
        'aria-selected': model.key === chosen ? 'true' : 'false', 'data-do': 'pick', 'data-arg': model.key },
      h('span', null, model.name), model.context_tokens ? h('small', null, page.format.short(model.context_tokens)) : null));
    }
    groups.push(h('div', { role: 'group', key: seller, 'aria-label': names.get(seller) ?? seller },
      h('div', { class: 'option-seller', 'aria-hidden': 'true' }, names.get(seller) ?? seller), options));
  }
  return h('div', { class: 'options', id: 'model-options', role: 'listbox', 'aria-label': 'Models' },
    models.length > 0 ? groups : h('div', { role: 'option', 'aria-selected': 'false', 'aria-disabled': 'true', class: 'none' }, 'No model of this name. Try part of it, or the seller.'));
}

export function picker(page: Page): VElement {
  const open = page.ui.picker;
  const { estimate } = page;
  const name = estimate?.model.name ?? page.state.scenario.model ?? '';
  const model = page.catalog?.models.find((one) => one.key === estimate?.model.key);
  return h('div', { class: 'field picker', key: 'model' },
    h('div', { class: 'field-head' }, h('label', { for: 'in-model' }, 'Model'),
      h('span', { class: 'unit', id: 'unit-model' }, estimate?.model.seller ?? '', model?.context_tokens ? ` · ${page.format.short(model.context_tokens)} context` : '')),
    h('div', { class: 'combo' },
      h('input', { id: 'in-model', type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: 'false', 'data-do': 'picker',
        'aria-expanded': open ? 'true' : 'false', 'aria-controls': 'model-options', 'aria-autocomplete': 'list', 'aria-haspopup': 'listbox',
        'aria-activedescendant': open && open.active >= 0 ? `option-${open.active}` : null, 'aria-describedby': 'unit-model',
        placeholder: open ? name : null, value: open ? open.query : name }),
      h('span', { class: 'chevron', 'aria-hidden': 'true' }, '▾'),
      open ? list(page) : h('div', { id: 'model-options', role: 'listbox', 'aria-label': 'Models', hidden: true })));
}
