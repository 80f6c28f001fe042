// The list of claims: fetched when the section is first opened, recomputed by the core a few at a time.

import { fetchText } from './fetch_text';
import type { Claim } from './page';

const url = 'claims.json';

export async function fetchClaims(): Promise<readonly Claim[]> {
  const { format, claims } = JSON.parse(await fetchText(url)) as { readonly format: string; readonly claims: readonly Claim[] };
  if (format !== 'tokenbill-claims/1') throw new Error(`${url}: found the format "${format}", expected "tokenbill-claims/1".`);
  return claims;
}
