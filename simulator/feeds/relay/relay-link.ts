import { setTimeout as sleep } from 'node:timers/promises';
import type { DurationMs, EpochMs } from '../../../domain/market/decimal.ts';
import { type Bar, MINUTE_MS } from '../../exchange/minute-bars.ts';
import type { Source, SourceBook, SourceTrade } from './source-exchange.ts';

/** How much of the public past is read trade by trade, and how much in minutes: as much as a venue keeps. */
const TRADES_OF_MS: DurationMs = 2 * MINUTE_MS;
const MINUTES_OF_MS: DurationMs = 8 * 86_400_000;
/** A stream that has been silent for so long is not waited for: the source is asked. */
const ASK_AFTER_MS: DurationMs = 2_000;
/** Streams that have been silent for so long although the source answers are opened anew. */
const RENEW_AFTER_MS: DurationMs = 10_000;
const LOOK_EVERY_MS: DurationMs = 500;
const RETRY_AFTER_MS: DurationMs = 1_000;
/** Trades that are so much newer than the last one and bear earlier ids are those of another tape. */
const NEW_TAPE_AFTER_MS: DurationMs = 1_000;

/** As ccxt names it. */
const CLOSED_BY_US = 'ExchangeClosedByUser';

/** Something that a relay has heard of its source, in the order in which it did. */
export type Heard =
  /** The past: whole minutes, and the newest trades one by one. */
  | { readonly kind: 'past'; readonly minutes: readonly Bar[]; readonly trades: readonly SourceTrade[] }
  /** Trades that follow the last ones; `anew` when ids are missing in between. */
  | { readonly kind: 'trades'; readonly trades: readonly SourceTrade[]; readonly anew: boolean }
  | { readonly kind: 'book'; readonly book: SourceBook };

/**
 * Listens to one market of a source, which it owns, and keeps what it hears until somebody takes it. Streams that fail are opened again, trades that they left
 * out are read, and while they are silent the source is asked by request. Gives up on nothing and never throws.
 */
export class RelayLink {
  readonly #source: Source;
  readonly #symbol: string;
  readonly #now: () => EpochMs;
  readonly #log: (message: string) => void;
  /** Trades of the source up to this id are older than what the venue already has. */
  readonly #firstId: number;
  readonly #stop = new AbortController();
  #heard: Heard[] = [];
  #bookAt: EpochMs | null = null;
  /** When the streams were opened, and when one of the book last told something. */
  #openedAt: EpochMs = 0;
  #streamedAt: EpochMs = 0;
  /** Id of the next trade; `null` before the past is read. */
  #next: number | null = null;
  /** When the last trade happened, by the source's clock. */
  #lastAt: EpochMs = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #problem: string | null = null;

  constructor(
    source: Source,
    symbol: string,
    options: { readonly firstId: number; readonly now: () => EpochMs; readonly log: (message: string) => void },
  ) {
    this.#source = source;
    this.#symbol = symbol;
    this.#firstId = options.firstId;
    this.#now = options.now;
    this.#log = options.log;
  }

  /** When the book was last known to be the source's; `null` before the first time. */
  get bookAt(): EpochMs | null {
    return this.#bookAt;
  }

  /** What has kept the link from hearing its source; `null` while it hears it. */
  get problem(): string | null {
    return this.#problem;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stop.abort();
    this.#source.close();
  }

  /** What was heard since the last call. */
  take(): readonly Heard[] {
    const heard = this.#heard;
    this.#heard = [];
    return heard;
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #run(): Promise<void> {
    await this.#repeated(() => this.#readPast(), true);
    this.#openedAt = this.#now();
    this.#streamedAt = this.#openedAt;
    await Promise.all([
      this.#repeated(() => this.#hearBook(), false),
      this.#repeated(() => this.#hearTrades(), false),
      this.#repeated(() => this.#watchSilence(), false),
    ]);
  }

  /** Does something again and again until stopped, or `once` until it has succeeded. */
  async #repeated(act: () => Promise<void>, once: boolean): Promise<void> {
    while (!this.#stopped) {
      try {
        await act();
        if (once) return;
      } catch (error) {
        this.#failed(error);
        await this.#pause(RETRY_AFTER_MS);
      }
    }
  }

  async #readPast(): Promise<void> {
    const minute = Math.floor(this.#now() / MINUTE_MS) * MINUTE_MS;
    const latest = await this.#source.fetchLatestTrade(this.#symbol);
    const since = Math.min(minute - TRADES_OF_MS, Math.floor((latest?.at ?? minute) / MINUTE_MS) * MINUTE_MS);
    const first = latest === null ? null : await this.#source.fetchFirstIdSince(this.#symbol, since);
    const from = Math.max(this.#firstId, first ?? (latest === null ? 0 : latest.id + 1));
    const trades = await this.#tradesFrom(from);
    const until = trades[0] === undefined ? minute : Math.floor(trades[0].at / MINUTE_MS) * MINUTE_MS;
    const minutes = await this.#source.fetchMinutes(this.#symbol, until - MINUTES_OF_MS, until);
    const last = trades.at(-1);
    this.#next = (last?.id ?? from - 1) + 1;
    this.#lastAt = last?.at ?? 0;
    this.#heard.push({ kind: 'past', minutes, trades });
  }

  async #hearBook(): Promise<void> {
    this.#takeBook(await this.#source.watchBook(this.#symbol));
    this.#streamedAt = this.#now();
  }

  async #hearTrades(): Promise<void> {
    const trades = await this.#source.watchTrades(this.#symbol);
    await this.#inTurn(() => this.#takeTrades(trades));
  }

  /** Asks the source while its streams are silent, and opens them anew when they stay so. */
  async #watchSilence(): Promise<void> {
    await this.#pause(LOOK_EVERY_MS);
    if (this.#stopped || this.#now() - (this.#bookAt ?? this.#openedAt) < ASK_AFTER_MS) return;
    const asked = this.#now();
    const book = await this.#source.fetchBook(this.#symbol);
    await this.#inTurn(async () => this.#follow(await this.#tradesFrom(this.#next ?? 0), null));
    // What a stream has told meanwhile is newer.
    if ((this.#bookAt ?? 0) < asked) this.#takeBook(book);
    if (this.#now() - this.#streamedAt < RENEW_AFTER_MS) return;
    this.#streamedAt = this.#now();
    this.#log(`${this.#symbol}: the source's streams are silent though it answers, they are opened anew`);
    this.#source.renew();
  }

  #takeBook(book: SourceBook): void {
    if (this.#problem !== null) this.#log(`${this.#symbol}: the source is heard again`);
    this.#problem = null;
    this.#bookAt = this.#now();
    this.#heard.push({ kind: 'book', book });
  }

  /** Takes what a stream shows, in any order, again or for the first time. */
  async #takeTrades(trades: readonly SourceTrade[]): Promise<void> {
    const next = this.#next ?? 0;
    const fresh = trades.filter(({ id }) => id >= next).toSorted((a, b) => a.id - b.id);
    const [first] = fresh;
    if (first === undefined) {
      const newest = trades.at(-1);
      if (newest === undefined || newest.at <= this.#lastAt + NEW_TAPE_AFTER_MS) return;
      this.#log(`${this.#symbol}: the source's tape begins anew at ${newest.id}`);
      this.#push(trades, true);
      return;
    }
    if (first.id > next) this.#follow(await this.#tradesFrom(next), first.id);
    this.#follow(fresh, null);
  }

  /** Hands trades on that follow the last one, those before `until`. */
  #follow(trades: readonly SourceTrade[], until: number | null): void {
    const next = this.#next ?? 0;
    const following = trades.filter(({ id }) => id >= next && (until === null || id < until));
    const [first] = following;
    if (first === undefined) return;
    if (first.id > next) this.#log(`${this.#symbol}: the source has no trades ${next} to ${first.id - 1}`);
    this.#push(following, first.id > next);
  }

  #push(trades: readonly SourceTrade[], anew: boolean): void {
    this.#heard.push({ kind: 'trades', trades, anew });
    const last = trades.at(-1);
    this.#next = (last?.id ?? 0) + 1;
    this.#lastAt = last?.at ?? this.#lastAt;
  }

  /** All trades from `id` on, page by page. */
  async #tradesFrom(id: number): Promise<readonly SourceTrade[]> {
    const trades: SourceTrade[] = [];
    for (;;) {
      const from = (trades.at(-1)?.id ?? id - 1) + 1;
      const page = (await this.#source.fetchTradesFrom(this.#symbol, from)).filter((trade) => trade.id >= from);
      if (page.length === 0 || this.#stopped) return trades;
      trades.push(...page);
    }
  }

  /** One thing after the other, so that trades stay in their order. */
  async #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  #failed(error: unknown): void {
    // Streams that this link has let go itself end with an error of their own.
    if (this.#stopped || this.#problem !== null || (error instanceof Error && error.name === CLOSED_BY_US)) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#problem = message;
    this.#log(`${this.#symbol}: the source does not answer (${message}), it is tried again`);
  }

  async #pause(ms: DurationMs): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined);
  }
}
