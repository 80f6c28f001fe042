// Reads a price list in parts, so that the page's only thread can answer its reader between them.

import { op, type Core } from './tokenbill';
import type { LoadedPrices } from './types';

/** Sellers are read together up to so many characters of theirs: about 3 ms of a computer, 12 of a phone. */
const part_size = 24_000;

/** A price list as several, each with some of its entries; the services are short enough for one. */
function priceParts({ providers, services, ...head }: { providers: unknown[]; services?: unknown[] }): string[] {
  const groups: string[][] = [];
  let size = part_size;
  for (const provider of providers) {
    const text = JSON.stringify(provider);
    if (size + text.length > part_size) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)!.push(text);
    size += text.length;
  }
  const begin = JSON.stringify(head).slice(0, -1);
  const parts = groups.map((texts) => `${begin},"providers":[${texts.join()}]}`);
  if (services) parts.push(JSON.stringify({ ...head, providers: [], services }));
  return parts;
}

/**
 * As Core.loadPrices, a few milliseconds at a time; after each, what the reader does is answered in `between`. A list that is not as it
 * should be is read in one piece, so that the core tells where in it.
 * @throws CoreError as Core.loadPrices
 */
export async function loadPricesInParts(core: Core, text: string, between: () => Promise<void>): Promise<LoadedPrices> {
  let parts: string[];
  try {
    parts = priceParts(JSON.parse(text));
  } catch {
    return core.loadPrices(text);
  }
  for (const part of parts) {
    if ('error' in JSON.parse(core.callText(op.add_prices, part))) return core.loadPrices(text);
    await between();
  }
  const loaded = core.loadPrices('');
  return loaded.left_out.length === 0 ? loaded : core.loadPrices(text);
}
