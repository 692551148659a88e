import { setTimeout as sleep } from 'node:timers/promises';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { FaultEndpoint } from './faults.ts';

/** A request that a `delay` holds up at this moment. */
export interface HeldRequest {
  readonly endpoint: FaultEndpoint | null;
  readonly clientOrderId: string | null;
  /** Before it is processed, or after, with its answer ready. */
  readonly phase: 'before' | 'after';
  readonly since: EpochMs;
}

/** The requests that delays hold up. */
export class HeldRequests {
  readonly #held = new Map<AbortController, HeldRequest>();

  /** Resolves after `delayMs`, or as soon as all are let go. */
  async hold(delayMs: DurationMs, request: HeldRequest): Promise<void> {
    if (delayMs === 0) return;
    const release = new AbortController();
    this.#held.set(release, request);
    await sleep(delayMs, undefined, { signal: release.signal }).catch(() => undefined);
    this.#held.delete(release);
  }

  list(): readonly HeldRequest[] {
    return [...this.#held.values()];
  }

  letGo(): void {
    for (const release of this.#held.keys()) release.abort();
  }
}
