// What the views see: the core's documents and what the reader has opened. Views read it and return trees.

import type {
  Amount, Catalog, Comparison, CoreFailure, Description, Estimate, Explanation, LoadedHardware, LoadedPrices, Parameter, Scenario,
} from '../../web/types';
import type { Core } from '../../web/tokenbill';
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
  /** Scenarios beside this one, in order, and this one's place among them. */
  readonly others: readonly Scenario[];
  readonly at: number;
}

/** A door: a figure of the bill or of own capacity, or a row of the table of models; with a model, of that model's bill. */
export interface Door {
  readonly kind: 'item' | 'own' | 'model';
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
  /** What is searched among the inputs. */
  find: string;
  /** Groups of inputs that were opened: only their inputs are drawn. */
  groups: ReadonlySet<string>;
  seller: string;
  capability: string;
  context: number;
  sort: { readonly column: SortColumn; readonly descending: boolean };
  allModels: boolean;
  zeroItems: boolean;
  /** The figure that the section on users shows in large type. */
  unit: string;
  claims: { readonly source: string; readonly verdict: string };
  message: string;
  linkText: string;
  theme: 'auto' | 'light' | 'dark';
  language: 'en' | 'de';
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
  /** The list of GPUs and open models, once the section on them is open, and why it could not be loaded. */
  readonly hardware: LoadedHardware | null;
  readonly hardware_problem: string;
  readonly estimate: Estimate | null;
  readonly comparison: Comparison | null;
  readonly failure: CoreFailure | null;
  readonly examples: readonly WorkedExample[];
  readonly claims: Claims;
  readonly explanation: Explanation | CoreFailure | null;
  /** The core's answer about the present scenario, asked for once for each state; null while there are no prices. `what` names
   *  the question among all that are asked. While a slider is dragged, a `slow` one keeps its last answer. */
  ask<Answer>(what: string, question: (core: Core, scenario: Scenario, today: string) => Answer, slow?: boolean): Answer | CoreFailure | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** False in the markup written at build time: controls wait for the script. */
  readonly live: boolean;
}

/** A published example, as printed and as its preset recomputes it. */
export interface WorkedExample {
  readonly preset: Preset;
  readonly printed: Estimate | null;
  readonly recomputed: Estimate | null;
}

/** A published figure and the scenarios that recompute it, as claims/claims.json has them. */
export interface Claim {
  readonly id: string;
  readonly title: string;
  readonly sources: readonly string[];
  readonly printed: string;
  readonly verdict: string;
  readonly reason: string;
  readonly recomputed: readonly {
    readonly label: string;
    readonly text: string;
    /** Id of a figure or item of the estimate. */
    readonly figure: string;
    readonly scenario: Scenario;
  }[];
}

export interface Recomputed {
  readonly value: Amount;
  readonly unit_text: string;
}

export type Claims =
  | { readonly state: 'absent' | 'loading' }
  | { readonly state: 'ready'; readonly list: readonly Claim[];
      /** By claimKey; those that are not computed yet are absent. */
      readonly figures: ReadonlyMap<string, Recomputed> }
  | { readonly state: 'failed'; readonly what: string };

export const claimKey = (claim: Claim, reading: number): string => `${claim.id}.${reading}`;

export const sections = [
  { id: 'bill', label: 'The bill' },
  { id: 'models', label: 'Models' },
  { id: 'caching', label: 'Caching' },
  { id: 'chats', label: 'Longer chats' },
  { id: 'agent', label: 'Agent' },
  { id: 'savings', label: 'Savings' },
  { id: 'own', label: 'Own GPUs' },
  { id: 'ranges', label: 'Ranges' },
  { id: 'budget', label: 'Budget' },
  { id: 'users', label: 'Per user' },
  { id: 'scenarios', label: 'Scenarios' },
  { id: 'sweep', label: 'What if' },
  { id: 'usage', label: 'Your bill' },
  { id: 'claims', label: 'Claims' },
] as const;

export const freshUi = (): Ui => ({
  section: 'bill', drawer: [], draft: null, errors: new Map(), picker: null, query: '', find: '', groups: new Set(), seller: '', capability: '',
  context: 0, sort: { column: 'rank', descending: false }, allModels: false, zeroItems: false, unit: 'total_per_conversation', claims: { source: '', verdict: '' }, message: '', linkText: '',
  theme: 'auto', language: 'en', wide: true,
});

export const failed = (answer: object): answer is CoreFailure => 'message' in answer;

export const isRatio = (id: string): boolean => id.endsWith('_ratio');

/** The value in force in the scenario as written: given, else the default; null = derived. */
export function valueOf(scenario: Scenario, p: Parameter): number | string | null {
  return scenario.parameters?.[p.id] ?? (p.kind === 'optional_number' ? null : p.default);
}

export function isChanged(scenario: Scenario, p: Parameter): boolean {
  const given = scenario.parameters?.[p.id];
  return scenario.ranges?.[p.id] !== undefined || given !== undefined && (p.kind === 'optional_number' || given !== p.default);
}

export function activePreset(page: Pick<Page, 'presets' | 'state' | 'description'>): Preset | undefined {
  const { scenario } = page.state;
  return page.presets.find((preset) => preset.scenario.model === scenario.model && preset.scenario.date === scenario.date
    && JSON.stringify(preset.scenario.ranges ?? {}) === JSON.stringify(scenario.ranges ?? {})
    && page.description.parameters.every((p) => valueOf(preset.scenario, p) === valueOf(scenario, p)));
}
