import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';

/** The lock, or the live process that has it. */
export type LockAttempt =
  | { readonly held: true; readonly release: () => void }
  | { readonly held: false; readonly holder: ProcessIdentity };

/** The live process that holds the lock, or `null` when it is free (or its process is gone). */
export function lockHolder(file: string): ProcessIdentity | null {
  const holder = readHolder(file);
  return holder !== null && isAlive(holder) ? holder : null;
}

function readHolder(file: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return null;
  }
}

/**
 * Takes a lock for this process, or says who holds it. No kill can leave it stuck: a lock counts only while the very process
 * that wrote it is alive. A process that holds it already is told so like anybody else.
 */
export function takeLock(file: string): LockAttempt {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify(identityOf(process.pid)), { mode: 0o600 });
  try {
    for (;;) {
      if (tryLink(own, file)) return { held: true, release: () => rmSync(file, { force: true }) };
      const holder = lockHolder(file);
      if (holder !== null) return { held: false, holder };
      moveAway(file);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** A hard link appears with its content in one step, so nobody ever reads a half-written lock. */
function tryLink(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a lock whose process is gone. The rename makes one of several starts the winner; if what it moved turns out to be
 * the fresh lock of a faster one, that lock is put back.
 */
function moveAway(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (lockHolder(aside) !== null) tryLink(aside, file);
  rmSync(aside, { force: true });
}
