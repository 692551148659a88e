import type { DurationMs } from '../../domain/market/decimal.ts';

/** How long an attempt over the network may stay silent before it is given up. */
export const FIRST_BYTE_LIMIT_MS: DurationMs = 5_000;

/**
 * Gets `url` and gives its body piece by piece. Throws when no byte has arrived after `limitMs`, when the body later stalls for
 * as long, or when the answer is no success.
 */
export async function* getBytes(url: string, limitMs: DurationMs = FIRST_BYTE_LIMIT_MS): AsyncGenerator<Uint8Array> {
  const abort = new AbortController();
  const silence = setTimeout(() => abort.abort(new Error(`no byte within ${limitMs / 1000} s`)), limitMs);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
    if (response.body === null) throw new Error(`${new URL(url).host} sent nothing`);
    for await (const piece of response.body) {
      silence.refresh();
      yield piece;
    }
  } catch (error) {
    // fetch hides what went wrong (no such host, refused) in the cause.
    const { cause } = error as { cause?: { message?: string } };
    throw cause?.message === undefined ? error : new Error(cause.message, { cause: error });
  } finally {
    clearTimeout(silence);
    abort.abort();
  }
}
