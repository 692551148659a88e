import { afterEach, describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import { type Heard, RelayLink } from '../../../../simulator/feeds/relay/relay-link.ts';
import type { Source, SourceTrade } from '../../../../simulator/feeds/relay/source-exchange.ts';
import { until } from '../../support/until.ts';

const MINUTE_MS = 60_000;
const NOW = 100 * MINUTE_MS + 30_000;
const BOOK = { bids: [['9', '1']], asks: [['11', '1']] } as const;

const tradeAt = (id: number, at = NOW): SourceTrade => ({ id, price: '10', quantity: '1', buyerIsMaker: false, at });
const minuteAt = (openTime: number) => {
  const none = new Big(0);
  const prices = { open: '10', high: '10', low: '10', close: '10', firstId: -1, lastId: -1, count: 0 };
  return { openTime, ...prices, volume: none, quoteVolume: none, takerBuyVolume: none, takerBuyQuoteVolume: none };
};

/** A source whose history is `trades`, and whose stream shows what is put into `shown`. */
class FakeSource implements Source {
  trades: SourceTrade[] = [];
  failures = 0;
  closed = false;
  readonly asked: number[] = [];
  readonly #shown: (readonly SourceTrade[])[] = [];
  #wake: () => void = () => undefined;
  #bookShown = false;

  show(...trades: readonly SourceTrade[]): void {
    this.#shown.push(trades);
    this.#wake();
  }

  async watchBook(): Promise<typeof BOOK> {
    if (this.#bookShown) return new Promise(() => undefined);
    this.#bookShown = true;
    return BOOK;
  }

  async watchTrades(): Promise<readonly SourceTrade[]> {
    for (;;) {
      const trades = this.#shown.shift();
      if (trades !== undefined) return trades;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async fetchBook(): Promise<typeof BOOK> {
    return BOOK;
  }

  async fetchTradesFrom(_symbol: string, id: number): Promise<readonly SourceTrade[]> {
    this.asked.push(id);
    return this.trades.filter((trade) => trade.id >= id).slice(0, 2);
  }

  async fetchLatestTrade(): Promise<SourceTrade | null> {
    if (this.failures-- > 0) throw new Error('not up yet');
    return this.trades.at(-1) ?? null;
  }

  async fetchFirstIdSince(_symbol: string, at: number): Promise<number | null> {
    return this.trades.find((trade) => trade.at >= at)?.id ?? null;
  }

  async fetchMinutes(_symbol: string, from: number, to: number) {
    return [98, 99, 100]
      .map((minute) => minuteAt(minute * MINUTE_MS))
      .filter(({ openTime }) => {
        return openTime >= from && openTime < to;
      });
  }

  renew(): void {}

  close(): void {
    this.closed = true;
  }
}

describe('the link of a relay', () => {
  let link: RelayLink;
  const log: string[] = [];
  const heard: Heard[] = [];
  const linked = async (source: FakeSource, firstId = 0) => {
    log.length = 0;
    heard.length = 0;
    link = new RelayLink(source, 'BTC/USDT', { firstId, now: () => NOW, log: (message) => log.push(message) });
    link.start();
    await hears((each) => each.kind === 'book');
  };
  const hears = async (matches: (each: Heard) => boolean) => {
    const before = heard.length;
    await until(async () => {
      heard.push(...link.take());
      return heard.slice(before).some(matches);
    });
  };
  const idsOf = (each: Heard | undefined) =>
    each !== undefined && 'trades' in each ? each.trades.map(({ id }) => id) : null;
  const last = () => heard.at(-1);

  afterEach(() => link.stop());

  it('begins with whole minutes and, from there on, the single trades', async () => {
    const source = new FakeSource();
    source.trades = [tradeAt(5, 97 * MINUTE_MS), tradeAt(6, 99 * MINUTE_MS), tradeAt(7), tradeAt(8)];
    await linked(source);
    const [past] = heard;
    // Two minutes before the running one: minute 98, of which the first trade is that of minute 99.
    expect(idsOf(past)).toEqual([6, 7, 8]);
    expect(past?.kind === 'past' && past.minutes.map(({ openTime }) => openTime / MINUTE_MS)).toEqual([98]);
    expect(link.bookAt).toBe(NOW);
  });

  it('leaves out what the venue has already', async () => {
    const source = new FakeSource();
    source.trades = [tradeAt(6), tradeAt(7), tradeAt(8)];
    await linked(source, 8);
    expect(idsOf(heard[0])).toEqual([8]);
  });

  it('tries again until the source is up, and says so once', async () => {
    const source = new FakeSource();
    source.failures = 2;
    await linked(source);
    expect(log).toEqual([
      'BTC/USDT: the source does not answer (not up yet), it is tried again',
      'BTC/USDT: the source is heard again',
    ]);
    expect(link.problem).toBeNull();
  });

  it('hears every trade once, those that its stream has left out as well', async () => {
    const source = new FakeSource();
    source.trades = [tradeAt(8)];
    await linked(source);
    source.show(tradeAt(8), tradeAt(9));
    await hears(({ kind }) => kind === 'trades');
    expect(last()).toMatchObject({ kind: 'trades', anew: false, trades: [{ id: 9 }] });
    source.trades = [8, 9, 10, 11, 12, 13].map((id) => tradeAt(id));
    source.show(tradeAt(13));
    await hears((each) => idsOf(each)?.includes(13) === true);
    expect(heard.slice(-2).map(idsOf)).toEqual([[10, 11, 12], [13]]);
    expect(heard.slice(-2)).toMatchObject([{ anew: false }, { anew: false }]);
  });

  it('says where ids are missing for good, and where the tape has begun anew', async () => {
    const source = new FakeSource();
    source.trades = [tradeAt(50_000)];
    await linked(source);
    source.trades = [tradeAt(50_000), tradeAt(50_005)];
    source.show(tradeAt(50_005));
    await hears(({ kind }) => kind === 'trades');
    expect(last()).toMatchObject({ anew: true, trades: [{ id: 50_005 }] });
    // An old one, shown once more, is none.
    source.show(tradeAt(49_000));
    source.trades = [tradeAt(3, NOW + 2_000)];
    source.show(tradeAt(3, NOW + 2_000));
    await hears(({ kind }) => kind === 'trades');
    expect(last()).toMatchObject({ anew: true, trades: [{ id: 3 }] });
    expect(log).toEqual([
      'BTC/USDT: the source has no trades 50001 to 50004',
      "BTC/USDT: the source's tape begins anew at 3",
    ]);
  });

  it('finds its way to a new tape after a restart as well', async () => {
    const source = new FakeSource();
    source.trades = [tradeAt(3)];
    await linked(source, 900);
    expect(idsOf(heard[0])).toEqual([]);
    source.show(tradeAt(4));
    await hears(({ kind }) => kind === 'trades');
    expect(last()).toMatchObject({ anew: true, trades: [{ id: 4 }] });
  });

  it('lets its source go when it is stopped', async () => {
    const source = new FakeSource();
    await linked(source);
    link.stop();
    expect(source.closed).toBe(true);
  });
});
