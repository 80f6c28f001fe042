// The list of claims: fetched when the section is first opened, recomputed by the core a few at a time.

import type { Claim } from './page';

const url = 'claims.json';

export async function fetchClaims(): Promise<readonly Claim[]> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch {
    throw new Error(`${url}: the server did not answer.`);
  }
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}${response.statusText ? ` (${response.statusText})` : ''}.`);
  const { format, claims } = await response.json() as { readonly format: string; readonly claims: readonly Claim[] };
  if (format !== 'tokenbill-claims/1') throw new Error(`${url}: found the format "${format}", expected "tokenbill-claims/1".`);
  return claims;
}
