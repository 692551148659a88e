import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { homeLayout } from '../../bin/stack/home-layout.ts';
import { isAlive, identityOf } from '../../bin/stack/process-identity.ts';
import { lockHolder } from '../../bin/stack/process-lock.ts';
import { ROOT } from '../helpers/script.ts';
import { newHome, startStack, type TestStack } from '../helpers/stack.ts';

const NAMES = ['temporal', 'postgres', 'simulator', 'venue', 'trading', 'market-data', 'compute', 'api'];
/** A start on an idle machine takes six seconds; a busy one gets time. */
const START_MS = 180_000;

const home = newHome();
let stack: TestStack;
beforeAll(async () => {
  stack = await startStack({ home });
}, START_MS);
afterAll(async () => {
  await stack.stop();
  rmSync(home, { recursive: true, force: true });
}, START_MS);

/** One command of the command line against a home. */
function tradewind(...args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'tradewind.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

async function expectHealthy(): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const { status, body } = await stack.call('GET', '/v1/health').catch(() => ({ status: 0, body: null }));
    if (status === 200 && body.status === 'ok') return;
    if (performance.now() > deadline) throw new Error(`the stack is not healthy: ${status} ${JSON.stringify(body)}`);
    await delay(100);
  }
}

describe('a running stack', () => {
  it('says in stack.json what runs where', () => {
    const record = stack.record();
    expect(record).toMatchObject({ ready: true, home: stack.home, adminKeyFile: homeLayout(stack.home).adminKeyFile });
    expect(record.processes.map(({ name }) => name).toSorted()).toEqual(NAMES.toSorted());
    expect(record.venues).toEqual([
      expect.objectContaining({
        id: 'sim',
        protocol: 'binance-spot',
        admin: expect.stringMatching(/^http:.*\/admin$/),
      }),
    ]);
    expect(record.temporal.source).not.toBe('');
  });

  it('is healthy', async () => {
    expect((await stack.call('GET', '/v1/health')).body).toMatchObject({
      status: 'ok',
      venues: [{ id: 'sim', status: 'up' }],
    });
  });

  it('shows no password of the database', () => {
    const { password } = new URL(stack.databaseUrl);
    expect(password.length).toBeGreaterThan(20);
    const shown = readFileSync(homeLayout(stack.home).stackFile, 'utf8') + stack.output();
    expect(shown).not.toContain(password);
  });

  it('lets only its owner read what is secret', () => {
    const { adminKeyFile, databaseUrlFile, simulatorConfig, credentials, postgres } = homeLayout(stack.home);
    const secrets = [
      adminKeyFile,
      databaseUrlFile,
      simulatorConfig,
      join(credentials, 'sim.json'),
      join(postgres, 'password'),
    ];
    expect(secrets.filter((file) => (statSync(file).mode & 0o077) !== 0)).toEqual([]);
  });

  it(
    'refuses a second start on its home, and runs on',
    async () => {
      const before = stack.record().processes;
      const { code, stderr } = await tradewind('up', '--home', stack.home);
      expect(code).toBe(4);
      expect(stderr).toContain('a stack already runs');
      expect(stack.record().processes).toEqual(before);
    },
    START_MS,
  );

  it(
    'is shown by status',
    async () => {
      const { code, stdout } = await tradewind('status', '--json', '--home', stack.home);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual(stack.record());
    },
    START_MS,
  );

  it(
    'restarts every process that is killed, and says so',
    async () => {
      for (const name of NAMES) stack.kill(name);
      for (const name of NAMES) {
        const { restarts } = await stack.waitRestarted(name);
        // Those above may fail once or twice more while what they stand on is away.
        expect(restarts).toBeGreaterThanOrEqual(1);
        expect(stack.output()).toContain(`${name} was ended by SIGKILL: restarting it`);
      }
      await expectHealthy();
    },
    START_MS,
  );
});

describe('a stack whose supervisor was killed', () => {
  it(
    'ends its processes, and comes back in its home with its addresses, keys and data',
    async () => {
      const layout = homeLayout(stack.home);
      const before = stack.record();
      const supervisor = lockHolder(layout.lock);
      if (supervisor === null) throw new Error('nobody holds the home');
      const ours = before.processes.filter(({ name }) => !['temporal', 'postgres'].includes(name));
      const identities = ours.map(({ pid }) => identityOf(pid ?? 0));
      process.kill(supervisor.pid, 'SIGKILL');

      // Our own processes notice by themselves that nobody watches over them.
      while (identities.some((identity) => identity !== null && isAlive(identity))) await delay(50);
      expect((await tradewind('status', '--home', stack.home)).code).toBe(5);

      const key = stack.adminKey;
      stack = await startStack({ home: stack.home });
      const after = stack.record();
      expect({ api: after.api, temporal: after.temporal.address, venues: after.venues }).toEqual({
        api: before.api,
        temporal: before.temporal.address,
        venues: before.venues,
      });
      expect(stack.adminKey).toBe(key);
      await expectHealthy();
    },
    START_MS,
  );

  it(
    'leaves nothing running after down, which waits for the end',
    async () => {
      const layout = homeLayout(stack.home);
      const identities = stack.record().processes.map(({ pid }) => identityOf(pid ?? 0));
      const { code, stdout } = await tradewind('down', '--json', '--home', stack.home);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ ready: false, home: stack.home });
      expect(identities.filter((identity) => identity !== null && isAlive(identity))).toEqual([]);
      expect(existsSync(layout.processesFile)).toBe(false);
      expect((await tradewind('down', '--home', stack.home)).code).toBe(5);
    },
    START_MS,
  );
});
