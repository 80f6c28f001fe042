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
  /** Parameters that are intervals; `level` absent = 0.9. */
  readonly ranges?: Readonly<Record<string, InputRange>>;
  /** Rank correlations of two parameters. */
  readonly correlations?: readonly (readonly [string, string, number])[];
}

export interface InputRange {
  readonly low: number;
  readonly high: number;
  readonly level?: number;
}

export interface Choice {
  readonly id: string;
  readonly label: string;
}

export interface Parameter {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  /** A reference names an entry of the catalog, a date or a currency: a text; "" is none. It has no unit and no range. */
  readonly kind: 'number' | 'optional_number' | 'choice' | 'reference';
  /** Of a reference: the kind of model or service it names, or "date" or "currency". */
  readonly what?: string;
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

export interface CatalogService {
  readonly key: string;
  readonly name: string;
  readonly kind: string;
}

export interface Catalog {
  readonly as_of: string;
  readonly services: readonly CatalogService[];
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
  readonly status: 'ok' | 'unpriced' | 'impossible' | 'unsuitable';
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

// Time

export interface ForecastMonth {
  /** From 1. */
  readonly month: number;
  readonly date: string;
  readonly conversations_per_day: number;
  /** What re-platforming has made of today's prices: 1 = nothing yet. */
  readonly price_factor: number;
  readonly usd: Amount;
  readonly cumulative_usd: Amount;
  /** What changes in this month: a promotion that ends, an announced price, a model that retires, a move to newer models. */
  readonly notices: readonly Notice[];
}

export interface BudgetLevel {
  /** 0.5, 0.8, 1 */
  readonly share: number;
  readonly usd: number;
  /** First day on which spending has reached it; null = not within the forecast. */
  readonly date: string | null;
  /** Of the month (a monthly budget), or of the whole forecast. */
  readonly day: number | null;
}

export interface Budget {
  readonly usd: number;
  readonly period: 'month' | 'forecast';
  /** Levels of the first month, or of the whole forecast. */
  readonly levels: readonly BudgetLevel[];
  /** First month (from 1) whose spending, or until whose end all spending, is above the budget; null = none. */
  readonly breaks_month: number | null;
  /** At the end of the first month, from spending so far where it is given. */
  readonly month_end_usd: Amount;
  readonly run_rate_usd_per_day: Amount;
  /** "plan", or "spent" where spending to date is given. */
  readonly run_rate_from: 'plan' | 'spent';
}

export interface Forecast {
  readonly months: readonly ForecastMonth[];
  readonly total_usd: Amount;
  readonly budget: Budget | null;
}

// Levers

export interface LeverConflict {
  readonly with: string;
  readonly text: string;
}

export interface Lever {
  readonly id: string;
  readonly label: string;
  /** In use in the scenario. */
  readonly on: boolean;
  /** False where the model or the scenario has no use for it; `reason` says why. */
  readonly applicable: boolean;
  readonly reason: string;
  /** What turning it on (or off, where it is on) sets; "" or null = back to the default. */
  readonly turn: Readonly<Record<string, number | string | null>>;
  /** What it stands for, in words: "30 % of the prompt cut". */
  readonly setting: string;
  /** A month, against the scenario without any lever. */
  readonly alone_usd: Amount;
  /** A month, on top of the levers that are on (of one that is on: what would be lost without it). */
  readonly on_top_usd: Amount;
  /** A month: the mean over all orders of turning on those levers that are on, or would be. */
  readonly fair_usd: Amount;
  readonly conflicts: readonly LeverConflict[];
}

export interface Levers {
  readonly without_usd: Amount;
  readonly now_usd: Amount;
  readonly all_usd: Amount;
  readonly levers: readonly Lever[];
}

// Solving backwards

export interface Solution {
  readonly parameter: string;
  readonly figure: string;
  readonly at_most: number;
  /** `found`: the largest value that keeps the figure at or below; `all`: every value does; `none`: none does. */
  readonly status: 'found' | 'all' | 'none';
  readonly value: number | null;
  readonly figure_value: Amount;
}

// One conversation, turn by turn

export interface Turn {
  readonly turn: number;
  readonly read_tokens: number;
  readonly write_tokens: number;
  readonly uncached_tokens: number;
  readonly output_tokens: number;
  readonly usd: Amount;
  readonly cumulative_usd: Amount;
  /** By category of the bill. */
  readonly by_category: Readonly<Record<string, Amount>>;
}

export interface Turns {
  readonly turns: readonly Turn[];
  /** Why some turns are missing: the context is full, a price is unknown; null = none is. */
  readonly problem: CoreFailure | null;
}

// Figures along a parameter

export interface Series {
  readonly parameter: string;
  readonly values: readonly number[];
  /** null where the request is impossible or a price is unknown. */
  readonly figures: Readonly<Record<string, readonly Amount[]>>;
}

// Own capacity and the other ways to buy

export interface Named {
  readonly key: string;
  readonly name: string;
}

export interface LoadedHardware {
  readonly as_of: string;
  readonly gpus: readonly Named[];
  readonly open_models: readonly Named[];
  readonly left_out: readonly CoreFailure[];
}

/** One way to run a model: so many GPUs of a kind for each replica. */
interface DeploymentOf {
  readonly gpu: string;
  readonly gpu_name: string;
  readonly gpus_per_replica: number;
  /** Why it cannot serve; empty if it can. */
  readonly reason: string;
}

export interface ServingDeployment extends DeploymentOf {
  readonly reason: '';
  /** Requests of a replica in work at once, and the most that its memory holds. */
  readonly concurrency: number;
  readonly most_requests: number;
  readonly first_token_seconds: number;
  /** Between these lie the middle 80 % of measurements. */
  readonly first_token_low: number;
  readonly first_token_high: number;
  readonly token_seconds: number;
  readonly request_seconds: number;
  /** Of one GPU. */
  readonly output_tokens_per_second: number;
  readonly output_low: number;
  readonly output_high: number;
  readonly replicas: number | null;
  readonly gpus_at_peak: number | null;
  readonly utilisation: number | null;
  readonly usd_per_month: Amount;
  readonly usd_per_mtok: Amount;
  readonly rent_source: string;
}

/** Some that cannot serve lack all figures, some only those of the month. */
export type Deployment = ServingDeployment | DeploymentOf;

/** Of one GPU, in GiB; `request` is what one request takes of the room. */
export interface MemoryUse {
  readonly capacity: number;
  readonly usable: number;
  readonly weights: number;
  readonly reserve: number;
  readonly room: number;
  readonly request: number;
}

export interface OwnCapacity {
  readonly model: { readonly id: string; readonly name: string } | null;
  /** Why there is none that serves. */
  readonly problem: CoreFailure | null;
  readonly per_month: Amount;
  /** Those that can serve first, the cheapest first; memory, items and figures are of the first one. */
  readonly deployments: readonly Deployment[];
  readonly memory: MemoryUse;
  readonly items: readonly BillItem[];
  readonly figures: readonly Figure[];
  readonly notices: readonly Notice[];
}

export interface WayToBuy {
  readonly id: 'api' | 'hosted' | 'capacity' | 'own' | 'small' | 'hybrid';
  readonly label: string;
  readonly what: string;
  readonly usd_per_month: Amount;
  readonly allowed: boolean;
  /** Why it has no price or is out of the question. */
  readonly reason: string;
  /** USD a month at each of the decision's volumes. */
  readonly curve: readonly Amount[];
  /** Where GPUs of one's own are part of it: what of it they cost. */
  readonly usd_on_gpus: Amount;
  /** Where 80 % of measurements of their output put it; empty curves where there are no GPUs. */
  readonly usd_low: Amount;
  readonly usd_high: Amount;
  readonly curve_low: readonly Amount[];
  readonly curve_high: readonly Amount[];
  /** How old the price of a host is, which ones do not count. */
  readonly note: string;
}

/** Where two ways cost the same: `below` is the cheaper one at less traffic, `above` at more. */
export interface VolumeCrossing {
  readonly requests_per_month: number;
  readonly usd_per_month: number;
  readonly below: WayToBuy['id'];
  readonly above: WayToBuy['id'];
}

/** One input that, moved, makes another way the cheapest. */
export interface Flip {
  readonly parameter: string;
  readonly from: number;
  readonly to: number;
  readonly choice: WayToBuy['id'];
}

export interface Decision {
  readonly verdict: string;
  readonly best: WayToBuy['id'] | null;
  readonly requests_per_month: number;
  readonly choices: readonly WayToBuy[];
  /** Requests a month, ascending. */
  readonly volumes: readonly number[];
  readonly crossings: readonly VolumeCrossing[];
  /** The smallest moves first. */
  readonly flips: readonly Flip[];
  readonly own: OwnCapacity;
  /** null where no small model is named. */
  readonly small: OwnCapacity | null;
}

/** What drives a figure: one input that has a range. */
export interface RangeInput {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly unit_text: string;
  readonly low: number;
  readonly likely: number;
  readonly high: number;
  readonly level: number;
  readonly form: 'log_normal' | 'beta' | 'normal';
  readonly origin: 'user' | 'typical';
  readonly source: string;
  /** The figure with this input there and the others at their values. */
  readonly at_low: Amount;
  readonly at_high: Amount;
  readonly swing: Amount;
  /** Shares of the variance: of this input alone, and together with others. */
  readonly first_order: number | null;
  readonly total: number | null;
  readonly elasticity: number | null;
}

/** Percentiles 5, 50 and 95; `point` is the figure of the bill. */
export interface RangedFigure {
  readonly id: string;
  readonly label: string;
  readonly point: Amount;
  readonly low: Amount;
  readonly likely: Amount;
  readonly high: Amount;
}

export interface Ranges {
  readonly output: string;
  readonly label: string;
  readonly unit: string;
  readonly unit_text: string;
  readonly model: string;
  readonly samples: number;
  readonly seed: number;
  readonly assumptions: 'given' | 'typical';
  readonly point: Amount;
  /** Of the draws, those below `point`. */
  readonly point_share: number | null;
  readonly low: number;
  readonly likely: number;
  readonly high: number;
  readonly mean: number;
  readonly deviation: number;
  readonly percentiles: Readonly<Record<'5' | '10' | '25' | '50' | '75' | '90' | '95', number>>;
  readonly histogram: { readonly from: number; readonly to: number; readonly shares: readonly number[] };
  readonly impossible: number;
  readonly correlated: boolean;
  readonly inputs: readonly RangeInput[];
  readonly items: readonly RangedFigure[];
  readonly figures: readonly (RangedFigure & { readonly unit: string; readonly unit_text: string })[];
  readonly sentence: string;
}

// What core-usage.wasm answers about records of usage.

export interface UsageSizes {
  readonly requests: number;
  readonly mean: number | null;
  readonly p5: number | null;
  readonly median: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** What was used of one model, in one month, at one service tier. */
export interface UsageLine {
  /** Key of the price list; as written where it is not in it. */
  readonly model: string;
  readonly known: boolean;
  readonly name: string;
  readonly service_tier: string;
  /** "2026-11"; null where the records tell no time. */
  readonly month: string | null;
  readonly requests: number;
  readonly failed: number;
  /** By token class; those without tokens are absent. */
  readonly tokens: Readonly<Record<string, number>>;
  readonly reasoning_tokens: number;
  readonly web_searches: number;
  readonly usd: Amount;
  readonly paid_usd: Amount;
  readonly cliff_usd: number;
  readonly peak_usd: number;
  readonly fees_usd: number;
  readonly saved_by_tier_usd: Amount;
  readonly source: string;
  readonly problem: string | null;
}

export interface UsageProblem {
  /** The file's place among those that were read. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** From the estimate to the bill, of a month: tokens and fees alone. */
export interface Reconciliation {
  readonly days_in_month: number;
  readonly estimated_usd_per_month: Amount;
  readonly steps: readonly { readonly id: string; readonly label: string; readonly usd_per_month: Amount; readonly words: string }[];
  readonly measured_usd_per_month: Amount;
  readonly paid_usd_per_month: Amount;
  readonly paid_above_list_usd_per_month: Amount;
  readonly sentence: string;
  readonly notices: readonly string[];
  readonly adopted: Scenario;
  readonly changes: readonly { readonly id: string; readonly label: string; readonly before: string; readonly after: string }[];
}

/** Of one calendar month. */
export interface UsageMonth {
  /** "2026-11"; null = records without a time. */
  readonly month: string | null;
  readonly requests: number;
  readonly usd: Amount;
  readonly known_usd: number;
  readonly paid_usd: Amount;
}

export interface UsageReport {
  readonly read: {
    readonly bytes: number;
    readonly lines: number;
    readonly records: number;
    readonly without_usage: number;
    readonly cost_only: number;
    readonly repeated: number;
    readonly kept_answers: number;
    readonly broken: number;
    /** The first of those that are broken. */
    readonly problems: readonly UsageProblem[];
    readonly notices: readonly string[];
  };
  readonly first: string | null;
  readonly last: string | null;
  readonly days: number | null;
  /** null = some rows are sums that do not say of how many requests. */
  readonly requests: number | null;
  readonly failed: number;
  readonly tokens: Readonly<Record<string, number>>;
  readonly prompt_tokens: number;
  readonly output_tokens: number;
  readonly reasoning_tokens: number;
  readonly web_searches: number;
  readonly usd: Amount;
  /** Of the lines that have a price. */
  readonly known_usd: number;
  readonly unpriced_requests: number;
  readonly paid_usd: Amount;
  readonly cost_report_usd: Amount;
  /** Ascending; records without a time last. */
  readonly by_month: readonly UsageMonth[];
  readonly prompts: UsageSizes;
  readonly outputs: UsageSizes;
  readonly lines: readonly UsageLine[];
  /** null where it was not compared with a scenario. */
  readonly reconciliation: Reconciliation | null;
}
