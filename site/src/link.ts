// The page's state in the link: "#1" + base64url(deflate-raw(JSON)). The first character is the version of this form.
// Only the fragment is used, which browsers do not send to any server.

import type { Scenario } from '../../web/types';

export interface LinkState {
  readonly scenario: Scenario;
  readonly baseline?: string | undefined;
  readonly section?: string | undefined;
  /** Scenarios beside the first one; absent = none. `at` is the first one's place among them; absent = before them. */
  readonly others?: readonly Scenario[];
  readonly at?: number;
}

const version = '1';
const packed_limit = 64 * 1024;
const unpacked_limit = 1024 * 1024;

type Parts = Readonly<Record<string, unknown>>;

/** What a link held: a state, nothing of ours, or a reason why it cannot be read. `rest` is what this version does not know: it
 *  goes into the links that the page makes from then on. `told` is what could not be taken, in sentences. */
export type Decoded = { readonly state: LinkState; readonly rest?: Parts; readonly told?: string } | { readonly problem: string } | null;

async function pipe(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const writer = stream.writable.getWriter();
  // Errors surface at the reader; the writer's copy of them needs no second handling.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = stream.readable.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      reader.cancel().catch(() => {});
      throw new Error('too large');
    }
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Text as base64url of its raw deflate: so links are packed, and the files within an offline page. */
export const pack = async (text: string, limit: number): Promise<string> =>
  toBase64Url(await pipe(new TextEncoder().encode(text), new CompressionStream('deflate-raw'), limit));

/** @throws where it is no packed text, or unpacks to more than `limit` bytes */
export const unpack = (packed: string, limit: number): Promise<Uint8Array<ArrayBuffer>> =>
  pipe(fromBase64Url(packed), new DecompressionStream('deflate-raw'), limit);

export const encodeLink = async (state: LinkState, rest: Parts = {}): Promise<string> =>
  `#${version}${await pack(JSON.stringify({ ...rest, ...state }), unpacked_limit)}`;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export async function decodeLink(fragment: string): Promise<Decoded> {
  const packed = fragment.replace(/^#/, '');
  if (packed === '' || packed.startsWith('section-')) return null;
  if (!packed.startsWith(version)) {
    return { problem: /^\d/.test(packed)
      ? 'This link was made by a newer version of Tokenbill. The page shows its defaults instead.'
      : 'This link is not one of Tokenbill’s. The page shows its defaults instead.' };
  }
  const damaged = { problem: 'This link is damaged: it cannot be unpacked. The page shows its defaults instead.' };
  if (packed.length > packed_limit) return { problem: 'This link is longer than 64 KiB and was not read. The page shows its defaults instead.' };
  try {
    const bytes = await unpack(packed.slice(1), unpacked_limit);
    const parts = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<string, unknown>;
    // The scenarios themselves are for the core to judge; here only the frame is.
    if (!isObject(parts) || !isObject(parts['scenario'])) return damaged;
    const { scenario, baseline, section, others, at, ...rest } = parts;
    const beside = Array.isArray(others) && others.every(isObject) ? (others as Scenario[]) : [];
    if (beside.length === 0 && others !== undefined) rest['others'] = others;
    const state: LinkState = { scenario: scenario as Scenario, baseline: text(baseline), section: text(section),
      ...(beside.length > 0 ? { others: beside } : {}),
      ...(Number.isInteger(at) && (at as number) > 0 && (at as number) <= beside.length ? { at: at as number } : {}) };
    return Object.keys(rest).length > 0 ? { state, rest } : { state };
  } catch {
    return damaged;
  }
}
