// The widget's price list: the short one, and the whole one for a scenario that needs more.

import { CoreError, type Core } from '../../../web/tokenbill';
import type { Catalog, LoadedPrices, Scenario } from '../../../web/types';

const short_list = 'pricing-embed-v1.json';
const whole_list = 'pricing-v1.json';

export interface Prices {
  readonly loaded: LoadedPrices;
  readonly catalog: Catalog;
  /** Every model that is known, not only well-known ones. */
  readonly whole: boolean;
}

/** Why there are no prices, as a sentence. */
export class PricesError extends Error {}

async function text(url: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch {
    throw new PricesError(`The price list did not arrive: the server did not answer (${url}).`);
  }
  if (!response.ok) throw new PricesError(`The price list did not arrive: the server answered ${response.status} (${url}).`);
  try {
    return await response.text();
  } catch {
    throw new PricesError(`The price list did not arrive whole (${url}).`);
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
    throw new PricesError(`The price list cannot be read: ${where ? `${where}: ` : ''}${message}`);
  }
}

export const loadShort = async (core: Core, list: Promise<string>): Promise<Prices> => load(core, await list, false);
export const loadWhole = async (core: Core): Promise<Prices> => load(core, await text(whole_list), true);

/** The short list has well-known models, with the prices of its own day and later. */
export const isEnough = (prices: Prices, scenario: Scenario): boolean => prices.whole
  || ((scenario.model === undefined || prices.catalog.models.some((model) => model.key === scenario.model))
    && (scenario.date === undefined || scenario.date.slice(0, 10) >= prices.loaded.as_of));
