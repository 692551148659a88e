import { apiAddress } from './client.ts';

/** What is shown beside other things is waited for only so long. */
const PATIENCE_MS = 2_000;

/** The first items of a list of the API of the stack in a home; `null` when its API does not tell them now. */
export async function listedNow<T>(home: string | undefined, path: string): Promise<readonly T[] | null> {
  try {
    const address = apiAddress(home);
    const response = await fetch(`${address.url}${path}`, {
      headers: { authorization: `Bearer ${address.key}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) return null;
    return ((await response.json()) as { items: T[] }).items;
  } catch {
    return null;
  }
}
