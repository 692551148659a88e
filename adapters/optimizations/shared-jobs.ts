import type { Candles } from '../../domain/market/candles.ts';
import type { PositionRange } from '../../domain/optimization/job/commands.ts';
import type { OptimizationJob } from '../ports/optimization-store.ts';
import type { SharedColumns, SharedWork } from './thread-job.ts';

export interface SharedJobsOptions {
  /** Most memory for the lines of one job. */
  readonly maxColumnBytes: number;
  /** Reads the bars of a job into shared memory. Throws when they are not those that it began with. */
  load(job: OptimizationJob): Promise<readonly Candles[]>;
  /** Computes the lines that combinations in a range read and that are not known, at most so many bytes. */
  columns(work: SharedWork, range: PositionRange, maxBytes: number): Promise<SharedColumns>;
}

/** Jobs whose bars and lines are kept: those that take turns on a worker, and no history. */
const MOST_JOBS = 3;

interface Shared {
  readonly markets: Promise<readonly Candles[]>;
  readonly columns: Map<string, Float64Array>;
  columnBytes: number;
  /** Lines are computed by one thread at a time, so that none is computed twice. */
  turn: Promise<void>;
}

/** Bars and lines of jobs in shared memory: read and computed once, for all threads and all chunks. */
export class SharedJobs {
  readonly #options: SharedJobsOptions;
  readonly #jobs = new Map<string, Shared>();

  constructor(options: SharedJobsOptions) {
    this.#options = options;
  }

  /** What a thread works on, with the lines that are known by now. */
  async workOf(job: OptimizationJob): Promise<SharedWork> {
    return this.#work(job, this.#shared(job));
  }

  /** Computes the lines that a range of positions reads, as far as there is room for them. */
  async prepare(job: OptimizationJob, range: PositionRange): Promise<void> {
    const shared = this.#shared(job);
    const turn = shared.turn.then(() => this.#compute(job, shared, range));
    shared.turn = turn.catch(() => undefined);
    await turn;
  }

  async #compute(job: OptimizationJob, shared: Shared, range: PositionRange): Promise<void> {
    const room = this.#options.maxColumnBytes - shared.columnBytes;
    const work = await this.#work(job, shared);
    if (room < (work.markets[0]?.length ?? 0) * Float64Array.BYTES_PER_ELEMENT) return;
    for (const [key, column] of await this.#options.columns(work, range, room)) {
      shared.columns.set(key, column);
      shared.columnBytes += column.byteLength;
    }
  }

  async #work({ id, request }: OptimizationJob, { markets, columns }: Shared): Promise<SharedWork> {
    const { spec, plan, identity, periodsPerYear, days } = request;
    return { id, spec, plan, identity, periodsPerYear, days, markets: await markets, columns };
  }

  #shared(job: OptimizationJob): Shared {
    const known = this.#jobs.get(job.id);
    const shared = known ?? this.#open(job);
    // The last used comes last, so that the first is the one to forget.
    this.#jobs.delete(job.id);
    this.#jobs.set(job.id, shared);
    for (const id of [...this.#jobs.keys()].slice(0, -MOST_JOBS)) this.#jobs.delete(id);
    return shared;
  }

  #open(job: OptimizationJob): Shared {
    const markets = this.#options.load(job);
    // What could not be read is read again at the next attempt.
    markets.catch(() => this.#jobs.delete(job.id));
    return { markets, columns: new Map(), columnBytes: 0, turn: Promise.resolve() };
  }
}
