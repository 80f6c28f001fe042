// In the offline file the scripts and documents that the page would fetch stand in the page itself, packed. The build puts
// these two in the place of the browser's own (scripts/offline_page.mjs), so that the rest of the page knows nothing of it.

import { encodings } from '../count/families';
import { unpack } from '../link';
import type { WorkerFile } from '../new_worker';

const longest = 16 * 1024 * 1024;
/** One core answers for both. */
const names: Readonly<Record<string, string>> = { 'core.wasm': 'core-all.wasm' };
const types: Readonly<Record<string, string>> = { wasm: 'application/wasm', json: 'application/json' };

/** In a worker, which sees no page: what the page has handed it. */
const handed = (globalThis as { handed?: Readonly<Record<string, string>> }).handed;

const packed = (name: string): string | undefined => handed?.[name] ?? (handed ? undefined : document.getElementById(`file-${name}`)?.textContent ?? undefined);

export async function fetch(url: string | URL): Promise<Response> {
  const name = names[String(url)] ?? String(url);
  const text = packed(name);
  if (text === undefined) throw new TypeError(`${name} is not in this file.`);
  return new Response(await unpack(text, longest), { headers: { 'Content-Type': types[name.split('.').at(-1)!] ?? 'text/plain' } });
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL(url: string): string };
}
const policy = handed ? undefined
  : (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('tb-offline', { createScriptURL: (url) => url });

/** What each worker asks for; it sees no page. */
const needs: Readonly<Record<WorkerFile, readonly string[]>> = {
  'worker.js': ['core-all.wasm'],
  'usage_worker.js': ['core-usage.wasm'],
  'count_worker.js': encodings.map((name) => `${name}.json`),
};

/** Called as `new Worker(…)`: a worker of a script in this file. */
export function Worker(file: WorkerFile): globalThis.Worker {
  const files = Object.fromEntries(needs[file].map((name) => [name, packed(name)]));
  const url = URL.createObjectURL(new Blob([`self.handed=${JSON.stringify(files)};`, document.getElementById(`file-${file}`)!.textContent!], { type: 'text/javascript' }));
  return new globalThis.Worker(policy ? (policy.createScriptURL(url) as string) : url);
}
