// Runs at build time: writes the first preset's figures into index.html, so that the first number needs no script and
// the page reads well without one. The page's script takes the same markup over (vdom.ts).

import type { Comparison, Description, Estimate } from '../../web/types';
import presets from '../presets.json';
import { makeFormat } from './format';
import { freshUi, type Page, type Preset, type WorkedExample } from './page';
import { regions, tree } from './regions';
import { toHtml } from './vdom';

export interface BuildData {
  readonly estimate: Estimate;
  readonly compare: Comparison;
  readonly describe: Description;
  /** Of each preset with a printed figure, by its id. */
  readonly examples?: Readonly<Record<string, { readonly printed: Estimate; readonly recomputed: Estimate }>>;
}

export function render(template: string, { estimate, compare, describe, examples }: BuildData): string {
  const all = presets.presets as readonly Preset[];
  const page: Page = {
    description: describe,
    presets: all,
    format: makeFormat('en'),
    state: { scenario: all[0]!.scenario, baseline: null, others: [], at: 0 },
    ui: freshUi(),
    prices: { state: 'loading' },
    catalog: null,
    hardware: null,
    hardware_problem: '',
    estimate,
    comparison: compare,
    failure: null,
    examples: all.filter((preset) => preset.printed).map((preset): WorkedExample => ({
      preset, printed: examples?.[preset.id]?.printed ?? null, recomputed: examples?.[preset.id]?.recomputed ?? null,
    })),
    claims: { state: 'absent' },
    explanation: null,
    ask: () => null,
    canUndo: false,
    canRedo: false,
    live: false,
  };
  return regions.reduce((html, region) => {
    const place = `<div id="${region.id}"></div>`;
    if (!html.includes(place)) throw new Error(`index.html has no ${place}`);
    // A function, because "$&" in a replacement text would mean something.
    return html.replace(place, () => toHtml(tree(region, page)));
  }, template);
}
