import type { EpochMs } from '../../domain/market/decimal.ts';
import type { FaultEndpoint, FaultKind, Faults } from './faults.ts';

/** What a WebSocket connection serves: public market data, or the account's own events. */
export type StreamEndpoint = 'stream.public' | 'stream.user';

/** Where faults of streams may be set: one of the two, or both. */
export const STREAMS: readonly string[] = ['stream', 'stream.public', 'stream.user'] satisfies readonly FaultEndpoint[];

export const STREAM_FAULT_KINDS: readonly FaultKind[] = ['cut', 'silence', 'skip'];

/** What faults do to streams. */
export class StreamFaults {
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** Whether a connection must be closed without a word. `met` is the connection's own: each fault tries it once. */
  cuts(endpoint: StreamEndpoint, met: Set<string>, now: EpochMs): boolean {
    return this.#faults.strikes('cut', ['stream', endpoint], now, met);
  }

  /** Whether a message to one client is swallowed, as all are while the whole venue is frozen. Pings and answers to requests are not asked about. */
  silences(endpoint: StreamEndpoint, now: EpochMs): boolean {
    return this.#faults.frozen(now) || this.#faults.strikes('silence', ['stream', endpoint], now);
  }

  /** Whether a message to one client, whose loss a sequence would show or an account would miss, is left out. */
  skips(endpoint: StreamEndpoint, now: EpochMs): boolean {
    return this.#faults.strikes('skip', ['stream', endpoint], now);
  }
}
