// The ranks of each tokenizer, a chunk of its own. The offline file has another such module (offline/ranks.ts).

import type { Ranks } from './bpe';
import type { Encoding } from './families';

export const ranksOf: Readonly<Record<Encoding, () => Promise<Ranks>>> = {
  o200k_base: async () => (await import('gpt-tokenizer/bpeRanks/o200k_base')).default,
  cl100k_base: async () => (await import('gpt-tokenizer/bpeRanks/cl100k_base')).default,
};
