import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { idFromKey } from '../../api/idempotency.ts';
import { ADMIN_KEY, type FakePlatform, NOW, startFakeApi } from '../api/fakes/platform.ts';
import { GOOD_SPEC, OPEN_LIMITS } from '../api/fakes/sessions.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { tradewind } from './command-line.ts';

const folder = tempFolder();
/** What the key leads to. */
const ID = idFromKey('admin', 'once');

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
  const limits = { limits: OPEN_LIMITS, openNotional: {}, ordersLast10s: 0, ordersLastMinute: 0 };
  platform.reconciliations.limits.push({ venue: 'sim', ...limits, at: NOW });
  process.env['TRADEWIND_API_URL'] = await app.listen({ host: '127.0.0.1', port: 0 });
  process.env['TRADEWIND_API_KEY'] = ADMIN_KEY;
});
afterEach(async () => {
  delete process.env['TRADEWIND_API_URL'];
  delete process.env['TRADEWIND_API_KEY'];
  await app.close();
});

function specFile(changes: object = {}): string {
  const path = join(folder, 'spec.json');
  writeFileSync(path, JSON.stringify({ ...GOOD_SPEC, ...changes }));
  return path;
}

/** Runs a command with --json and reads its one document. */
async function run(...args: readonly string[]) {
  const { exitCode, stdout } = await tradewind('session', ...args, '--json');
  return { exitCode, document: JSON.parse(stdout) };
}

const start = (...more: readonly string[]) => run('start', '--spec', specFile(), '--key', 'once', ...more);

describe('session start', () => {
  it('prints id, workflow id and status, and starts once', async () => {
    const answer = { exitCode: 0, document: { id: ID, workflowId: `session/${ID}`, status: 'running' } };
    expect(await start()).toEqual(answer);
    expect(await start()).toEqual(answer);
    expect(platform.sessions.entries.size).toBe(1);
  });

  it("makes the path of a strategy's file absolute, from the spec's own folder", async () => {
    const { exitCode } = await run('start', '--spec', specFile({ strategy: { file: 'mine.mjs' } }), '--key', 'once');
    expect(exitCode).toBe(0);
    expect(platform.sessions.entries.get(ID)!.record.spec.strategy).toEqual({
      file: join(folder, 'mine.mjs'),
      params: {},
    });
  });

  it('exits with 2 for a spec that cannot be used, and 4 for real money that nobody confirmed', async () => {
    const bad = await run('start', '--spec', specFile({ timeframe: '15x' }));
    expect(bad).toMatchObject({ exitCode: 2, document: { code: 'INVALID_SESSION' } });
    const [entry] = platform.venueEntries;
    platform.venueEntries = [{ ...entry!, profile: { ...entry!.profile, label: 'live', assumptions: null } }];
    expect(await start()).toMatchObject({ exitCode: 4, document: { code: 'LIVE_NOT_CONFIRMED' } });
    expect((await start('--confirm', 'live')).exitCode).toBe(0);
    expect((await tradewind('session', 'start', '--spec', specFile(), '--confirm', 'yes')).exitCode).toBe(2);
  });

  it('waits for bars, and exits with 6 when the session ends before', async () => {
    await start();
    platform.sessions.change(ID, { bars: 2, lastBar: NOW });
    expect(await start('--wait-bars', '2')).toMatchObject({ exitCode: 0, document: { bars: 2 } });
    platform.sessions.change(ID, { status: 'failed', problem: { code: 'X', detail: 'x' }, endedAt: NOW });
    expect((await start('--wait-bars', '3')).exitCode).toBe(6);
  });
});

describe('session check', () => {
  it('lists what was looked at, and exits with 6 when no session would start', async () => {
    const good = await tradewind('session', 'check', '--spec', specFile());
    expect(good.exitCode).toBe(0);
    expect(good.stdout).toMatch(/^ok {7}account/m);
    expect(good.stdout).toContain('paper account: a session would start');
    const bad = await tradewind('session', 'check', '--spec', specFile({ capital: '1000000' }));
    expect(bad.exitCode).toBe(6);
    expect(bad.stdout).toMatch(/^problem {2}balance .*give at most 100000/m);
  });
});

describe('commands', () => {
  beforeEach(() => start());

  it.each([
    [['pause', ID], { kind: 'pause', mode: 'keep' }],
    [['pause', ID, '--flatten'], { kind: 'pause', mode: 'flatten' }],
    [['resume', ID, '--reason', 'looked at it'], { kind: 'resume', reason: 'looked at it' }],
    [['stop', ID, '--keep'], { kind: 'stop', mode: 'keep' }],
    [['stop', ID, '--flatten'], { kind: 'stop', mode: 'flatten' }],
    [['stop', ID, '--cancel'], { kind: 'stop', mode: 'cancel' }],
    [['amend', ID, '--param', 'fast=4', '--param', 'slow=9'], { kind: 'amend', params: { fast: 4, slow: 9 } }],
  ])('%j', async (args, command) => {
    expect((await run(...args)).exitCode).toBe(0);
    expect(platform.sessions.commands).toMatchObject([command]);
  });

  it.each([
    [['stop', ID]],
    [['stop', ID, '--keep', '--flatten']],
    [['resume', ID]],
    [['amend', ID]],
    [['amend', ID, '--param', 'fast']],
    [['decisions', ID, '--limit', '0']],
  ])('%j is bad input', async (args) => {
    expect((await tradewind('session', ...args)).exitCode).toBe(2);
    expect(platform.sessions.commands).toEqual([]);
  });

  it('an unknown session is exit code 3', async () => {
    expect(await run('show', 'none')).toMatchObject({ exitCode: 3, document: { code: 'SESSION_NOT_FOUND' } });
  });
});

describe('reading', () => {
  beforeEach(() => start());

  it('shows a session to people', async () => {
    const { stdout } = await tradewind('session', 'show', ID);
    expect(stdout).toContain('sma-cross (fast 3, slow 8');
    expect(stdout).toMatch(/equity +50,000\.00 USDT, of which 50,000\.00 cash; it began with 50000/);
    expect((await tradewind('session', 'list')).stdout).toContain('cross');
  });

  it('all decisions, over all pages', async () => {
    for (let n = 0; n < 1_001; n += 1) {
      platform.sessions.decisionRows.push({
        decision: {
          symbol: 'BTC/USDT',
          bar: NOW + n,
          closedAt: NOW + n + 1,
          mode: 'ask',
          blocked: null,
          close: n,
          values: {},
          signals: [],
          position: 0,
          equity: 1,
        },
        decidedAt: NOW,
      });
    }
    expect((await run('decisions', ID, '--all')).document.items).toHaveLength(1_001);
    expect((await run('decisions', ID)).document.items).toHaveLength(50);
    expect((await run('decisions', ID, '--signals')).document.items).toEqual([]);
  });

  it('tells of a check list of one that runs whether something stands in its way, with exit code 6 where it does', async () => {
    const good = await tradewind('session', 'check-list', ID);
    expect(good.exitCode).toBe(0);
    expect(good.stdout).toMatch(/paper account: nothing stands in the way of the session\n$/);
    platform.sessions.facts = { ...platform.sessions.facts!, balances: [] };
    const bad = await tradewind('session', 'check-list', ID);
    expect(bad.exitCode).toBe(6);
    expect(bad.stdout).toContain('paper account: the session has the problems above');
  });

  it('says that an adjustment is booked later', async () => {
    platform.sessions.change(ID, { settled: false });
    const args = ['--symbol', 'BTC/USDT', '--quantity', '0.1', '--price', '60000', '--reason', 'bought by hand'];
    const { stdout, exitCode } = await tradewind('session', 'adjust', ID, ...args);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/on record: 0\.1 of BTC\/USDT; it is booked with the session's next step/);
    for (let n = 0; n < 2; n += 1)
      expect((await tradewind('session', 'adjust', ID, ...args, '--key', 'mine')).exitCode).toBe(0);
    // One without a key of ours and one with it.
    expect(platform.sessions.adjustments).toHaveLength(2);
  });

  it('lists the newest, and says that there are older ones', async () => {
    for (let n = 0; n < 60; n += 1) platform.sessions.equityRows.push({ bar: NOW + n * 1_000, equity: n, cash: 1 });
    const shown = (await tradewind('session', 'equity', ID)).stdout;
    expect(shown).toContain('59.00');
    expect(shown).not.toContain(' 9.00');
    expect(shown).toMatch(/newest 50, and there are older ones: see --limit and --all\n$/);
    const { document } = await run('equity', ID, '--limit', '2');
    expect(document).toEqual({
      items: [
        { bar: new Date(NOW + 59_000).toISOString(), equity: 59, cash: 1 },
        { bar: new Date(NOW + 58_000).toISOString(), equity: 58, cash: 1 },
      ],
      next: '2',
    });
    const all = (await tradewind('session', 'equity', ID, '--all')).stdout;
    expect(all).toContain(' 9.00');
    expect(all).not.toContain('older ones');
  });

  it('follows until it has ended', async () => {
    platform.sessions.change(ID, { status: 'stopped', endedAt: NOW });
    const { stdout, exitCode } = await tradewind('session', 'follow', ID, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: ID, status: 'stopped' });
  });
});
