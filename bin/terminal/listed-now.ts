import { openClient, type Page } from './client.ts';

/** What is shown beside other things is waited for only so long. */
const PATIENCE_MS = 2_000;

/** The first items of a list of the API of the stack in a home; `null` when its API does not tell them now. */
export async function listedNow<T>(home: string | undefined, path: string): Promise<readonly T[] | null> {
  try {
    const { items } = await openClient(home === undefined ? {} : { home }).get<Page<T>>(path, {}, PATIENCE_MS);
    return items;
  } catch {
    return null;
  }
}
