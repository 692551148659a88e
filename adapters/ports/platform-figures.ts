import type { DurationMs } from '../../domain/market/decimal.ts';
import type { StreamHealthEntry } from './stream-health.ts';

/** How late something was, in cumulative counts by upper bound. */
export interface LatenessFigures {
  /** Upper bounds in seconds, rising. */
  readonly bounds: readonly number[];
  /** Those at most so late as the bound in the same place. */
  readonly counts: readonly number[];
  readonly count: number;
  /** Seconds; what was early counts as 0. */
  readonly sum: number;
}

/** The platform in numbers, as Postgres has it. */
export interface PlatformFigures {
  readonly executions: readonly { readonly status: string; readonly count: number }[];
  readonly orders: readonly { readonly venue: string; readonly outcome: string; readonly count: number }[];
  readonly denials: readonly { readonly code: string; readonly count: number }[];
  /** Of slices: how long after their time they were sent. */
  readonly lateness: LatenessFigures;
  readonly sessions: readonly { readonly status: string; readonly count: number }[];
  /** Decisions of sessions: one for each bar of each symbol. */
  readonly barsDecided: number;
  /** Of these, how long after the close of their bar; without those of replays, whose bars closed long ago. */
  readonly decisionLatency: LatenessFigures;
  readonly haltsInForce: number;
  readonly lastEventId: number;
  readonly venues: readonly {
    readonly id: string;
    readonly up: boolean;
    /** Request weight used and allowed within the exchange's window; `null` when the exchange does not say. */
    readonly usedWeight: number | null;
    readonly weightLimit: number | null;
    /** Age of these; `null` when none were ever written. */
    readonly healthAgeMs: DurationMs | null;
    readonly ownerEpoch: number | null;
    readonly owned: boolean;
  }[];
  readonly streams: readonly (StreamHealthEntry & {
    /** Since the last message by our clock; `null` before the first. */
    readonly silentMs: DurationMs | null;
  })[];
}

/** Reads the figures. One call at a time: they are a good handful of queries. */
export interface FiguresReader {
  readFigures(): Promise<PlatformFigures>;
}
