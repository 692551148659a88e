import { ThreadPool, type ThreadPoolOptions } from '../threads/thread-pool.ts';

/** Pools that are kept for jobs which nobody works on at the moment: the next chunk finds its threads ready. */
const MOST_IDLE = 2;

interface Kept {
  readonly pool: ThreadPool;
  users: number;
}

/**
 * Threads by job, for jobs that run code of a user's: a thread in which it has run serves no other job, but need not be made anew for each
 * portion of its own.
 */
export class JobPools {
  readonly #options: ThreadPoolOptions;
  readonly #pools = new Map<string, Kept>();

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  /** Runs work on the threads of a job, which are there as long as anybody uses them. */
  async use<T>(jobId: string, work: (pool: ThreadPool) => Promise<T>): Promise<T> {
    const kept = this.#pools.get(jobId) ?? { pool: new ThreadPool(this.#options), users: 0 };
    // The last used comes last, so that the first is the one to end.
    this.#pools.delete(jobId);
    this.#pools.set(jobId, kept);
    kept.users += 1;
    try {
      return await work(kept.pool);
    } finally {
      kept.users -= 1;
      await this.#endIdle();
    }
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map(({ pool }) => pool.close()));
  }

  async #endIdle(): Promise<void> {
    const idle = [...this.#pools].filter(([, { users }]) => users === 0).slice(0, -MOST_IDLE);
    for (const [id] of idle) this.#pools.delete(id);
    await Promise.all(idle.map(([, { pool }]) => pool.close()));
  }
}
