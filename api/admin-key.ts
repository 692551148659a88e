import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ApiKey, FILE_KEY_NAME, type KeyStore } from '../adapters/storage/key-store.ts';
import type { DurationMs } from '../domain/market/decimal.ts';
import { hashKey } from './auth.ts';
import { KEY_FORM, newKey } from './keys/new-key.ts';

/** Wait before a key that could not be stored is stored again. */
const AGAIN_AFTER_MS: DurationMs = 500;

/** Creates the file whole or not at all, so that a crash leaves no half a key; one that exists stays. */
async function createKeyFile(path: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${newKey()}\n`, { mode: 0o600 });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The admin key of the home, which is made when there is none: a file of mode 600. Throws when it holds something else than a key. */
async function adminKeyOf(path: string): Promise<ApiKey> {
  await mkdir(dirname(path), { recursive: true });
  await createKeyFile(path);
  await chmod(path, 0o600);
  const key = (await readFile(path, 'utf8')).trim();
  if (!KEY_FORM.test(key))
    throw new Error(`${path} holds no admin key; remove the file and start again to get a new one`);
  return { hash: hashKey(key), name: FILE_KEY_NAME, role: 'admin' };
}

/**
 * Makes sure that the home has an admin key, and that the store knows its hash: now, or as soon as the database is back. An API that is started
 * while the database is away answers that, which a process that ends does not.
 *
 * @param onError told why the key could not be stored yet
 * @returns the stop function; it resolves when what is under way has ended. Throws when the file holds something else than a key.
 */
export async function ensureAdminKey(
  path: string,
  keys: Pick<KeyStore, 'saveKey'>,
  onError: (error: unknown) => void,
  againAfterMs: DurationMs = AGAIN_AFTER_MS,
): Promise<() => Promise<void>> {
  const key = await adminKeyOf(path);
  const stopped = new AbortController();
  const stored = async (): Promise<boolean> => {
    try {
      await keys.saveKey(key);
      return true;
    } catch (error) {
      onError(error);
      return false;
    }
  };
  const untilStored = async (): Promise<void> => {
    do await delay(againAfterMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    while (!stopped.signal.aborted && !(await stored()));
  };
  const trying = (await stored()) ? Promise.resolve() : untilStored();
  return async () => {
    stopped.abort();
    await trying;
  };
}
