// Which models of the comparison are shown, and in which order. The core ranks and prices; this only filters and sorts.

import type { CatalogModel, ComparedModel, Comparison } from '../../web/types';
import type { Ui } from './page';

/** How many rows stand in the page before "show all": more than fit any screen, few enough to update in one frame. */
export const first_rows = 60;
/** Rows in the markup written at build time. */
export const built_rows = 10;

export interface Selection {
  readonly can: readonly ComparedModel[];
  readonly cannot: readonly ComparedModel[];
}

const words = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/** Every word must occur in name, key or seller. */
export function matches(model: Pick<CatalogModel, 'name' | 'key'> & { readonly seller_name?: string }, query: string): boolean {
  const text = `${model.name} ${model.key} ${model.seller_name ?? ''}`.toLowerCase();
  return words(query).every((word) => text.includes(word));
}

export function select(comparison: Comparison, ui: Pick<Ui, 'query' | 'seller' | 'capability' | 'context' | 'sort'>): Selection {
  const shown = comparison.models.filter((model) =>
    (!ui.seller || model.seller === ui.seller)
    && (!ui.capability || model.capabilities.includes(ui.capability))
    && (!ui.context || (model.context_tokens ?? 0) >= ui.context)
    && matches(model, ui.query));
  const can = shown.filter((model) => model.status === 'ok');
  const { column, descending } = ui.sort;
  if (column === 'rank' ? descending : true) {
    can.sort((a, b) => {
      const order = column === 'name' ? a.name.localeCompare(b.name) : compareNumbers(a[column], b[column]);
      return descending ? -order : order;
    });
  }
  return { can, cannot: shown.filter((model) => model.status !== 'ok') };
}

/** Unknown sorts last in ascending order. */
const compareNumbers = (a: number | null, b: number | null): number => (a ?? Infinity) - (b ?? Infinity) || 0;

/** Cost relative to the pinned model; the core gives both relative to the chosen one. */
export function relative(model: ComparedModel, pinned: ComparedModel | undefined): number | null {
  if (!pinned) return null;
  if (model.key === pinned.key) return 1;
  return model.ratio_to_baseline !== null && pinned.ratio_to_baseline
    ? model.ratio_to_baseline / pinned.ratio_to_baseline : null;
}
