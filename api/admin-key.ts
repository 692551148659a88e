import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FILE_KEY_NAME, type KeyStore } from '../adapters/storage/key-store.ts';
import { hashKey } from './auth.ts';
import { KEY_FORM, newKey } from './keys/new-key.ts';

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

/**
 * Makes sure that the home has an admin key (file of mode 600, readable by its owner alone) and that the store knows its hash.
 * Throws when the file holds something else than a key.
 */
export async function ensureAdminKey(path: string, keys: Pick<KeyStore, 'saveKey'>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await createKeyFile(path);
  await chmod(path, 0o600);
  const key = (await readFile(path, 'utf8')).trim();
  if (!KEY_FORM.test(key))
    throw new Error(`${path} holds no admin key; remove the file and start again to get a new one`);
  await keys.saveKey({ hash: hashKey(key), name: FILE_KEY_NAME, role: 'admin' });
}
