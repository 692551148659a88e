import { createHash } from 'node:crypto';
import type { AccountDependencies } from '../../../activities/execution/dependencies.ts';
import type { ExecutionStore } from '../../../adapters/ports/execution-store.ts';
import type { ChildCommand } from '../../../domain/execution/commands.ts';
import type { ExecutionPlan } from '../../../domain/execution/plan.ts';
import { clientOrderId } from '../../../domain/orders/client-order-id.ts';
import { FakeClock } from './fake-clock.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { btc, ScriptedVenue } from './scripted-venue.ts';

/** 2024-08-08T23:50:00Z. */
export const START = Date.UTC(2024, 7, 8, 23, 50, 0);

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Buys 5 BTC over 300 s in 20 slices: one of 0.25 BTC every 15 s. */
export const plan: ExecutionPlan = {
  executionId: 'e1',
  algo: 'twap',
  venue: 'sim',
  symbol: 'BTC/USDT',
  side: 'buy',
  quantity: '5',
  lot: '0.00001',
  startAt: START,
  endAt: START + 300_000,
  limit: null,
  params: { slices: 20, catchUpFactor: 2, aggressionBps: 10 },
};

/** The first slice: 0.25 BTC, due at the start, never sent after 15 s. */
export const firstChild: ChildCommand = {
  plan,
  amendment: 0,
  slice: 1,
  child: 1,
  attempt: 1,
  role: 'taker',
  dueAt: START,
  intervalMs: 15_000,
  target: '0.25',
  previousTarget: '0',
  finalTarget: '5',
  notAfter: START + 15_000,
};

export const FIRST_ID = clientOrderId('e1', 1, 1, sha256);

const noStore = new Proxy({} as ExecutionStore, {
  get: (_, name) => () => Promise.reject(new Error(`an order never needs the store's ${String(name)}`)),
});

/** More rounds of waiting than any test needs: one that goes on for ever fails instead of hanging. */
const MOST_WAITS = 20_000;

/** The order protocol on a fake clock, a scripted venue and a ledger in memory. Waiting moves the clock. */
export class Bench {
  readonly clock = new FakeClock(START);
  readonly venue = new ScriptedVenue(this.clock);
  readonly ledger = new MemoryLedger(this.clock);
  readonly logged: string[] = [];
  /** Every wait so far, in ms. */
  readonly waits: number[] = [];
  /** Called in each wait, after the time has passed: the place to change the world or to give up. */
  onWait: (nth: number) => void = () => undefined;

  deps(given: Partial<AccountDependencies> = {}): AccountDependencies {
    return {
      account: this.venue,
      ledger: this.ledger,
      store: noStore,
      tape: { volume: () => Promise.reject(new Error('no child of this bench is bounded by the market')) },
      clock: this.clock,
      sha256,
      risk: {
        feeRate: '0.001',
        gate: {
          quoteRates: { USDT: '1' },
          collarBps: '100',
          maxOrderNotional: '250000',
          maxQuoteAgeMs: 5_000,
          maxOpenNotional: '1000000',
          allowedSymbols: 'all',
          maxOrdersPer10s: 100,
          maxOrdersPerMinute: 600,
        },
      },
      instrumentOf: (symbol) =>
        symbol === btc.symbol ? Promise.resolve(btc) : Promise.reject(new Error(`no instrument ${symbol}`)),
      wait: (ms) => {
        this.waits.push(ms);
        this.clock.advance(ms);
        if (this.waits.length > MOST_WAITS)
          return Promise.reject(new Error(`still waiting after ${MOST_WAITS} rounds`));
        this.onWait(this.waits.length);
        return Promise.resolve();
      },
      rest: (ms) => this.deps(given).wait(ms),
      log: (message) => void this.logged.push(message),
      ...given,
    };
  }

  /** Seconds since the start, on our clock. */
  get seconds(): number {
    return (this.clock.now() - START) / 1_000;
  }
}
