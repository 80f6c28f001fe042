// Inputs that name an entry of the price list: what can be named, and how people write it.

import type { Catalog, LoadedHardware, Parameter } from '../../web/types';
import { translate } from './language';
import { h, type VElement } from './vdom';

/** How the choice of no entry is written. */
export const none = 'none';

export const isListed = (p: Parameter): boolean => p.what !== 'date' && p.what !== 'currency';

/** The price list with what stands in the list of hardware, which inputs name as well. */
export function withHardware(catalog: Catalog, hardware: LoadedHardware | null): Catalog {
  if (!hardware) return catalog;
  const of = (kind: string, entries: LoadedHardware['gpus']) => entries.map(({ key, name }) => ({ key, name, kind }));
  return { ...catalog, services: [...catalog.services, ...of('gpu', hardware.gpus), ...of('open_model', hardware.open_models)] };
}

interface List {
  readonly by_key: ReadonlyMap<string, string>;
  readonly by_text: ReadonlyMap<string, string>;
  /** The same tree for as long as the price list stays, so that an update passes over it. */
  readonly tree: VElement;
}

const lists = new WeakMap<Catalog, Map<string, List>>();

function listOf(catalog: Catalog, what: string): List {
  let known = lists.get(catalog);
  if (!known) lists.set(catalog, known = new Map());
  const name = `${what} ${translate(none)}`;
  let list = known.get(name);
  if (list) return list;
  const sellers = new Map(catalog.sellers.map((seller) => [seller.id, seller.name]));
  const entries = [
    ...catalog.models.filter((model) => model.kind === what).map(({ key, name, seller }) => [key, `${name} · ${sellers.get(seller) ?? seller}`] as const),
    ...catalog.services.filter((service) => service.kind === what).map(({ key, name }) => [key, name] as const),
  ];
  const by_key = new Map<string, string>();
  const by_text = new Map<string, string>();
  for (const [key, name] of entries) {
    // Two of one name are told apart by their keys.
    const text = by_text.has(name.toLowerCase()) ? key : name;
    by_key.set(key, text);
    by_text.set(text.toLowerCase(), key);
    by_text.set(key.toLowerCase(), key);
  }
  const tree = h('datalist', { id: `list-${what}`, key: what }, [translate(none), ...[...by_key.values()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))]
    .map((text) => h('option', { value: text })));
  known.set(name, list = { by_key, by_text, tree });
  return list;
}

/** A value as its field shows it: the entry's name and seller. */
export const referenceText = (p: Parameter, value: string, catalog: Catalog | null): string =>
  (value && catalog && isListed(p) ? listOf(catalog, p.what!).by_key.get(value) ?? value : value);

/** The key that a typed text means; null = no entry of the price list. */
export function referenceKey(p: Parameter, text: string, catalog: Catalog | null): string | null {
  const typed = text.trim();
  if (typed === '' || typed.toLowerCase() === none || typed.toLowerCase() === translate(none)) return '';
  if (!isListed(p)) return p.what === 'currency' ? typed.toUpperCase() : typed;
  return catalog ? listOf(catalog, p.what!).by_text.get(typed.toLowerCase()) ?? null : null;
}

const currencies = h('datalist', { id: 'list-currency', key: 'currency' },
  ['AUD', 'BRL', 'CAD', 'CHF', 'CNY', 'CZK', 'DKK', 'EUR', 'GBP', 'INR', 'JPY', 'KRW', 'MXN', 'NOK', 'PLN', 'SEK', 'SGD', 'TRY', 'ZAR']
    .map((code) => h('option', { value: code })));

/** What the fields of references offer; once for the page. */
export const referenceLists = (parameters: readonly Parameter[], catalog: Catalog | null): readonly VElement[] => (catalog
  ? [currencies, ...new Set(parameters.filter((p) => p.kind === 'reference' && isListed(p)).map((p) => p.what!))]
    .map((list) => (typeof list === 'string' ? listOf(catalog, list).tree : list)) : []);
