import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf } from '../../../bin/stack/process-identity.ts';
import { lockHolder, takeLock } from '../../../bin/stack/process-lock.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const folder = tempFolder();
let files = 0;
const newLock = () => join(folder, `${(files += 1)}`, 'stack.lock');

/** A live process of ours that does nothing. */
async function otherProcess() {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  const identity = identityOf(child.pid ?? 0);
  if (identity === null) throw new Error('the process is not there');
  return {
    identity,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('the lock of a home', () => {
  it('is held by whoever took it first, and free again after release', () => {
    const file = newLock();
    const first = takeLock(file);
    expect(first.held).toBe(true);
    expect(takeLock(file)).toEqual({ held: false, holder: identityOf(process.pid) });
    if (first.held) first.release();
    expect(takeLock(file).held).toBe(true);
  });

  it('names the live process that holds it', async () => {
    const other = await otherProcess();
    const file = newLock();
    takeLock(file);
    writeFileSync(file, JSON.stringify(other.identity));
    expect(takeLock(file)).toEqual({ held: false, holder: other.identity });
    await other.kill();
  });

  it('is taken over when its process was killed', async () => {
    const other = await otherProcess();
    const file = newLock();
    takeLock(file);
    writeFileSync(file, JSON.stringify(other.identity));
    await other.kill();
    expect(lockHolder(file)).toBeNull();
    expect(takeLock(file).held).toBe(true);
  });

  it('is taken over when another process has got the pid since', () => {
    const file = newLock();
    takeLock(file);
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'an earlier boot/1' }));
    expect(takeLock(file).held).toBe(true);
  });

  it('is taken over when a crash left it empty', () => {
    const file = newLock();
    takeLock(file);
    writeFileSync(file, '');
    expect(takeLock(file).held).toBe(true);
  });

  it('leaves nothing else in the folder', () => {
    const file = newLock();
    takeLock(file);
    takeLock(file);
    expect(readdirSync(join(file, '..'))).toEqual(['stack.lock']);
  });
});
