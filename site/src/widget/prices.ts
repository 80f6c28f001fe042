// The widget's price list: the short one, and the whole one for a scenario that needs more.

import { CoreError, type Core } from '../../../web/tokenbill';
import type { Catalog, LoadedPrices, Scenario } from '../../../web/types';
import { place } from './place';
import type { Texts } from './texts';

const short_list = 'pricing-embed-v1.json';
const whole_list = 'pricing-v1.json';

export interface Prices {
  readonly loaded: LoadedPrices;
  readonly catalog: Catalog;
  /** Every model that is known, not only well-known ones. */
  readonly whole: boolean;
}

/** Why there are no prices, as a sentence in the widget's language. */
export class PricesError extends Error {
  constructor(readonly sentence: (texts: Texts) => string) {
    super();
  }
}

async function text(file: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(place(file));
  } catch {
    throw new PricesError((texts) => texts.no_server(file));
  }
  if (!response.ok) throw new PricesError((texts) => texts.no_file(file, response.status));
  try {
    return await response.text();
  } catch {
    throw new PricesError((texts) => texts.no_end(file));
  }
}

export const fetchShort = (): Promise<string> => text(short_list);

function load(core: Core, list: string, whole: boolean): Prices {
  try {
    const loaded = core.loadPrices(list);
    return { loaded, catalog: core.catalog(), whole };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    const { where, message } = error.failure;
    throw new PricesError((texts) => texts.unreadable(`${where ? `${where}: ` : ''}${message}`));
  }
}

export const loadShort = async (core: Core, list: Promise<string>): Promise<Prices> => load(core, await list, false);
export const loadWhole = async (core: Core): Promise<Prices> => load(core, await text(whole_list), true);

/** The short list has well-known models, with the prices of its own day and later. */
export const isEnough = (prices: Prices, scenario: Scenario): boolean => prices.whole
  || ((scenario.model === undefined || prices.catalog.models.some((model) => model.key === scenario.model))
    && (scenario.date === undefined || scenario.date.slice(0, 10) >= prices.loaded.as_of));
