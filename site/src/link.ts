// The page's state in the link: "#1" + base64url(deflate-raw(JSON)). The first character is the version of this form.
// Only the fragment is used, which browsers do not send to any server.

import type { Scenario } from '../../web/types';

export interface LinkState {
  readonly scenario: Scenario;
  readonly baseline?: string | undefined;
  readonly section?: string | undefined;
}

const version = '1';
const packed_limit = 64 * 1024;
const unpacked_limit = 1024 * 1024;

/** What a link held: a state, nothing of ours, or a reason why it cannot be read. */
export type Decoded = { readonly state: LinkState } | { readonly problem: string } | null;

async function pipe(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream, limit: number): Promise<Uint8Array> {
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

export async function encodeLink(state: LinkState): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify(state));
  return `#${version}${toBase64Url(await pipe(json, new CompressionStream('deflate-raw'), unpacked_limit))}`;
}

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
    const bytes = await pipe(fromBase64Url(packed.slice(1)), new DecompressionStream('deflate-raw'), unpacked_limit);
    const state = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<string, unknown>;
    // The scenario itself is for the core to judge; here only the frame is.
    if (typeof state !== 'object' || state === null || typeof state['scenario'] !== 'object' || state['scenario'] === null) return damaged;
    return { state: {
      scenario: state['scenario'] as Scenario, baseline: text(state['baseline']), section: text(state['section']),
    } };
  } catch {
    return damaged;
  }
}
