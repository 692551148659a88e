import { describe, expect, it } from '@jest/globals';
import { readableSession, sessionLine, sessionTable, type SessionView } from '../../../bin/terminal/session-view.ts';

const SESSION: SessionView = {
  id: 's1',
  workflowId: 'session/s1',
  status: 'paused',
  name: 'mine',
  venue: 'sim',
  label: 'paper',
  marketTime: 'wall',
  symbols: ['BTC/USDT'],
  timeframe: '1m',
  strategy: { id: 'sma-cross', params: { fast: 3 } },
  capital: '3000',
  quote: 'USDT',
  startBar: '2026-11-23T12:00:00.000Z',
  lastBar: '2026-11-23T12:05:00.000Z',
  nextBarClosesAt: '2026-11-23T12:07:00.000Z',
  isOpen: true,
  hoursChangeAt: null,
  bars: 6,
  settled: true,
  fillsTaken: 1,
  openOrders: 0,
  cash: 1_000,
  equity: 3_000,
  commission: 1,
  otherFees: {},
  notes: [],
  positions: [
    {
      symbol: 'BTC/USDT',
      units: 0.1 + 0.2,
      entryPrice: 58_254.624_999_999_99,
      mark: 58_300.12,
      unrealised: 1,
      stopLoss: 57_072.48,
      takeProfit: null,
    },
  ],
  watched: [],
  stopMode: null,
  block: {
    reason: 'STRATEGY',
    problem: { code: 'STRATEGY_FAILED', detail: 'it threw boom \u001B[31mred\nsecond line' },
    since: '2026-11-23T12:05:00.000Z',
  },
  problem: { code: 'STRATEGY_FAILED', detail: 'it threw' },
  createdAt: '2026-11-23T12:00:00.000Z',
  endedAt: null,
};

describe('a session as people read it', () => {
  it('shows prices and units without what binary fractions leave', () => {
    const shown = readableSession(SESSION);
    expect(shown).toMatch(/BTC\/USDT +│ 0\.3 +│ 58254\.625 +│ 58300\.12 +│/);
  });

  it('says until when its hours are open or closed, and nothing of hours that never end', () => {
    expect(readableSession(SESSION)).toMatch(/^hours +–$/m);
    const change = '2026-11-23T21:00:00.000Z';
    expect(readableSession({ ...SESSION, hoursChangeAt: change })).toMatch(
      /^hours +open until 2026-11-23 21:00:00 UTC$/m,
    );
    expect(readableSession({ ...SESSION, isOpen: false, hoursChangeAt: change })).toMatch(
      /^hours +closed, nothing is opened until 2026-11-23 21:00:00 UTC$/m,
    );
  });

  it('counts bars as handled, since of those under a failed strategy nothing is decided', () => {
    expect(readableSession(SESSION)).toMatch(/^bars +6 handled, the last opened 2026-11-23 12:05:00$/m);
  });

  it("writes a strategy's own words on one line", () => {
    expect(readableSession(SESSION)).toMatch(/^blocked +STRATEGY since .*boom \\u001b\[31mred\\nsecond line$/m);
  });

  it('once it has stopped, waits for no bar, and what blocked it is over', () => {
    const shown = readableSession({ ...SESSION, status: 'stopped', endedAt: '2026-11-23T12:06:00.000Z' });
    expect(shown).toMatch(/^next bar +–$/m);
    expect(shown).toMatch(/^blocked +–$/m);
    expect(shown).toMatch(/^last problem +STRATEGY_FAILED: it threw$/m);
  });

  it('lists why entries are blocked', () => {
    expect(sessionTable([SESSION])).toContain('paused, blocked: STRATEGY');
    expect(sessionTable([{ ...SESSION, status: 'stopped' }])).not.toContain('blocked');
    const ended = { ...SESSION, problem: { code: 'WORKFLOW_ENDED', detail: 'its workflow was terminated' } };
    expect(sessionTable([ended])).toContain('paused, run by nobody');
    expect(sessionLine(ended)).toMatch(/^paused, run by nobody/);
  });
});
