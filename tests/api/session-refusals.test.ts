import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { failure } from '../../domain/backtest/failure.ts';
import { ADMIN_KEY, type FakePlatform, NOW, startFakeApi, withKey } from './fakes/platform.ts';
import { expectProblem } from './fakes/refusals.ts';
import { GOOD_SPEC, OPEN_LIMITS } from './fakes/sessions.ts';

const MINUTE = 60_000;

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
  setLimits({});
});
afterEach(() => app.close());

function setLimits(changes: Partial<typeof OPEN_LIMITS>): void {
  const limits = { ...OPEN_LIMITS, ...changes };
  const entry = { venue: 'sim', limits, openNotional: {}, ordersLast10s: 0, ordersLastMinute: 0, at: NOW };
  platform.reconciliations.limits.splice(0, Number.POSITIVE_INFINITY, entry);
}

const post = (url: string, body: unknown) =>
  app.inject({ method: 'POST', url, headers: withKey(ADMIN_KEY), payload: body as object });

/** A start that is refused with that code, naming that field; nothing is stored or started. */
async function refused(body: unknown, status: number, code: string, field: string) {
  const answer = await post('/v1/sessions', body);
  expectProblem(answer, status, code);
  const { errors, detail } = answer.json() as {
    errors: { field: string; value: unknown; message: string }[];
    detail: string;
  };
  expect(errors.map((error) => error.field)).toContain(field);
  expect(platform.sessions.entries.size).toBe(0);
  expect(platform.sessions.startedWorkflows).toEqual([]);
  return { detail, errors };
}

const spec = (changes: object) => ({ ...GOOD_SPEC, ...changes });

/** Turns the account of the fake platform into one with other facts about itself. */
function profile(changes: object): void {
  const [entry] = platform.venueEntries;
  platform.venueEntries = [{ ...entry!, profile: { ...entry!.profile, ...changes } }];
}

describe('a spec that cannot be used', () => {
  it.each([
    ['venue', { venue: 'simm' }, 'UNKNOWN_VENUE'],
    ['symbols.0', { symbols: ['BTC/USD'] }, 'UNKNOWN_SYMBOL'],
    ['symbols.1', { symbols: ['BTC/USDT', 'BTC/USDT'] }, 'INVALID_SESSION'],
    ['symbols', { symbols: [] }, 'INVALID_SESSION'],
    ['timeframe', { timeframe: '15x' }, 'INVALID_SESSION'],
    ['timeframe', { timeframe: '30s' }, 'INVALID_SESSION'],
    ['strategy.id', { strategy: { id: 'sma-crss' } }, 'INVALID_SESSION'],
    ['strategy.params.fast', { strategy: { id: 'sma-cross', params: { fast: 0, slow: 8 } } }, 'INVALID_SESSION'],
    ['strategy.params.shorts', { strategy: { id: 'sma-cross', params: { shorts: 1 } } }, 'INVALID_SESSION'],
    ['strategy.file', { strategy: { file: 'mine.mjs' } }, 'INVALID_SESSION'],
    ['capital', { capital: 50_000 }, 'INVALID_SESSION'],
    ['capital', { capital: '-1' }, 'INVALID_SESSION'],
    ['sizing.value', { sizing: { kind: 'cashShare', value: 2 } }, 'INVALID_SESSION'],
    ['catchUp', { catchUp: 'all' }, 'INVALID_SESSION'],
    ['leverage', { leverage: 3 }, 'INVALID_SESSION'],
    ['confirm', { confirm: 'yes' }, 'INVALID_SESSION'],
  ])('names %s', async (field, changes, code) => {
    const { errors } = await refused(spec(changes), 422, code, field);
    expect(errors.filter(({ message }) => message.length < 10)).toEqual([]);
  });

  it('tells all that is wrong with it at once', async () => {
    const { errors } = await refused({ venue: 'sim', capital: 'all' }, 422, 'INVALID_SESSION', 'capital');
    expect(errors.length).toBeGreaterThan(3);
  });

  it('says what was probably meant', async () => {
    const { detail } = await refused(spec({ symbols: ['BTC/USD'] }), 422, 'UNKNOWN_SYMBOL', 'symbols.0');
    expect(detail).toContain('BTC/USDT');
  });
});

describe('a strategy that cannot be used', () => {
  const own = spec({ strategy: { file: '/home/me/mine.mjs' } });

  it('is told with what its file lacks', async () => {
    platform.sessions.objection = () =>
      failure('INVALID_STRATEGY', 'the strategy cannot be used: it exports nothing', [
        { field: 'strategy.file', value: '/home/me/mine.mjs', message: 'it exports nothing' },
      ]);
    expect((await refused(own, 422, 'INVALID_STRATEGY', 'strategy.file')).detail).toContain('it exports nothing');
  });

  it('is told when it hangs', async () => {
    platform.sessions.objection = () =>
      failure('STRATEGY_STUCK', 'no sign of life', [{ field: 'strategy.file', value: '', message: 'it hangs' }]);
    expect((await refused(own, 422, 'STRATEGY_STUCK', 'strategy.file')).detail).toBe('no sign of life');
  });

  it('needs the bars of its longest line', async () => {
    platform.sessions.neededBars = 40;
    platform.sessions.firstCandle = NOW - 39 * 15 * MINUTE;
    const { detail } = await refused(GOOD_SPEC, 422, 'TOO_FEW_BARS', 'timeframe');
    expect(detail).toContain('needs 40 closed 15m bars of history and venue sim has 39 of BTC/USDT');
    platform.sessions.firstCandle = NOW - 40 * 15 * MINUTE;
    expect((await post('/v1/sessions', GOOD_SPEC)).statusCode).toBe(201);
  });
});

describe('an account that cannot carry it', () => {
  it('has too little free', async () => {
    const { detail } = await refused(spec({ capital: '100000.01' }), 422, 'BALANCE_TOO_SMALL', 'capital');
    expect(detail).toContain('give at most 100000');
  });

  it('has too little beside the cash of its other sessions', async () => {
    expect((await post('/v1/sessions', spec({ capital: '70000' }))).statusCode).toBe(201);
    const answer = await post('/v1/sessions', spec({ capital: '30001' }));
    expectProblem(answer, 422, 'BALANCE_TOO_SMALL');
    expect(answer.json().detail).toContain('70000 of them the cash of 1 other session: give at most 30000');
    // One that has ended holds nothing back.
    platform.sessions.change('id-1', { status: 'stopped', endedAt: NOW });
    expect((await post('/v1/sessions', spec({ capital: '30001' }))).statusCode).toBe(201);
  });

  it('has a key that may not trade', async () => {
    platform.sessions.facts = { ...platform.sessions.facts!, canTrade: false };
    expect((await refused(GOOD_SPEC, 422, 'KEY_WITHOUT_PERMISSION', 'venue')).detail).toContain(
      'give it the permission',
    );
  });

  it('has not been read lately', async () => {
    platform.sessions.facts = { ...platform.sessions.facts!, ageMs: 90_001 };
    expect((await refused(GOOD_SPEC, 503, 'ACCOUNT_NOT_READY', 'venue')).detail).toContain('within 90 s');
    platform.sessions.facts = null;
    await refused(GOOD_SPEC, 503, 'ACCOUNT_NOT_READY', 'venue');
  });

  it('is served by nobody', async () => {
    const [entry] = platform.venueEntries;
    platform.venueEntries = [{ ...entry!, owner: { ...entry!.owner!, held: false } }];
    const { detail } = await refused(GOOD_SPEC, 503, 'ACCOUNT_NOT_READY', 'venue');
    expect(detail).toContain('no venue worker serves it');
  });

  it('is at a venue that is down', async () => {
    const [entry] = platform.venueEntries;
    platform.venueEntries = [{ ...entry!, health: { ...entry!.health!, status: 'down' } }];
    expect((await refused(GOOD_SPEC, 503, 'ACCOUNT_NOT_READY', 'venue')).detail).toContain('its venue is down');
  });

  it('is at a venue whose clock is far from ours', async () => {
    platform.sessions.facts = { ...platform.sessions.facts!, clockOffsetMs: -1_001 };
    const { detail } = await refused(GOOD_SPEC, 422, 'CLOCK_OFF', 'venue');
    expect(detail).toContain('-1001 ms');
  });

  it('has no limits, or limits that do not allow it', async () => {
    setLimits({ maxOrderNotional: null });
    expect((await refused(GOOD_SPEC, 422, 'LIMITS_NOT_SET', 'venue')).detail).toContain('maxOrderNotional');
    setLimits({ allowedSymbols: ['ETH/USDT'] });
    expect((await refused(GOOD_SPEC, 422, 'LIMITS_NOT_SET', 'venue')).detail).toContain('does not allow BTC/USDT');
    setLimits({ quoteRates: { EUR: '1' } });
    expect((await refused(GOOD_SPEC, 422, 'LIMITS_NOT_SET', 'venue')).detail).toContain('no rate for USDT');
    platform.reconciliations.limits.splice(0);
    await refused(GOOD_SPEC, 422, 'LIMITS_NOT_SET', 'venue');
  });

  it('has a collar that would refuse each of its orders', async () => {
    const far = spec({ orders: { aggressionBps: 100, stopSlippageBps: 120 } });
    const { detail, errors } = await refused(far, 422, 'INVALID_SESSION', 'orders.aggressionBps');
    expect(detail).toContain('the price collar of 100');
    expect(errors).toMatchObject([
      { field: 'orders.aggressionBps', value: 100 },
      { field: 'orders.stopSlippageBps', value: 120 },
    ]);
    // The defaults are 50 and 50.
    setLimits({ collarBps: '50' });
    await refused(GOOD_SPEC, 422, 'INVALID_SESSION', 'orders.aggressionBps');
    setLimits({ collarBps: '50.1' });
    expect((await post('/v1/sessions', GOOD_SPEC)).statusCode).toBe(201);
  });

  it('has a largest order that each entry of the sizing is above', async () => {
    setLimits({ maxOrderNotional: '50000' });
    const all = spec({ sizing: { kind: 'cashShare', value: 1 }, capital: '50000.01' });
    const { detail } = await refused(all, 422, 'INVALID_SESSION', 'capital');
    expect(detail).toContain('TRADEWIND_MAX_ORDER_NOTIONAL');
    const cash = spec({ sizing: { kind: 'cash', value: 60_000 }, capital: '70000' });
    await refused(cash, 422, 'INVALID_SESSION', 'sizing.value');
    // Half of it, and twice as much at its rate.
    const half = spec({ sizing: { kind: 'equityShare', value: 0.5 }, capital: '60000' });
    setLimits({ maxOrderNotional: '50000', quoteRates: { USDT: '2' } });
    await refused(half, 422, 'INVALID_SESSION', 'capital');
    setLimits({ maxOrderNotional: '50000' });
    expect((await post('/v1/sessions', half)).statusCode).toBe(201);
  });

  it('may have one that is too small for a sizing whose entries are not known yet: a warning', async () => {
    setLimits({ maxOrderNotional: '49999' });
    const lines = (await post('/v1/sessions/check', GOOD_SPEC)).json().items;
    expect(lines.find(({ check }: { check: string }) => check === 'limits')).toMatchObject({ outcome: 'warning' });
    expect((await post('/v1/sessions', GOOD_SPEC)).statusCode).toBe(201);
  });

  it('takes no order as small as the sizing makes them', async () => {
    // At 60000 the least order is 5 USDT, 0.00009 BTC in whole lots.
    const small = spec({ sizing: { kind: 'units', value: 0.00008 } });
    expect((await refused(small, 422, 'INVALID_SESSION', 'sizing.value')).detail).toContain('below 0.00009 BTC');
    await refused(spec({ sizing: { kind: 'cash', value: 5 } }), 422, 'INVALID_SESSION', 'sizing.value');
    await refused(spec({ capital: '5', sizing: { kind: 'cashShare', value: 1 } }), 422, 'INVALID_SESSION', 'capital');
  });

  it('is at a venue that gives no price', async () => {
    platform.quote = () => Promise.reject(new Error('HTTP 502'));
    const answer = await post('/v1/sessions', GOOD_SPEC);
    expectProblem(answer, 503, 'VENUE_UNREACHABLE');
    expect(platform.sessions.entries.size).toBe(0);
  });
});

describe('a live account', () => {
  beforeEach(() => profile({ label: 'live', assumptions: null }));

  it('trades only when somebody says so', async () => {
    const { detail } = await refused(GOOD_SPEC, 409, 'LIVE_NOT_CONFIRMED', 'confirm');
    expect(detail).toContain('The check list is clean');
    const answer = await post('/v1/sessions', spec({ confirm: 'live' }));
    expect(answer.statusCode).toBe(201);
    // The word is no part of the spec.
    expect(platform.sessions.entries.get(answer.json().id)!.record.spec).not.toHaveProperty('confirm');
  });

  it('tells what is not ok before it is confirmed', async () => {
    platform.sessions.facts = { ...platform.sessions.facts!, canTrade: null, canWithdraw: true };
    const { detail } = await refused(GOOD_SPEC, 409, 'LIVE_NOT_CONFIRMED', 'confirm');
    expect(detail).toContain('does not tell whether the key may trade');
    expect(detail).toContain('the key may withdraw');
  });

  it('no confirmation helps against a problem', async () => {
    platform.sessions.facts = { ...platform.sessions.facts!, canTrade: false };
    const { errors } = await refused(spec({ confirm: 'live' }), 422, 'KEY_WITHOUT_PERMISSION', 'venue');
    expect(errors).toHaveLength(1);
  });
});

describe('POST /v1/sessions/check', () => {
  it('lists what would be found, and stores nothing', async () => {
    const answer = await post('/v1/sessions/check', GOOD_SPEC);
    expect(answer.statusCode).toBe(200);
    const { ok, label, needsConfirmation, items, startBar, neededBars } = answer.json();
    expect({ ok, label, needsConfirmation, startBar, neededBars }).toEqual({
      ok: true,
      label: 'paper',
      needsConfirmation: false,
      startBar: '2026-11-23T12:00:00.000Z',
      neededBars: 8,
    });
    expect(items.map(({ check, outcome }: { check: string; outcome: string }) => `${check} ${outcome}`)).toEqual([
      'account ok',
      'symbols ok',
      'strategy ok',
      'candles ok',
      'size ok',
      'stops ok',
      'balance ok',
      'trade-permission ok',
      'withdraw-permission ok',
      'clock ok',
      'limits ok',
      'halts ok',
    ]);
    expect(platform.sessions.entries.size).toBe(0);
  });

  it('has every problem, not only the first', async () => {
    platform.sessions.facts = { ...platform.sessions.facts!, canTrade: false, clockOffsetMs: 5_000 };
    const { ok, items } = (await post('/v1/sessions/check', spec({ capital: '1000000' }))).json();
    expect(ok).toBe(false);
    const codes = items.flatMap(({ code }: { code: string | null }) => (code === null ? [] : [code]));
    expect(codes).toEqual(['BALANCE_TOO_SMALL', 'KEY_WITHOUT_PERMISSION', 'CLOCK_OFF']);
  });

  it('tells how many stops of the symbol the venue keeps, and warns where those of others leave no place', async () => {
    const stopsOf = async (body: object = GOOD_SPEC) =>
      (await post('/v1/sessions/check', body)).json().items.find(({ check }: { check: string }) => check === 'stops');
    const other = (sessionId: string | null, open: number, mayWant: boolean) => ({
      symbol: 'BTC/USDT',
      sessionId,
      open,
      mayWant,
    });
    expect(await stopsOf()).toMatchObject({ outcome: 'ok', detail: expect.stringContaining('5 of BTC/USDT') });
    // Two that are there, one that may come, one that will not, and one by hand: 4 of 5.
    platform.sessions.stops = [
      other('a', 2, true),
      other('b', 0, true),
      other('c', 0, false),
      other(null, 1, false),
      { ...other('d', 9, true), symbol: 'ETH/USDT' },
    ];
    expect(await stopsOf()).toMatchObject({
      outcome: 'ok',
      detail: expect.stringContaining(
        'at most 5 of BTC/USDT, and 4 are there or may be wanted (2 other sessions, 1 of no session)',
      ),
    });
    platform.sessions.stops = [...platform.sessions.stops, other('e', 0, true)];
    const full = await stopsOf();
    expect(full).toMatchObject({ outcome: 'warning', code: null });
    expect(full.detail).toMatch(
      /at most 5 of BTC\/USDT, and 5 are there.* opens nothing \(ORDERS\).* account of its own/,
    );
    // A warning keeps no session from starting; its own stops are not counted against it.
    expect((await post('/v1/sessions', GOOD_SPEC)).statusCode).toBe(201);
    platform.sessions.stops = [...platform.sessions.stops.slice(0, -1), other('id-1', 1, true)];
    const { items } = (await app.inject({ url: '/v1/sessions/id-1/check-list', headers: withKey() })).json();
    expect(items.find(({ check }: { check: string }) => check === 'stops')).toMatchObject({ outcome: 'ok' });
    platform.sessions.stopLimit = null;
    expect(await stopsOf()).toMatchObject({ outcome: 'unknown' });
    platform.sessions.stopLimit = 0;
    expect(await stopsOf()).toMatchObject({ outcome: 'warning', detail: expect.stringContaining('no stop orders') });
  });

  it('warns of a halt in force', async () => {
    await post('/v1/halts', { scope: 'symbol', target: 'BTC/USDT', reason: 'maintenance' });
    const { ok, items } = (await post('/v1/sessions/check', GOOD_SPEC)).json();
    expect(ok).toBe(true);
    expect(items.at(-1)).toMatchObject({
      check: 'halts',
      outcome: 'warning',
      detail: expect.stringContaining('maintenance'),
    });
  });

  it('of a running session does not count its own cash against it', async () => {
    expect((await post('/v1/sessions', spec({ capital: '90000' }))).statusCode).toBe(201);
    const answer = await app.inject({ url: '/v1/sessions/id-1/check-list', headers: withKey() });
    expect(answer.json()).toMatchObject({ ok: true });
  });

  it('of a running session asks the account for the cash of its books, not for what it began with', async () => {
    expect((await post('/v1/sessions', spec({ capital: '90000' }))).statusCode).toBe(201);
    const balanceOf = async () => {
      const answer = await app.inject({ url: '/v1/sessions/id-1/check-list', headers: withKey() });
      return answer.json().items.find(({ check }: { check: string }) => check === 'balance');
    };
    const hold = (cash: number) => {
      const entry = platform.sessions.entries.get('id-1')!;
      const books = { cash, equity: 90_000, positions: [], commission: 0, closedTrades: 0, dust: {} };
      platform.sessions.entries.set('id-1', { ...entry, books });
    };
    // 70000 of it are in a position, so that the account has no more than 30000.
    platform.sessions.facts = {
      ...platform.sessions.facts!,
      balances: [{ asset: 'USDT', free: '30000', locked: '0' }],
    };
    hold(20_000.5);
    expect(await balanceOf()).toMatchObject({
      outcome: 'ok',
      detail: '30000 USDT are free; the books of the session hold 20000.5',
    });
    hold(30_000.5);
    expect(await balanceOf()).toMatchObject({ outcome: 'problem', code: 'BALANCE_TOO_SMALL' });
  });

  it('of a running session is not for those who may only read: it runs code', async () => {
    await post('/v1/sessions', GOOD_SPEC);
    const as = (role: 'viewer' | 'operator' | 'trader') => {
      platform.addKey(`tw_${role}`, role, role);
      return app.inject({ url: '/v1/sessions/id-1/check-list', headers: withKey(`tw_${role}`) });
    };
    expectProblem(await as('viewer'), 403, 'FORBIDDEN');
    expectProblem(await as('operator'), 403, 'FORBIDDEN');
    expect((await as('trader')).statusCode).toBe(200);
  });
});
