import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importScript, ROOT } from '../helpers/script.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const { withLock } = await importScript<{
  readonly withLock: (file: string, what: string, work: () => Promise<unknown>) => Promise<unknown>;
}>('process-lock.mjs');

const folder = tempFolder();

/** Another start of the same checkout: takes the lock, notes when it begins and ends its work, and gives the lock back. */
function otherStart(lock: string, journal: string) {
  const program = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    import { withLock } from ${JSON.stringify(join(ROOT, 'scripts', 'process-lock.mjs'))};
    await withLock(${JSON.stringify(lock)}, 'testing', async () => {
      appendFileSync(${JSON.stringify(journal)}, 'begin\\n');
      await delay(100);
      appendFileSync(${JSON.stringify(journal)}, 'end\\n');
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return once(child, 'exit');
}

describe('the lock of a checkout', () => {
  it('lets starts at the same time work one after the other', async () => {
    const [lock, journal] = [join(folder, 'setup.lock'), join(folder, 'journal')];
    await Promise.all([1, 2, 3].map(() => otherStart(lock, journal)));
    expect(readFileSync(journal, 'utf8')).toBe('begin\nend\n'.repeat(3));
  }, 30_000);

  it('is taken over from a start that was killed', async () => {
    const lock = join(folder, 'stale.lock');
    writeFileSync(lock, JSON.stringify({ pid: process.pid, startedAt: 'an earlier boot/1' }));
    expect(await withLock(lock, 'testing', () => Promise.resolve('done'))).toBe('done');
  });

  it('is given back when the work fails', async () => {
    const lock = join(folder, 'failed.lock');
    await expect(withLock(lock, 'testing', () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    expect(await withLock(lock, 'testing', () => Promise.resolve('done'))).toBe('done');
  });
});
