import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LogFile } from '../../../bin/stack/log-file.ts';
import type { Service } from '../../../bin/stack/service.ts';
import { SupervisedProcess } from '../../../bin/stack/supervised-process.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const folder = tempFolder();
const SERVES = `console.log('tradewind:ready {"port":7}'); process.stdin.resume();`;
const DRAINS = `process.on('SIGTERM', () => { console.log('drained'); process.exit(0); });`;

const started: SupervisedProcess[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) {
    each.kill();
    await each.stop();
  }
});

function supervise(name: string, program: string, options: Partial<Service> = {}) {
  const said: string[] = [];
  const announced: unknown[] = [];
  const service: Service = {
    name,
    launch: { command: process.execPath, args: ['-e', program], env: process.env },
    ready: async (running) => void announced.push(await running.announced),
    readyWithinMs: 10_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
    ...options,
  };
  const logFile = join(folder, `${name}.log`);
  const supervised = new SupervisedProcess(service, new LogFile(logFile), {
    changed: () => undefined,
    say: (line) => said.push(line),
  });
  started.push(supervised);
  return { supervised, said, announced, log: () => readFileSync(logFile, 'utf8') };
}

/** Polls a condition that only another process can make true. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

describe('a supervised process', () => {
  it('is up once it has said that it is ready, and what it said is passed on', async () => {
    const { supervised, announced } = supervise('ready', SERVES);
    await supervised.start();
    expect(supervised.ready).toBe(true);
    expect(announced).toEqual([{ port: 7 }]);
  });

  it('is restarted when it dies, with another pid, counted and told', async () => {
    const { supervised, said } = supervise('restarted', SERVES);
    await supervised.start();
    const pid = supervised.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await until(() => supervised.restarts === 1 && supervised.ready);
    expect(supervised.pid).not.toBe(pid);
    expect(said).toContain('restarted was ended by SIGKILL: restarting it');
  });

  it('fails its start, with its last words, when it dies three times before it is ready', async () => {
    const { supervised } = supervise('broken', `console.error('no database'); process.exit(3);`);
    await expect(supervised.start()).rejects.toThrow(/broken ended with exit code 3; its last words:\s+no database/);
  });

  it('fails its start when it does not become ready in time', async () => {
    const { supervised } = supervise('silent', 'process.stdin.resume()', { readyWithinMs: 50 });
    await expect(supervised.start()).rejects.toThrow('silent was not ready within 0.05 s');
  });

  it('fails its start when there is no such program', async () => {
    const launch = { command: join(folder, 'absent'), args: [], env: {} };
    const { supervised } = supervise('absent', '', { launch });
    await expect(supervised.start()).rejects.toThrow('absent could not be started');
  });

  it('drains when it is stopped, and is not restarted', async () => {
    const { supervised, log } = supervise('drained', `${DRAINS} ${SERVES}`);
    await supervised.start();
    await supervised.stop();
    expect(log()).toContain('drained');
    expect([supervised.pid, supervised.restarts]).toEqual([null, 0]);
  });

  it('is killed when it does not drain in time', async () => {
    const { supervised, said } = supervise('stubborn', `process.on('SIGTERM', () => {}); ${SERVES}`, {
      stopWithinMs: 50,
    });
    await supervised.start();
    await supervised.stop();
    expect(said).toContain('stubborn did not stop within 0.05 s: killing it');
    expect(supervised.pid).toBeNull();
  });

  it('does not come up any more when it is stopped while it starts', async () => {
    const { supervised } = supervise('early', 'process.stdin.resume()');
    const start = supervised.start();
    await until(() => supervised.pid !== null);
    await supervised.stop();
    await expect(start).rejects.toThrow('early was stopped before it was ready');
    expect(supervised.pid).toBeNull();
  });

  it('has its output in its log', async () => {
    const { supervised, log } = supervise('logged', `console.log('hello'); console.error('trouble'); ${SERVES}`);
    await supervised.start();
    await until(() => log().includes('trouble') && log().includes('hello'));
    expect(existsSync(join(folder, 'logged.log'))).toBe(true);
    expect(log()).not.toContain('tradewind:ready');
  });
});
