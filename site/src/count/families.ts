// Which tokenizer a family of models has, and how far its counts lie from o200k's. Facts, measurements and sources: docs/tokens.md.

export const encodings = ['o200k_base', 'cl100k_base'] as const;
export type Encoding = (typeof encodings)[number];

/** Of a text: English and code; another language in Latin letters; another script. */
export type Script = 'english' | 'latin' | 'other';

/** Low and high, in tokens of o200k_base. */
type Ratios = Readonly<Record<Script, readonly [number, number]>>;

export interface Family {
  readonly name: string;
  /** The families of the price list that it stands for. */
  readonly ids: readonly string[];
  /** The public tokenizer, for an exact count. */
  readonly encoding?: Encoding;
  readonly ratios?: Ratios;
  /** What the ratios rest on. */
  readonly basis?: 'measured' | 'published' | 'assumed';
}

/** What no one has measured lies somewhere among what was measured. */
const unmeasured: Ratios = { english: [0.9, 1.3], latin: [0.95, 1.5], other: [0.6, 3.2] };

export const families: readonly Family[] = [
  { name: 'OpenAI o200k: GPT-4o, GPT-4.1, GPT-5, o1 to o4, gpt-oss', ids: ['o200k', 'o200k_harmony'], encoding: 'o200k_base' },
  { name: 'OpenAI cl100k: GPT-4, GPT-3.5, embeddings', ids: ['cl100k'], encoding: 'cl100k_base' },
  { name: 'Claude 4.7 and later', ids: ['claude-4.7'], ratios: { english: [1.25, 1.85], latin: [1.25, 2.1], other: [1, 3] }, basis: 'published' },
  { name: 'Claude up to 4.6', ids: ['claude'], ratios: { english: [1.05, 1.35], latin: [1.05, 1.6], other: [0.9, 2.5] }, basis: 'published' },
  { name: 'Gemini, Gemma', ids: ['gemini', 'gemma'], ratios: { english: [1, 1.22], latin: [0.95, 1.2], other: [0.6, 1.2] }, basis: 'measured' },
  { name: 'Llama 3 and later', ids: ['llama'], ratios: { english: [0.95, 1.1], latin: [1, 1.3], other: [0.8, 1.8] }, basis: 'measured' },
  { name: 'Qwen', ids: ['qwen'], ratios: { english: [0.97, 1.12], latin: [1.05, 1.3], other: [0.7, 3.2] }, basis: 'measured' },
  { name: 'DeepSeek', ids: ['deepseek'], ratios: { english: [0.98, 1.12], latin: [1.05, 1.3], other: [0.7, 1.8] }, basis: 'measured' },
  { name: 'Mistral', ids: ['mistral'], ratios: { english: [1, 1.15], latin: [1, 1.2], other: [0.9, 1.3] }, basis: 'measured' },
  { name: 'Cohere', ids: ['cohere'], ratios: { english: [0.97, 1.15], latin: [1, 1.2], other: [0.65, 2.4] }, basis: 'measured' },
  { name: 'Other families', ids: [], ratios: unmeasured, basis: 'assumed' },
];

/** The family of a model, by what the price list calls its tokenizer. */
export const familyOf = (tokenizer: string | null): Family =>
  families.find((family) => tokenizer !== null && family.ids.includes(tokenizer)) ?? families[families.length - 1]!;

/** OpenAI names the tokenizer of these models, by their ids; of other models of a family it is taken to be the same. */
const named = /(?:^|[/.:])(?:gpt-3\.5|gpt-4|gpt-5|chatgpt-4o|o[134](?:-|$)|gpt-oss|text-embedding|codex)/;
export const isNamed = (model: string): boolean => named.test(model);

export interface Tokens {
  readonly family: Family;
  /** Exact where low and high are the same; null while, or because, it is not counted. */
  readonly likely: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Three significant digits, as much as an estimate is worth. */
const rounded = (value: number, round: (value: number) => number): number => {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(value, 1))) - 2);
  return round(value / step) * step;
};

/** @param counts those that are there so far */
export function tokensOf(family: Family, counts: Partial<Record<Encoding, number>>, script: Script): Tokens {
  if (family.encoding) {
    const exact = counts[family.encoding] ?? null;
    return { family, likely: exact, low: exact, high: exact };
  }
  const reference = counts.o200k_base;
  if (reference === undefined || !family.ratios) return { family, likely: null, low: null, high: null };
  const [low, high] = family.ratios[script];
  // No text comes to less than one token.
  const least = Math.min(1, reference);
  const of = (ratio: number, round: (value: number) => number): number => Math.max(least, rounded(reference * ratio, round));
  return { family, likely: of(Math.sqrt(low * high), Math.round), low: of(low, Math.floor), high: of(high, Math.ceil) };
}
