import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { CandleSource } from '../ports/candle-source.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClosedCandleStore } from '../ports/closed-candles.ts';
import type { FillIntake } from '../ports/fill-intake.ts';
import type { LastPriceStore } from '../ports/last-prices.ts';
import type { OrderedSymbols } from '../ports/ordered-symbols.ts';
import type { RunningCandleStore } from '../ports/running-candles.ts';
import {
  type StreamHealth,
  type StreamHealthStore,
  type StreamSessions,
  StreamsSuperseded,
} from '../ports/stream-health.ts';
import type { TapeStore } from '../ports/tape-store.ts';
import type { StreamReport, VenueStreams } from '../ports/venue-streams.ts';
import type { WatchList } from '../ports/watch-list.ts';
import { orAborted, pause } from '../abortable.ts';
import { AccountStreams } from './account-streams.ts';
import { CandleWriter } from './candle-writer.ts';
import { PriceBoard } from './price-board.ts';
import { retried } from './retried.ts';
import type { StreamVenue } from './stream-venue.ts';
import { SymbolStreams } from './symbol-streams.ts';

const TICK_MS: DurationMs = 250;
const FLUSH_MS: DurationMs = 1_000;
const PRICES_MS: DurationMs = 200;
const FOLLOW_MS: DurationMs = 2_000;
const CLOCK_MS: DurationMs = 60_000;
const PRUNE_MS: DurationMs = 60_000;
/** A symbol that nobody asks for any more is watched for so long: the next execution may come at once. */
const LINGER_MS: DurationMs = 5 * 60_000;
const TAPE_KEPT_MS: DurationMs = 2 * 60 * 60_000;

export interface VenueStreamsSettings {
  /** Opened by `run`, and closed by it. */
  readonly openVenue: () => Promise<StreamVenue>;
  readonly candleSource: Pick<CandleSource, 'page' | 'newest'>;
  readonly marketTime: 'wall' | 'candles';
  readonly watchList: WatchList;
  readonly health: StreamHealthStore & StreamSessions;
  readonly tapes: TapeStore;
  readonly candles: Pick<ClosedCandleStore, 'coverage' | 'save' | 'prune'>;
  readonly running: Pick<RunningCandleStore, 'save'>;
  readonly prices: Pick<LastPriceStore, 'save'>;
  readonly intake: FillIntake;
  readonly orderedSymbols: OrderedSymbols;
  readonly clock: Clock;
  readonly log: (message: string) => void;
}

/** The streams of one venue account: those of the account always, those of symbols for as long as they are wanted. */
export function createVenueStreams(settings: VenueStreamsSettings): VenueStreams {
  return {
    run: async (signal, report) => {
      const venue = await settings.openVenue();
      try {
        await new StreamSession(venue, settings, signal, report).run();
      } finally {
        await venue.close();
      }
    },
  };
}

class StreamSession {
  readonly #venue: StreamVenue;
  readonly #settings: VenueStreamsSettings;
  readonly #signal: AbortSignal;
  readonly #report: (report: StreamReport) => void;
  readonly #symbols = new Map<string, { readonly streams: SymbolStreams; wantedAt: number }>();
  readonly #superseded = new AbortController();
  readonly #prices: PriceBoard;
  readonly #candles: CandleWriter;
  #account: AccountStreams | null = null;
  #session = 0;
  #followedAt: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(
    venue: StreamVenue,
    settings: VenueStreamsSettings,
    signal: AbortSignal,
    report: (report: StreamReport) => void,
  ) {
    this.#venue = venue;
    this.#settings = settings;
    this.#signal = signal;
    this.#report = report;
    this.#prices = new PriceBoard(settings.clock);
    const all = <T>(of: (streams: SymbolStreams) => readonly T[]): readonly T[] =>
      [...this.#symbols.values()].flatMap(({ streams }) => of(streams));
    this.#candles = new CandleWriter({
      due: () => all((streams) => streams.dueCandles()),
      save: (pieces) => settings.candles.save(venue.venueId, this.#session, pieces),
      running: {
        due: () => all((streams) => streams.dueRunning()),
        save: (pieces) => settings.running.save(venue.venueId, this.#session, pieces),
      },
    });
  }

  async run(): Promise<void> {
    const ended = AbortSignal.any([this.#signal, this.#superseded.signal]);
    try {
      await this.#begin(ended);
      const { log } = this.#settings;
      const quietly = (what: string, work: () => Promise<unknown>) => async (): Promise<void> => {
        try {
          await work();
        } catch (error) {
          if (error instanceof StreamsSuperseded) this.#superseded.abort(error);
          else log(`${what}: ${(error as Error).message}`);
        }
      };
      await Promise.all([
        every(TICK_MS, ended, async () => this.#tick()),
        this.#candles.run(
          ended,
          quietly('candles cannot be stored', () => this.#candles.store()),
        ),
        every(
          PRICES_MS,
          ended,
          quietly('prices cannot be stored', () => this.#storePrices()),
        ),
        every(
          FLUSH_MS,
          ended,
          quietly('streams cannot be stored', () => this.#flush()),
        ),
        every(
          FOLLOW_MS,
          ended,
          quietly('the symbols to watch cannot be read', () => this.#follow()),
        ),
        every(
          CLOCK_MS,
          ended,
          quietly('the venue clock cannot be measured', () => this.#venue.measureClock()),
        ),
        every(
          PRUNE_MS,
          ended,
          quietly('the tape cannot be pruned', () => this.#prune()),
        ),
      ]);
    } finally {
      await this.#end();
    }
    if (this.#superseded.signal.aborted) throw this.#superseded.signal.reason;
  }

  async #begin(ended: AbortSignal): Promise<void> {
    const { health, log } = this.#settings;
    const untilDone = (what: string, work: () => Promise<void>): Promise<void> =>
      retried(async () => {
        try {
          await work();
        } catch (error) {
          log(`${what}: ${(error as Error).message}`);
          throw error;
        }
      }, ended).catch(() => undefined);
    await untilDone('the session cannot begin', async () => {
      this.#session = await health.begin(this.#venue.venueId);
    });
    this.#tell();
    await untilDone('the venue cannot be reached', async () => {
      await orAborted(this.#venue.measureClock(), ended);
    });
    if (ended.aborted) return;
    const { intake, orderedSymbols, clock } = this.#settings;
    const onConnected = (connection: number): Promise<void> =>
      health.accountConnected(this.#venue.venueId, this.#session, connection);
    this.#account = new AccountStreams({ venue: this.#venue, intake, orderedSymbols, clock, onConnected, log });
  }

  #tick(): void {
    this.#account?.tick();
    for (const { streams } of this.#symbols.values()) streams.tick();
  }

  async #flush(): Promise<void> {
    for (const { streams } of this.#symbols.values()) await streams.flush(this.#session);
    await this.#settings.health.save(this.#venue.venueId, this.#session, this.#healthOfAll());
    this.#tell();
  }

  async #storePrices(): Promise<void> {
    const changed = this.#prices.take();
    if (changed.length === 0) return;
    try {
      await this.#settings.prices.save(this.#venue.venueId, this.#session, changed);
    } catch (error) {
      this.#prices.putBack(changed);
      throw error;
    }
  }

  #healthOfAll(): readonly StreamHealth[] {
    const ofSymbols = [...this.#symbols.values()].flatMap(({ streams }) => streams.health());
    return [...(this.#account?.health() ?? []), ...ofSymbols];
  }

  #tell(): void {
    const all = this.#healthOfAll();
    this.#report({
      session: this.#session,
      streams: all.length,
      live: all.filter(({ status }) => status === 'live').length,
    });
  }

  async #follow(): Promise<void> {
    const { watchList, clock, candleSource, marketTime, tapes, candles, log } = this.#settings;
    const now = clock.now();
    const all = await watchList.watched(this.#venue.venueId);
    this.#followedAt = clock.now();
    for (const watched of all) {
      const known = this.#symbols.get(watched.symbol);
      if (known === undefined) {
        const streams = new SymbolStreams(watched, {
          venue: this.#venue,
          candleSource,
          marketTime,
          tapes,
          candles,
          prices: this.#prices,
          onCandles: () => this.#candles.wake(),
          clock,
          log,
        });
        this.#symbols.set(watched.symbol, { streams, wantedAt: now });
      } else {
        known.wantedAt = now;
        known.streams.setCandles(watched.candles);
      }
    }
    for (const [symbol, { streams, wantedAt }] of this.#symbols) {
      if (now - wantedAt <= LINGER_MS) continue;
      this.#symbols.delete(symbol);
      await streams.close();
    }
  }

  async #prune(): Promise<void> {
    const { tapes, candles, clock } = this.#settings;
    await tapes.prune(this.#venue.venueId, this.#venue.venueNow() - TAPE_KEPT_MS);
    // Sessions that have been accepted since the last look may need what is about to go.
    if (clock.now() - this.#followedAt > 2 * FOLLOW_MS) return;
    for (const { streams } of this.#symbols.values()) {
      for (const { stream, before } of streams.outdatedCandles()) await candles.prune(stream, before);
    }
  }

  async #end(): Promise<void> {
    await Promise.all([this.#account?.close(), ...[...this.#symbols.values()].map(({ streams }) => streams.close())]);
    // What has come since the last time is not lost: whoever goes on reads it again.
    if (!this.#superseded.signal.aborted && this.#session > 0) {
      await this.#candles.store().catch(() => undefined);
      await this.#flush().catch(() => undefined);
    }
  }
}

/** Does `work` at once and again after each pause, until the signal aborts. */
async function every(ms: DurationMs, ended: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!ended.aborted) {
    await work();
    await pause(ms, ended);
  }
}
