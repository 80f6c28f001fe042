// The entry of the worker that counts tokens: the text stays between the page and it. The ranks of a tokenizer are loaded when
// it first counts. A newer text ends the count of an older one.

import { Tokenizer } from './count/bpe';
import { encodings, type Encoding, type Script } from './count/families';
import { ranksOf } from './count/ranks';

export interface ToCount {
  readonly run: number;
  readonly text: string;
  /** The one that is wanted first. */
  readonly first: Encoding;
}

export interface Counted {
  readonly run: number;
  /** How much of the work is done, 0 to 1. */
  readonly done: number;
  readonly size?: TextSize;
  readonly counts: Partial<Record<Encoding, number>>;
  /** What could not be loaded, or failed. */
  readonly problem?: string;
}

export interface TextSize {
  readonly characters: number;
  readonly words: number;
  readonly script: Script;
}

/** Between two looks at whether there is a newer text. */
const pause_ms = 40;
/** Above this share of accented letters a text is taken for another language than English; above that one of other scripts, for one of those. */
const most_accented = 0.01;
const most_foreign = 0.2;

const port = globalThis as unknown as {
  postMessage(message: Counted): void;
  addEventListener(type: 'message', listener: (event: { data: ToCount }) => void): void;
};

const tokenizers = new Map<Encoding, Tokenizer>();

async function tokenizer(encoding: Encoding): Promise<Tokenizer> {
  const known = tokenizers.get(encoding);
  if (known) return known;
  const made = new Tokenizer(encoding, await ranksOf[encoding]());
  tokenizers.set(encoding, made);
  return made;
}

function sizeOf(text: string): TextSize {
  const matches = (pattern: RegExp): number => {
    let count = 0;
    for (const _ of text.matchAll(pattern)) count += 1;
    return count;
  };
  const letters = matches(/\p{L}/gu);
  const latin = matches(/\p{Script=Latin}/gu);
  const plain = matches(/[A-Za-z]/g);
  const share = (part: number): number => (letters > 0 ? part / letters : 0);
  return {
    characters: text.length - matches(/[\ud800-\udbff][\udc00-\udfff]/g), words: matches(/\S+/g),
    script: share(letters - latin) > most_foreign ? 'other' : share(letters - plain) > most_accented ? 'latin' : 'english',
  };
}

let newest = 0;

async function count({ run, text, first }: ToCount): Promise<void> {
  const size = sizeOf(text);
  const counts: Partial<Record<Encoding, number>> = {};
  const order = [first, ...encodings.filter((one) => one !== first)];
  for (const [at, encoding] of order.entries()) {
    const tell = (share: number): void => port.postMessage({ run, done: (at + share) / order.length, size, counts: { ...counts } });
    tell(0);
    const steps = (await tokenizer(encoding)).steps(text);
    let until = performance.now() + pause_ms;
    let step = steps.next();
    for (; !step.done; step = steps.next()) {
      if (performance.now() < until) continue;
      tell(step.value / text.length);
      // Lets a message in.
      await new Promise((done) => setTimeout(done));
      if (run !== newest) return;
      until = performance.now() + pause_ms;
    }
    counts[encoding] = step.value;
    tell(1);
  }
}

port.addEventListener('message', ({ data }) => {
  newest = data.run;
  count(data).catch((error: unknown) => {
    if (data.run === newest) port.postMessage({ run: data.run, done: 1, counts: {}, problem: error instanceof Error ? error.message : String(error) });
  });
});
