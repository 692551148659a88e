import { describe, expect, it } from '@jest/globals';
import { passedOver, passingOver } from '../../../adapters/comparisons/passing-over.ts';
import type { JournalEntry } from '../../../domain/session/journal.ts';
import { randomBars } from '../../../domain/strategies/checks/random-bars.ts';
import { defineStrategy } from '../../../domain/strategies/define-strategy.ts';
import { decisionsOf } from '../../domain/strategies/decisions-of.ts';

const candles = randomBars(12, 1);
const FAILS_AT = 5;

/** Buys at every bar, and cannot at one. */
const failing = defineStrategy({
  id: 'own',
  title: 'Own',
  params: [],
  prepare: () => (context) => {
    if (context.bar.index === FAILS_AT) throw new Error('no idea');
    context.buy();
  },
});

const passed = (bar: number, reason: 'STRATEGY' | 'PAUSED'): JournalEntry => ({
  seq: bar,
  after: candles.time[bar - 1]!,
  event: { kind: 'bar', time: candles.time[bar]!, mode: 'mute', reason },
});

describe('the backtest of a session whose strategy has failed', () => {
  it('passes over what it throws at bars that the session has passed over for that', () => {
    const bars = passedOver([passed(FAILS_AT, 'STRATEGY'), passed(FAILS_AT + 1, 'STRATEGY'), passed(8, 'PAUSED')]);
    expect([...bars]).toEqual([candles.time[FAILS_AT], candles.time[FAILS_AT + 1]]);
    // At the one after it says what it would have done.
    expect(decisionsOf(passingOver(failing, bars), candles)).toHaveLength(11);
  });

  it('throws what it throws elsewhere', () => {
    expect(() => decisionsOf(passingOver(failing, passedOver([passed(FAILS_AT, 'PAUSED')])), candles)).toThrow(
      'no idea',
    );
    expect(() => decisionsOf(passingOver(failing, passedOver([passed(8, 'STRATEGY')])), candles)).toThrow('no idea');
  });
});
