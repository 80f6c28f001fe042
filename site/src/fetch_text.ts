/** A document of this site; the error says what the server did. */
export async function fetchText(url: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch {
    throw new Error(`${url}: the server did not answer.`);
  }
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}${response.statusText ? ` (${response.statusText})` : ''}.`);
  return response.text();
}
