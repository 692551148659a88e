import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ThreadPool } from '../../../adapters/threads/thread-pool.ts';

// Threads open slowly on a busy machine.
jest.setTimeout(60_000);

describe('a pool of threads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-threads-'));
  // Answers with twice the job, and with an error for 0.
  writeFileSync(
    join(folder, 'twice.js'),
    `const { parentPort } = require('node:worker_threads');
     parentPort.on('message', (job) =>
       parentPort.postMessage(job === 0 ? { error: { message: 'nothing to do', stack: undefined } } : { value: 2 * job }));`,
  );
  const besides = pathToFileURL(join(folder, 'any.js')).href;
  const pool = new ThreadPool({ code: { path: './twice', besides }, threads: 1, maxHeapMb: 64 });
  afterAll(async () => {
    await pool.close();
    rmSync(folder, { recursive: true });
  });

  // A joined signal that is listened to is kept for ever, and with the listener whatever the job came to.
  it('does not listen to the kill signal of a job that is over, answered or failed', async () => {
    const { signal: cancel } = new AbortController();
    const kill = AbortSignal.any([cancel]);
    await expect(pool.run(21, { kill, keepThread: true })).resolves.toBe(42);
    await expect(pool.run(0, { kill, keepThread: true })).rejects.toThrow('nothing to do');
    expect(getEventListeners(kill, 'abort')).toEqual([]);
  });

  it('gives up a job that waits when its signal comes, and does the others', async () => {
    const gone = new AbortController();
    const { signal: kill } = new AbortController();
    const first = pool.run(1, { kill, keepThread: true });
    const waiting = pool.run(2, { kill: gone.signal, keepThread: true });
    const last = pool.run(3, { kill, keepThread: true });
    gone.abort(new Error('no longer wanted'));
    await expect(waiting).rejects.toThrow('no longer wanted');
    await expect(Promise.all([first, last])).resolves.toEqual([2, 6]);
    expect(getEventListeners(gone.signal, 'abort')).toEqual([]);
  });

  it('keeps a thread for the code that it has run, and serves nobody else by it', async () => {
    // Answers with the number of jobs that the thread has had.
    writeFileSync(
      join(folder, 'counts.js'),
      `const { parentPort } = require('node:worker_threads');
       let jobs = 0;
       parentPort.on('message', () => parentPort.postMessage({ value: ++jobs }));`,
    );
    const counting = new ThreadPool({ code: { path: './counts', besides }, threads: 1, maxHeapMb: 64 });
    const { signal: kill } = new AbortController();
    const run = (keptFor?: string) =>
      counting.run(null, { kill, keepThread: true, ...(keptFor === undefined ? {} : { keptFor }) });
    const answers = [];
    for (const who of [undefined, 'a', 'a', 'b', 'a', undefined, undefined, 'b']) answers.push(await run(who));
    // The first thread had run code of ours alone: it became that of a.
    expect(answers).toEqual([1, 2, 3, 1, 4, 1, 2, 2]);
    // Of nine only eight are kept, and a has waited longest once the others came.
    for (const who of ['c', 'd', 'e', 'f', 'g', 'h', 'i']) await run(who);
    expect([await run('i'), await run('a')]).toEqual([2, 1]);
    await counting.close();
  });

  it('keeps two threads a core where that is more than eight', async () => {
    const wide = new ThreadPool({ code: { path: './counts', besides }, threads: 5, maxHeapMb: 64 });
    const { signal: kill } = new AbortController();
    const round = () =>
      Promise.all(Array.from({ length: 10 }, (_, i) => wide.run(null, { kill, keepThread: true, keptFor: `${i}` })));
    await round();
    expect(await round()).toEqual(Array.from({ length: 10 }, () => 2));
    await wide.close();
  });

  it('serves those of one name one after the other in one thread, and others meanwhile', async () => {
    // Answers once it is told to by the cell that it is given, with the number of jobs that it has had.
    writeFileSync(
      join(folder, 'waits.js'),
      `const { parentPort } = require('node:worker_threads');
       let jobs = 0;
       parentPort.on('message', (cell) => {
         Atomics.wait(cell, 0, 0);
         parentPort.postMessage({ value: ++jobs });
       });`,
    );
    const waiting = new ThreadPool({ code: { path: './waits', besides }, threads: 2, maxHeapMb: 64 });
    const { signal: kill } = new AbortController();
    const began: string[] = [];
    const run = (name: string, keptFor: string) => {
      const cell = new Int32Array(new SharedArrayBuffer(4));
      const answer = waiting.run(cell, { kill, keepThread: true, keptFor, onStart: () => began.push(name) });
      return () => {
        Atomics.store(cell, 0, 1);
        Atomics.notify(cell, 0);
        return answer;
      };
    };
    const [a1, a2, b] = [run('a1', 'a'), run('a2', 'a'), run('b', 'b')];
    expect(began).toEqual(['a1', 'b']);
    expect(await b()).toBe(1);
    expect(await a1()).toBe(1);
    expect(await a2()).toBe(2);
    expect(began).toEqual(['a1', 'b', 'a2']);
    await waiting.close();
  });

  it('ends a thread that says that too much was left behind in it', async () => {
    writeFileSync(
      join(folder, 'worn.js'),
      `const { parentPort } = require('node:worker_threads');
       let jobs = 0;
       parentPort.on('message', () => parentPort.postMessage({ value: ++jobs, isWorn: jobs === 2 }));`,
    );
    const wearing = new ThreadPool({ code: { path: './worn', besides }, threads: 1, maxHeapMb: 64 });
    const { signal: kill } = new AbortController();
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await wearing.run(null, { kill, keepThread: true, keptFor: 'a' }));
    expect(answers).toEqual([1, 2, 1, 2, 1]);
    await wearing.close();
  });
});
