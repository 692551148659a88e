import type { DurationMs } from '../../domain/market/decimal.ts';
import type { PositionRange } from '../../domain/optimization/job/commands.ts';

/**
 * How long a portion shall take: it is what a killed worker or a pause loses, and how often progress is told. Not shorter, since the kernel is
 * at its best with thousands of combinations at a time.
 */
const PORTION_MS = 3_000;
const FIRST = 16;
const GROWTH = 8;
/** As many combinations as the kernel takes through the bars together. */
const MOST = 4_096;
const MOST_JOBS = 64;

/** How many positions the next portion of each job shall have, by how long the ones before took. */
export class PortionSize {
  readonly #sizes = new Map<string, number>();

  /** For so many positions that are left of a chunk: equal parts, so that no small rest remains. */
  of(jobId: string, left: number): number {
    const size = this.#sizes.get(jobId) ?? FIRST;
    return Math.ceil(left / Math.max(Math.round(left / size), Math.ceil(left / MOST)));
  }

  learn(jobId: string, { from, to }: PositionRange, tookMs: DurationMs): void {
    const size = to - from;
    const before = this.#sizes.get(jobId) ?? FIRST;
    // A rest at the end of a chunk says little about larger ones.
    if (size < before / 2) return;
    const wanted = (size / Math.max(1, tookMs)) * PORTION_MS;
    this.#sizes.delete(jobId);
    this.#sizes.set(jobId, Math.max(1, Math.floor(Math.min(wanted, size * GROWTH, MOST))));
    if (this.#sizes.size > MOST_JOBS) this.#sizes.delete(this.#sizes.keys().next().value!);
  }
}
