// Counts tokens by byte pair encoding: the text in pieces, of each piece the pair of the lowest rank merged first. Equal to
// tiktoken, with two differences in how it gets there: a piece of a million bytes takes n log n, and counting may pause.
// What is written like a special token ("<|endoftext|>") is text here, as it is when a user sends it.

import type { Encoding } from './families';

/** By rank: a token as text, or as bytes where it is not whole characters. */
export type Ranks = readonly (string | readonly number[])[];

const contraction = "'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])";
// \s of these patterns is Unicode's white space: JavaScript's \s has U+FEFF as well and lacks U+0085.
const patterns: Readonly<Record<Encoding, string>> = {
  o200k_base: `[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?:${contraction})?`
    + `|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?:${contraction})?`
    + '|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+',
  cl100k_base: `${contraction}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s+$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s`,
};
const whiteSpace = (pattern: string): string => pattern.replaceAll('[^\\s', '[^\\p{White_Space}').replaceAll('\\S', '\\P{White_Space}').replaceAll('\\s', '\\p{White_Space}');

const ascii = /^[\0-\x7f]*$/;
const encoder = new TextEncoder();
/** One character for each byte, so that bytes can be looked up and cut as text. */
function bytesOf(text: string): string {
  if (ascii.test(text)) return text;
  const bytes = encoder.encode(text);
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return binary;
}

/** Numbers, least first. */
class Heap {
  readonly #items: number[] = [];

  push(value: number): void {
    const items = this.#items;
    let at = items.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent]! <= value) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = value;
  }

  pop(): number | undefined {
    const items = this.#items;
    const least = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return least;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && items[child + 1]! < items[child]!) child += 1;
      if (items[child]! >= last) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
    return least;
  }
}

/** A pair's rank and place as one number, so that of equal ranks the first pair comes first. */
const places = 2 ** 32;
/** Pieces whose number of tokens is kept: words come again. */
const most_kept = 50_000;

export class Tokenizer {
  readonly #ranks = new Map<string, number>();
  readonly #pattern: string;
  readonly #kept = new Map<string, number>();

  constructor(encoding: Encoding, ranks: Ranks) {
    ranks.forEach((token, rank) => this.#ranks.set(typeof token === 'string' ? bytesOf(token) : String.fromCharCode(...token), rank));
    this.#pattern = whiteSpace(patterns[encoding]);
  }

  /** The tokens of a text, piece by piece: yields how many characters are read so far, returns the count. */
  *steps(text: string): Generator<number, number> {
    let count = 0;
    for (const match of text.matchAll(new RegExp(this.#pattern, 'gu'))) {
      count += this.#tokensOf(match[0]);
      yield match.index + match[0].length;
    }
    return count;
  }

  count(text: string): number {
    const steps = this.steps(text);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  #tokensOf(piece: string): number {
    const known = this.#kept.get(piece);
    if (known !== undefined) return known;
    const bytes = bytesOf(piece);
    const count = this.#ranks.has(bytes) ? 1 : this.#merge(bytes);
    if (this.#kept.size >= most_kept) this.#kept.clear();
    this.#kept.set(piece, count);
    return count;
  }

  #merge(bytes: string): number {
    const length = bytes.length;
    // Parts are named by where they begin; a part ends where the next one begins.
    const next = new Int32Array(length + 1);
    const before = new Int32Array(length + 1);
    for (let at = 0; at <= length; at += 1) {
      next[at] = at + 1;
      before[at] = at - 1;
    }
    /** The rank of a part and the one after it, merged; -1 = they do not merge. */
    const pair = new Int32Array(length).fill(-1);
    const heap = new Heap();
    const look = (at: number): void => {
      const second = next[at]!;
      const rank = second < length ? this.#ranks.get(bytes.slice(at, next[second]!)) : undefined;
      pair[at] = rank ?? -1;
      if (rank !== undefined) heap.push(rank * places + at);
    };
    for (let at = 0; at + 1 < length; at += 1) look(at);
    let parts = length;
    for (let least = heap.pop(); least !== undefined; least = heap.pop()) {
      const at = least % places;
      // Of a pair that has changed since, a later entry tells.
      if (pair[at] !== Math.floor(least / places)) continue;
      const second = next[at]!;
      next[at] = next[second]!;
      before[next[second]!] = at;
      pair[second] = -1;
      parts -= 1;
      look(at);
      if (before[at]! >= 0) look(before[at]!);
    }
    return parts;
  }
}
