// Turns English texts into another language by a table: whole, then with their numbers taken out, then by patterns of words, then in
// parts. Loaded with the table, when a language is first chosen.

import { unknown } from './format';

export type Translate = (text: string) => string;

/** Where a text that is not known as a whole is cut: sentences first, then clauses, the terms of a formula, the parts of a list. */
const seams: readonly RegExp[] = [/((?<=[.:!?…]) (?=["“(\p{Lu}\d\ue000-\uf8ff]))/u, /(; |: | · )/, /( [×÷+−] )/, /(\(|\))/,
  /(the smaller of |the larger of | and )/, /(, )/, /( ?[\ue000-\uf8ff] ?)/];
/** From here on all parts must be known: a name stays whole. */
const first_of_words = 4;
const least_literal = 6;
/** One private character stands for each number: its place among the text's numbers. */
const first_hole = 0xe000;
const holes = /[\ue000-\uf8ff]/g;
const hole = (at: number): string => String.fromCharCode(first_hole + at);
/** A number as format.ts and the core write it, with its percent sign or its "Mio."; "unknown" stands in a number's place. */
const numbers = new RegExp(String.raw`(?<![\p{L}\d_])(?:\d{4}-\d\d-\d\d|[<−-]?\d(?:[.,’\u00a0\u202f]?\d)*(?:[\u00a0\u202f ]?%|\u00a0(?:Mio\.|Mrd\.|Bio\.)|[kKMBT](?!\p{L}))?|${unknown}(?!\p{L}))`, 'gu');
const most_remembered = 20_000;
/** What is longer is nobody's sentence. */
const longest = 4000;

/** A key of the table as a text with holes in the place of numbers; "#2" in a translation names the second one. */
const shape = (text: string): string => {
  let at = 0;
  return text.replace(/#(\d?)/g, (_, named: string) => hole(named ? Number(named) - 1 : at++));
};

/** `whole`: nothing of it stayed as it was. */
interface Found { readonly text: string; readonly whole: boolean }
const joined = (parts: readonly Found[]): Found => ({ text: parts.map(({ text }) => text).join(''), whole: parts.every(({ whole }) => whole) });

/** @param table English texts → another language's. "#" stands for a number, "{}" for any words, which are translated too. */
export function makeTranslate(table: Readonly<Record<string, string>>): Translate {
  const exact = new Map<string, string>();
  const patterns: { readonly from: RegExp; readonly length: number; readonly literal: string; readonly to: readonly (string | number)[] }[] = [];
  for (const [key, value] of Object.entries(table)) {
    if (!key.includes('{}')) {
      exact.set(shape(key), shape(value));
      continue;
    }
    const parts = shape(key).split('{}');
    // Words in quotes end with them, others with their sentence, and quotes within are not taken apart.
    const words_of = parts.slice(0, -1).map((part) => (part.endsWith('“') ? '([^“”]+)' : '((?:“[^”]*”|(?!\\. [A-Z“\ue000-\uf8ff])[^“”])+?)'));
    const from = new RegExp(`^${parts.map((part, i) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(holes, '([\ue000-\uf8ff])') + (words_of[i] ?? '')).join('')}$`, 's');
    // Groups of the expression in order: numbers and words mixed.
    const groups = [...shape(key).matchAll(/[\ue000-\uf8ff]|\{\}/g)].map(([mark]) => mark);
    const words = groups.flatMap((mark, i) => (mark === '{}' ? [i + 1] : []));
    const counts = groups.flatMap((mark, i) => (mark === '{}' ? [] : [i + 1]));
    let word = 0;
    const to = shape(value).split(/(\{\d?\}|[\ue000-\uf8ff])/).map((part) => {
      const named = /^\{(\d?)\}$/.exec(part);
      if (named) return words[named[1] ? Number(named[1]) - 1 : word++]!;
      return part.length === 1 && part.charCodeAt(0) >= first_hole && part.charCodeAt(0) < 0xf900 ? -counts[part.charCodeAt(0) - first_hole]! : part;
    });
    const literals = parts.flatMap((part) => part.split(holes));
    patterns.push({ from, length: literals.join('').length, literal: literals.reduce((a, b) => (b.length > a.length ? b : a)), to });
  }
  // What is more particular comes first.
  patterns.sort((a, b) => b.length - a.length);

  const shapes = new Map<string, Found>();
  const texts = new Map<string, string>();

  /** A text whose numbers are holes, counted from the first. */
  function find(text: string, seam: number): Found {
    const known = shapes.get(text);
    if (known !== undefined) return known;
    const found = look(text, seam);
    if (shapes.size > most_remembered) shapes.clear();
    shapes.set(text, found);
    return found;
  }

  function look(text: string, seam: number): Found {
    const exactly = exact.get(text);
    if (exactly !== undefined) return { text: exactly, whole: true };
    const [, before, middle, after] = /^(\s*)(.*?)(\s*)$/s.exec(text)!;
    if (!/\p{L}/u.test(middle!)) return { text, whole: true };
    if (before || after) {
      const inner = part(middle!, seam);
      return { text: `${before}${inner.text}${after}`, whole: inner.whole };
    }
    // Of several patterns that fit the one whose words are all known is meant.
    let likely: Found | null = null;
    for (const { from, length, literal, to } of patterns) {
      const groups = text.includes(literal) ? from.exec(text) : null;
      if (!groups) continue;
      const found = joined(to.map((piece) => (typeof piece === 'string' ? { text: piece, whole: true }
        : piece < 0 ? { text: groups[-piece]!, whole: true } : part(groups[piece]!, 0))));
      if (found.whole) return found;
      // What little is left beside the words says too little to be sure.
      if (length >= least_literal) likely ??= found;
    }
    if (likely) return likely;
    for (let i = seam; i < seams.length; i += 1) {
      const pieces = text.split(seams[i]!);
      if (pieces.length < 2) continue;
      const found = joined(pieces.map((piece) => part(piece, i + 1)));
      if (found.whole || i < first_of_words) return found;
    }
    return { text, whole: false };
  }

  /** A part of a text: its holes are counted anew. */
  function part(text: string, seam: number): Found {
    const order: string[] = [];
    const found = find(text.replace(holes, (mark) => hole(order.push(mark) - 1)), seam);
    return order.length === 0 ? found
      : { text: found.text.replace(holes, (mark) => order[mark.charCodeAt(0) - first_hole] ?? ''), whole: found.whole };
  }

  function byShape(text: string): string {
    const taken: string[] = [];
    return find(text.replace(numbers, (number) => hole(taken.push(number) - 1)), 0).text.replace(holes, (mark) => {
      const number = taken[mark.charCodeAt(0) - first_hole] ?? '';
      return number === unknown ? exact.get(unknown) ?? number : number;
    });
  }

  /** With its very numbers, whatever space is around it. */
  function asWritten(text: string): string | undefined {
    const trimmed = text.trim();
    return exact.get(text) ?? (exact.has(trimmed) ? text.replace(trimmed, () => exact.get(trimmed)!) : undefined);
  }

  /** A sentence among others that is known with its very numbers: "Write 1500, 1.5k or 2M." */
  function bySentences(text: string): string | null {
    const pieces = text.split(seams[0]!);
    return pieces.length > 1 && pieces.some((piece) => /\d.*[.!?]$/s.test(piece) && exact.has(piece)) ? pieces.map((piece) => translate(piece)).join('') : null;
  }

  const translate = (text: string): string => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    // Bare numbers are many, and of no language.
    if (!/\p{L}/u.test(text) || text.length > longest) return text;
    const found = asWritten(text) ?? bySentences(text) ?? byShape(text);
    if (texts.size > most_remembered) texts.clear();
    texts.set(text, found);
    return found;
  };
  return translate;
}
