// Gets the price list: from beside the page, or from a file of the reader's. What is wrong with it is told in the core's words.

import { loadPricesInParts } from '../../web/price_parts';
import { CoreError } from '../../web/tokenbill';
import type { Controller } from './controller';
import { fetchText } from './fetch_text';
import { withHardware } from './references';

export const price_file = 'pricing-v1.json';

/** The next task: what the reader does meanwhile is answered before it. */
export const rested = (): Promise<void> => new Promise((done) => setTimeout(done));

async function use(app: Controller, text: string, source: string): Promise<void> {
  try {
    const loaded = await loadPricesInParts(app.core!, text, rested);
    app.catalog = withHardware(app.core!.catalog(), app.hardware);
    app.prices_text = text;
    app.prices = { state: 'ready', loaded, source, today: new Date().toISOString().slice(0, 10) };
    app.repriced();
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    const { where, message, hint } = error.failure;
    fail(app, `${source}: ${where ? `${where}: ` : ''}${message}`, hint);
  }
}

function fail(app: Controller, what: string, hint: string): void {
  // Prices that are already in use stay in use.
  if (app.prices.state === 'ready') app.ui.message = `${what} ${hint} The prices in use stay as they were.`;
  else app.prices = { state: 'failed', what, hint };
  app.update();
}

/** Given a text that is under way already, takes that one. */
export async function loadPrices(app: Controller, under_way: Promise<string> = fetchPrices()): Promise<void> {
  try {
    await use(app, await under_way, price_file);
  } catch (error) {
    fail(app, error instanceof Error ? error.message : String(error), 'Check the connection and retry, or open a price file that you have.');
  }
}

export const fetchPrices = (): Promise<string> => fetchText(price_file);

export function openPriceFile(app: Controller): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,application/json';
  input.addEventListener('change', async () => {
    const file = input.files?.[0];
    if (file) await use(app, await file.text(), file.name);
  });
  input.click();
}
