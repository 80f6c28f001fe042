// In the offline file: the ranks of each tokenizer stand in the page, packed. In the place of count/ranks.ts.

import type { Ranks } from '../count/bpe';
import { encodings, type Encoding } from '../count/families';

const ranks = (name: Encoding) => async (): Promise<Ranks> => (await (await fetch(`${name}.json`)).json()) as Ranks;

export const ranksOf = Object.fromEntries(encodings.map((name) => [name, ranks(name)])) as Readonly<Record<Encoding, () => Promise<Ranks>>>;
