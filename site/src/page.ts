// What the views see: the core's documents and what the reader has opened. Views read it and return trees.

import type {
  Catalog, Comparison, CoreFailure, Description, Estimate, Explanation, LoadedPrices, Parameter, Scenario,
} from '../../web/types';
import type { Format } from './format';

export interface Preset {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly scenario: Scenario;
  /** What an article prints for it, and how it comes out recomputed. */
  readonly printed?: { readonly usd_per_month: number; readonly text: string };
  readonly recomputed?: { readonly scenario: Scenario; readonly reasons: readonly string[] };
}

/** What undo, redo and the link carry. */
export interface State {
  readonly scenario: Scenario;
  /** Key of the model that differences are told against; null = the chosen model. */
  readonly baseline: string | null;
}

/** A door: a figure of the bill, or a row of the table of models; with a model, of that model's bill. */
export interface Door {
  readonly kind: 'item' | 'model';
  readonly id: string;
  readonly model?: string | undefined;
}

export type SortColumn = 'rank' | 'name' | 'usd_per_request' | 'input_usd_per_mtok' | 'output_usd_per_mtok' | 'context_tokens';

export interface Ui {
  section: string;
  drawer: readonly Door[];
  /** The text of the field that is being typed into, and why it is no number yet. */
  draft: { readonly id: string; readonly text: string; readonly error: string | null } | null;
  /** Inputs whose last text was refused, by id. */
  errors: ReadonlyMap<string, { readonly text: string; readonly error: string }>;
  picker: { readonly query: string; readonly active: number } | null;
  query: string;
  seller: string;
  capability: string;
  context: number;
  sort: { readonly column: SortColumn; readonly descending: boolean };
  allModels: boolean;
  zeroItems: boolean;
  message: string;
  linkText: string;
  theme: 'auto' | 'light' | 'dark';
  wide: boolean;
}

export type Prices =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly loaded: LoadedPrices; readonly source: string; readonly today: string }
  | { readonly state: 'failed'; readonly what: string; readonly hint: string };

export interface Page {
  readonly description: Description;
  readonly presets: readonly Preset[];
  readonly format: Format;
  readonly state: State;
  readonly ui: Ui;
  readonly prices: Prices;
  readonly catalog: Catalog | null;
  readonly estimate: Estimate | null;
  readonly comparison: Comparison | null;
  readonly failure: CoreFailure | null;
  readonly claims: readonly Claim[];
  readonly explanation: Explanation | CoreFailure | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** False in the markup written at build time: controls wait for the script. */
  readonly live: boolean;
}

export interface Claim {
  readonly preset: Preset;
  readonly printed: Estimate | null;
  readonly recomputed: Estimate | null;
}

export const sections = [
  { id: 'bill', label: 'The bill' },
  { id: 'models', label: 'Models' },
  { id: 'sweep', label: 'What if' },
  { id: 'claims', label: 'Claims' },
] as const;

export const freshUi = (): Ui => ({
  section: 'bill', drawer: [], draft: null, errors: new Map(), picker: null, query: '', seller: '', capability: '',
  context: 0, sort: { column: 'rank', descending: false }, allModels: false, zeroItems: false, message: '', linkText: '',
  theme: 'auto', wide: true,
});

export const isRatio = (id: string): boolean => id.endsWith('_ratio');

/** The value in force in the scenario as written: given, else the default; null = derived. */
export function valueOf(scenario: Scenario, p: Parameter): number | string | null {
  return scenario.parameters?.[p.id] ?? (p.kind === 'optional_number' ? null : p.default);
}

export function isChanged(scenario: Scenario, p: Parameter): boolean {
  const given = scenario.parameters?.[p.id];
  return given !== undefined && (p.kind === 'optional_number' || given !== p.default);
}

export function activePreset(page: Pick<Page, 'presets' | 'state' | 'description'>): Preset | undefined {
  const { scenario } = page.state;
  return page.presets.find((preset) => preset.scenario.model === scenario.model && preset.scenario.date === scenario.date
    && page.description.parameters.every((p) => valueOf(preset.scenario, p) === valueOf(scenario, p)));
}
