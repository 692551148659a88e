import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { idFromKey } from '../../api/idempotency.ts';
import { ADMIN_KEY, type FakePlatform, NOW, startFakeApi } from '../api/fakes/platform.ts';
import { RECORDED, recordExecution } from '../api/fakes/recorded-execution.ts';
import { tradewind } from './command-line.ts';

const START = [
  'exec',
  'start',
  '--venue',
  'sim',
  '--symbol',
  'BTC/USDT',
  '--side',
  'buy',
  '--quantity',
  '5',
  '--duration',
  '300s',
  '--slices',
  '20',
  '--key',
  'once',
];
/** What the key leads to. */
const ID = idFromKey('admin', 'once');

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
  process.env['TRADEWIND_API_URL'] = await app.listen({ host: '127.0.0.1', port: 0 });
  process.env['TRADEWIND_API_KEY'] = ADMIN_KEY;
});
afterEach(async () => {
  delete process.env['TRADEWIND_API_URL'];
  delete process.env['TRADEWIND_API_KEY'];
  await app.close();
});

/** Runs a command with --json and reads its one document. */
async function run(...args: readonly string[]) {
  const { exitCode, stdout } = await tradewind(...args, '--json');
  return { exitCode, document: JSON.parse(stdout) };
}

describe('exec start', () => {
  it('prints id, workflow id and status', async () => {
    const { exitCode, document } = await run(...START);
    expect(exitCode).toBe(0);
    expect(document).toEqual({ id: ID, workflowId: `execution/${ID}`, status: 'running' });
    expect(platform.executions.records.get(ID)?.plan).toMatchObject({
      quantity: '5',
      endAt: NOW + 300_000,
      params: { slices: 20, catchUpFactor: 2, aggressionBps: 10 },
    });
  });

  it('with a key starts once, and refuses another order under it with exit code 4', async () => {
    const first = await run(...START, '--key', 'k1');
    const second = await run(...START, '--key', 'k1');
    expect(second).toEqual(first);
    const other = await run(...START, '--key', 'k1', '--limit', '60000');
    expect(other).toMatchObject({ exitCode: 4, document: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  it("passes on the algorithm's further parameters", async () => {
    await run(...START, '--param', 'catchUpFactor=3', '--param', 'aggressionBps=0');
    expect(platform.executions.records.get(ID)?.plan.params).toMatchObject({
      slices: 20,
      catchUpFactor: 3,
      aggressionBps: 0,
    });
  });

  it('has an option for each way that a TWAP can trade', async () => {
    const style = ['--style', 'maker-first', '--cross-after', '0.5', '--catch-up', 'burst', '--catch-up-factor', '4'];
    const chance = ['--jitter-time', '0.3', '--jitter-size', '0.2', '--max-participation', '0.1'];
    const { exitCode } = await run(...START, ...style, ...chance);
    expect(exitCode).toBe(0);
    expect(platform.executions.records.get(ID)?.plan.params).toEqual({
      slices: 20,
      style: 'maker-first',
      crossAfter: 0.5,
      catchUp: 'burst',
      catchUpFactor: 4,
      jitterTime: 0.3,
      jitterSize: 0.2,
      maxParticipation: 0.1,
      aggressionBps: 10,
    });
  });

  it('passes words on as parameters too', async () => {
    await run(...START, '--param', 'style=maker-first');
    expect(platform.executions.records.get(ID)?.plan.params).toMatchObject({ style: 'maker-first' });
  });

  it('prints the problem document and ends with 2 when the API refuses the order', async () => {
    const { exitCode, document } = await run(...START, '--venue', 'simm');
    expect(exitCode).toBe(2);
    expect(document).toMatchObject({ status: 422, code: 'UNKNOWN_VENUE', errors: [{ field: 'venue', value: 'simm' }] });
    const readable = await tradewind(...START, '--venue', 'simm');
    expect(readable.stdout).toBe('');
    expect(readable.stderr).toContain('did you mean "sim"?');
  });

  it.each([
    ['completed', 0],
    ['expired', 6],
    ['failed', 6],
    ['cancelled', 6],
  ] as const)('with --wait ends when the execution is %s, with exit code %i', async (status, exitCode) => {
    const waiting = run(...START, '--wait');
    // The execution ends as soon as the waiting command has begun to look at it.
    const find = platform.executions.findExecution.bind(platform.executions);
    platform.executions.findExecution = async (id) => {
      const record = await find(id);
      platform.executions.change(id, { status, filled: '5', endedAt: NOW });
      return record;
    };
    expect(await waiting).toMatchObject({ exitCode, document: { id: ID, status } });
  });
});

describe('exec amend', () => {
  beforeEach(() => run(...START));

  it('asks for what shall change, and prints the execution', async () => {
    const { exitCode, document } = await run('exec', 'amend', ID, '--quantity', '6', '--duration', '400s');
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ id: ID, status: 'running' });
    expect(platform.commands).toEqual([
      `amend execution/${ID} ${JSON.stringify({ quantity: '6', endAt: NOW + 400_000 })}`,
    ]);
  });

  it('takes a limit away, and an end as a time', async () => {
    const endAt = new Date(NOW + 500_000).toISOString();
    await run('exec', 'amend', ID, '--limit', 'none', '--end', endAt);
    expect(platform.commands).toEqual([
      `amend execution/${ID} ${JSON.stringify({ endAt: NOW + 500_000, limit: null })}`,
    ]);
  });

  it('ends with 2 where nothing is asked for, and with 4 where the workflow refuses', async () => {
    expect(await run('exec', 'amend', ID)).toMatchObject({ exitCode: 2, document: { code: 'INVALID_PLAN' } });
    platform.outcome = { kind: 'refused', reason: 'below what has been filled' };
    expect(await run('exec', 'amend', ID, '--quantity', '1')).toMatchObject({
      exitCode: 4,
      document: { code: 'COMMAND_REFUSED' },
    });
  });
});

describe('reading', () => {
  beforeEach(() => recordExecution(platform));

  it('show, slices, fills and report print what the API has', async () => {
    const { id } = RECORDED;
    expect((await run('exec', 'show', id)).document).toMatchObject({ id, status: 'completed', filled: '3.00001' });
    expect((await run('exec', 'slices', id)).document.items).toHaveLength(3);
    expect((await run('exec', 'fills', id)).document.items).toHaveLength(2);
    expect((await run('exec', 'report', id)).document).toMatchObject({
      filled: '3.00001',
      shortfall: { quote: '420.2422011' },
    });
    expect((await run('exec', 'list', '--status', 'completed')).document.items).toHaveLength(1);
  });

  it('is readable without --json', async () => {
    const { id } = RECORDED;
    expect((await tradewind('exec', 'report', id)).stdout).toMatch(/total +420\.2422011/);
    expect((await tradewind('exec', 'slices', id)).stdout).toContain('passed over');
    expect((await tradewind('exec', 'fills', id)).stdout).toContain('60.02 USDT');
    expect((await tradewind('exec', 'list')).stdout).toContain(id);
    expect((await tradewind('exec', 'show', id)).stdout).toMatch(/decision mid +60000/);
  });

  it('show --follow writes one line of JSON for each change until the end', async () => {
    const { exitCode, stdout } = await tradewind('exec', 'show', RECORDED.id, '--follow', '--json');
    expect(exitCode).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ status: 'completed' });
  });

  it('an unknown execution is exit code 3', async () => {
    expect(await run('exec', 'report', 'nobody')).toMatchObject({
      exitCode: 3,
      document: { code: 'EXECUTION_NOT_FOUND' },
    });
  });
});

describe('commands', () => {
  it.each(['pause', 'resume', 'cancel'])('exec %s reaches the workflow', async (command) => {
    await run(...START);
    expect(await run('exec', command, ID)).toMatchObject({ exitCode: 0, document: { id: ID } });
    expect(platform.commands).toEqual([`${command} execution/${ID}`]);
  });

  it('to an ended execution are exit code 4', async () => {
    recordExecution(platform);
    expect(await run('exec', 'cancel', RECORDED.id)).toMatchObject({
      exitCode: 4,
      document: { code: 'EXECUTION_ENDED' },
    });
  });

  it('that nobody confirms are exit code 1, with the warning that they may still take effect', async () => {
    await run(...START);
    platform.outcome = { kind: 'unconfirmed' };
    expect(await run('exec', 'pause', ID)).toMatchObject({
      exitCode: 1,
      document: { code: 'COMMAND_UNCONFIRMED' },
    });
  });

  it('with a wrong key are exit code 4', async () => {
    process.env['TRADEWIND_API_KEY'] = 'tw_wrong';
    expect(await run('exec', 'list')).toMatchObject({ exitCode: 4, document: { code: 'UNAUTHENTICATED' } });
  });

  it('are exit code 5 when nothing answers', async () => {
    await app.close();
    expect(await run('exec', 'list')).toMatchObject({ exitCode: 5, document: { code: 'NO_STACK' } });
  });
});

describe('orders', () => {
  it('lists them, and settles one at the word of a person, and says what it needs', async () => {
    const { price, quantity } = { price: '60000', quantity: '0.25' };
    platform.orders.orders.push({
      clientOrderId: 'lost',
      executionId: 'ex-1',
      child: 1,
      attempt: 1,
      slice: 1,
      venue: 'sim',
      symbol: 'BTC/USDT',
      side: 'buy',
      price,
      quantity,
      mode: 'take',
      stopPrice: null,
      filled: '0',
      notional: '0',
      state: 'sending',
      mid: price,
      signedAt: NOW,
      sentAt: NOW,
      notAfter: NOW,
      venueOrderId: null,
      problem: null,
      retryable: true,
      endedAt: null,
    });
    expect((await run('orders', 'list', '--state', 'sending', '--execution', 'ex-1')).document.items).toMatchObject([
      { clientOrderId: 'lost', price: '60000' },
    ]);
    expect((await tradewind('orders', 'list')).stdout).toContain('lost');
    expect((await tradewind('orders', 'list', '--venue', 'other')).stdout).toBe('no orders\n');
    expect(await run('orders', 'list', '--state', 'odd')).toMatchObject({ exitCode: 2 });
    const bare = await run('orders', 'settle', 'lost', '--reason', 'looked');
    expect(bare).toMatchObject({ exitCode: 2, document: { detail: expect.stringContaining('--not-placed') } });
    const settled = await run('orders', 'settle', 'lost', '--not-placed', '--reason', 'looked');
    expect(settled.document).toMatchObject({ clientOrderId: 'lost', state: 'not-placed' });
    const again = await run('orders', 'settle', 'lost', '--not-placed', '--reason', 'looked');
    expect(again).toMatchObject({ exitCode: 4, document: { code: 'ORDER_SETTLED' } });
    expect(await run('orders', 'settle', 'none', '--not-placed', '--reason', 'looked')).toMatchObject({ exitCode: 3 });
  });
});

describe('what others do on our accounts', () => {
  const seen = { venue: 'sim', symbol: 'BTC/USDT', orderId: '90', clientOrderId: 'web_1', side: 'sell' } as const;
  beforeEach(() => {
    const { runs, orders, trades } = platform.reconciliations;
    const none = { settled: 0, unsettled: 0, lateFills: 0, fills: 0, reappeared: 0, orphansCancelled: 0 };
    const findings = { ...none, foreignOrders: 2, foreignTrades: 1, unattributedTrades: 0, unlisted: 0 };
    const common = { venue: 'sim', cause: 'janitor', startedAt: NOW, endedAt: NOW, lookedBackMs: 660_000 } as const;
    const snapshot = { balances: { USDT: '1000' }, cut: { at: NOW, symbol: 'BTC/USDT', tradeId: '7' } };
    runs.push({ ...common, id: '2', findings, differences: { USDT: '1000', BTC: '-0.5' }, snapshot });
    runs.push({ ...common, id: '1', findings, differences: {}, snapshot: null });
    const times = { acceptedAt: null, firstSeenAt: NOW, lastSeenAt: NOW };
    orders.push({ ...seen, price: '70000', quantity: '1', filled: '0.5', ...times });
    const cost = { fee: '35', feeAsset: 'USDT', maker: true, at: NOW, seenAt: NOW };
    trades.push({ ...seen, tradeId: '900', price: '70001', quantity: '0.5', ...cost });
  });

  it('is told by run, in the documents of the API', async () => {
    expect((await run('risk', 'reconciliations', '--venue', 'sim')).document).toMatchObject({
      items: [
        { id: '2', differences: { USDT: '1000', BTC: '-0.5' } },
        { id: '1', balances: null },
      ],
      next: null,
    });
    const { stdout } = await tradewind('risk', 'reconciliations');
    expect(stdout).toContain('foreignOrders 2, foreignTrades 1');
    expect(stdout).toContain('USDT 1000, BTC -0.5');
    expect(stdout).toContain('not compared');
    expect((await run('risk', 'reconciliations', '--limit', '1')).document.items).toHaveLength(1);
  });

  it('is told by order and by trade', async () => {
    expect((await run('risk', 'foreign-orders')).document.items).toMatchObject([{ orderId: '90', filled: '0.5' }]);
    expect((await tradewind('risk', 'foreign-orders')).stdout).toContain('70000');
    expect((await run('risk', 'foreign-trades')).document.items).toMatchObject([{ tradeId: '900', fee: '35' }]);
    expect((await tradewind('risk', 'foreign-trades')).stdout).toContain('35 USDT');
  });

  it('is nothing on another account', async () => {
    expect((await tradewind('risk', 'foreign-orders', '--venue', 'other')).stdout).toBe('no foreign orders\n');
    expect((await run('risk', 'foreign-trades', '--venue', 'other')).document.items).toEqual([]);
  });

  it('is listed as the API allows: exit code 2 beyond it', async () => {
    expect(await run('risk', 'foreign-trades', '--limit', '0')).toMatchObject({ exitCode: 2 });
  });
});

describe('risk', () => {
  it('halts, shows and resumes with reasons', async () => {
    const set = await run('risk', 'halt', '--venue', 'sim', '--reason', 'odd prices');
    expect(set.document).toMatchObject({ scope: 'venue', target: 'sim', reason: 'odd prices' });
    expect((await run('risk', 'show')).document.items).toHaveLength(1);
    expect((await run('risk', 'resume', '--reason', 'all is well')).document).toMatchObject({
      liftReason: 'all is well',
    });
    expect((await run('risk', 'show')).document.items).toEqual([]);
    expect((await run('risk', 'show', '--all')).document.items).toHaveLength(1);
    expect(await run('risk', 'resume', '--reason', 'once more')).toMatchObject({ exitCode: 3 });
  });

  it('does not guess which of several halts is meant', async () => {
    await run('risk', 'halt', '--reason', 'drill');
    await run('risk', 'halt', '--symbol', 'BTC/USDT', '--reason', 'drill');
    expect(await run('risk', 'resume', '--reason', 'over')).toMatchObject({ exitCode: 4 });
    expect(await run('risk', 'resume', 'halt-1', '--reason', 'over')).toMatchObject({
      exitCode: 0,
      document: { id: 'halt-1' },
    });
  });

  it('takes one scope', async () => {
    expect(await run('risk', 'halt', '--venue', 'sim', '--symbol', 'BTC/USDT', '--reason', 'drill')).toMatchObject({
      exitCode: 2,
    });
  });
});
