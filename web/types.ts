// Result documents of the core, as docs/abi.md describes them. Amounts are USD; null is "unknown", never 0.

export type Amount = number | null;

export interface CoreFailure {
  readonly code: string;
  readonly where: string;
  readonly message: string;
  readonly hint: string;
}

export interface Scenario {
  readonly format: 'tokenbill-scenario/1';
  readonly name?: string;
  readonly model?: string;
  readonly date?: string;
  readonly parameters?: Readonly<Record<string, number | string>>;
}

export interface Choice {
  readonly id: string;
  readonly label: string;
}

export interface Parameter {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly kind: 'number' | 'optional_number' | 'choice';
  readonly unit: string;
  readonly unit_text: string;
  readonly min: number;
  readonly max: number;
  readonly default: number | string;
  readonly step: number;
  readonly scale: 'linear' | 'log';
  readonly main: boolean;
  readonly help: string;
  readonly source: string;
  readonly options?: readonly Choice[];
}

export interface Description {
  readonly groups: readonly Choice[];
  readonly parameters: readonly Parameter[];
  readonly categories: readonly Choice[];
}

export interface LoadedPrices {
  readonly as_of: string;
  readonly sellers: number;
  readonly models: number;
  readonly left_out: readonly CoreFailure[];
}

export interface CatalogModel {
  readonly key: string;
  readonly name: string;
  readonly seller: string;
  readonly kind: string;
  readonly capabilities: readonly string[];
  readonly context_tokens: number | null;
}

export interface Catalog {
  readonly as_of: string;
  readonly sellers: readonly { readonly id: string; readonly name: string }[];
  readonly models: readonly CatalogModel[];
}

export interface Totals {
  readonly per_request: Amount;
  readonly per_conversation: Amount;
  readonly per_day: Amount;
  readonly per_month: Amount;
  readonly per_year: Amount;
  readonly inference_per_month: Amount;
  readonly inference_per_request: Amount;
}

export interface BillItem {
  readonly id: string;
  readonly label: string;
  readonly category: string;
  readonly usd_per_month: Amount;
  readonly usd_per_request: Amount;
  readonly share: number | null;
  readonly problem: string | null;
}

export interface Figure {
  readonly id: string;
  readonly label: string;
  readonly value: Amount;
  readonly unit: string;
  readonly unit_text: string;
}

export type Origin = 'user' | 'default' | 'assumption' | 'seller' | 'derived';

export interface InputInForce {
  readonly id: string;
  readonly label: string;
  readonly value: number | string | null;
  readonly unit_text: string;
  readonly origin: Origin;
  readonly source: string;
  readonly checked: string | null;
  readonly note: string;
}

export interface Notice {
  readonly kind: string;
  readonly text: string;
}

export interface Estimate {
  readonly scenario: Scenario;
  readonly date: string;
  readonly prices_as_of: string;
  readonly model: { readonly key: string; readonly name: string; readonly seller: string };
  readonly status: 'ok' | 'unpriced' | 'impossible';
  readonly problem: CoreFailure | null;
  readonly totals: Totals;
  readonly items: readonly BillItem[];
  readonly figures: readonly Figure[];
  readonly inputs: readonly InputInForce[];
  readonly notices: readonly Notice[];
  readonly sentence: string;
}

export interface ComparedModel extends CatalogModel {
  readonly seller_name: string;
  readonly status: 'ok' | 'unpriced' | 'impossible' | 'unsuitable';
  readonly reason: string | null;
  readonly rank: number | null;
  readonly usd_per_month: Amount;
  readonly inference_usd_per_month: Amount;
  readonly usd_per_request: Amount;
  readonly inference_usd_per_request: Amount;
  readonly ratio_to_baseline: number | null;
  readonly token_factor: number | null;
  readonly input_usd_per_mtok: Amount;
  readonly cache_read_usd_per_mtok: Amount;
  readonly output_usd_per_mtok: Amount;
  readonly price_status: string | null;
  readonly price_until: string | null;
  readonly source: string | null;
  readonly checked: string | null;
  readonly note: string;
  readonly disagreements: number;
  readonly resold_from: string | null;
}

export interface Comparison {
  readonly date: string;
  readonly baseline: string;
  readonly models: readonly ComparedModel[];
}

export interface Disagreement {
  readonly source: string;
  readonly value: Amount;
  readonly note: string;
}

export interface Use {
  readonly id: string;
  readonly label: string;
  readonly value: number | string | null;
  readonly unit_text: string;
  readonly kind: 'input' | 'figure';
  readonly origin?: Origin;
  readonly source?: string;
  readonly checked?: string | null;
  readonly note?: string;
  readonly disagreements?: readonly Disagreement[];
}

/** A figure or input by itself, with what it is made of. */
export interface Explanation extends Use {
  readonly formula: string;
  readonly numbers: string;
  /** Which side of a threshold counts, where the formula has one. */
  readonly condition?: string;
  readonly uses: readonly Use[];
}

export interface CheckedScenario {
  readonly scenario: Scenario;
  readonly problems: readonly CoreFailure[];
}
