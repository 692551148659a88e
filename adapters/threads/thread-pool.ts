import type { Worker } from 'node:worker_threads';
import { openThread, type ThreadCode } from './open-thread.ts';

export interface ThreadPoolOptions {
  readonly code: ThreadCode;
  /** Most threads at once; further jobs wait their turn. */
  readonly threads: number;
  /** Most memory of a thread's own objects; above it the thread dies, not the process. */
  readonly maxHeapMb: number;
}

export interface JobOptions {
  /** Ends the job's thread at once; the job fails with the signal's reason. A job that waits is given up. */
  readonly kill: AbortSignal;
  /** Told when a thread takes the job. */
  readonly onStart?: () => void;
  /** Whether the thread may serve further jobs: not after it ran code that is not ours. */
  readonly keepThread: boolean;
  /** Whose code it runs: a thread is kept for jobs with the same name, which it serves one after the other, and no others. */
  readonly keptFor?: string;
}

/** A thread ended without an answer to its job. */
export class ThreadEnded extends Error {
  readonly outOfMemory: boolean;

  constructor(message: string, outOfMemory: boolean) {
    super(message);
    this.name = 'ThreadEnded';
    this.outOfMemory = outOfMemory;
  }
}

/** What a thread answers, see `serveThread`. */
export type ThreadAnswer =
  | { readonly value: unknown; readonly isWorn?: boolean }
  | { readonly error: { readonly message: string; readonly stack: string | undefined } };

type Answered = Exclude<ThreadAnswer, { readonly error: unknown }>;

interface Waiting {
  readonly job: unknown;
  readonly options: JobOptions;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread that waits for a job. */
interface Idle {
  readonly thread: Worker;
  /** `null`: for jobs of ours. */
  readonly keptFor: string | null;
}

/** Threads that a pool of that size keeps for somebody's code; of more, the one that has waited longest ends. */
export function mostKeptFor(threads: number): number {
  return Math.max(8, 2 * threads);
}

/** Threads that take one job each at a time, made when they are needed and kept for further jobs. */
export class ThreadPool {
  readonly #options: ThreadPoolOptions;
  #idle: Idle[] = [];
  readonly #busy = new Set<Worker>();
  /** For whom a thread is busy: what is kept for a name is in one thread. */
  readonly #busyFor = new Set<string>();
  readonly #queue: Waiting[] = [];
  #closed = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  /** Runs a job, which is copied to the thread. Throws `ThreadEnded` when its thread dies, the kill signal's reason when it is killed. */
  run(job: unknown, options: JobOptions): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Error('the threads are closed'));
    return new Promise((resolve, reject) => {
      const giveUp = (): void => this.#giveUp(waiting);
      // A signal that is joined from others is kept as long as anybody listens, and with the listener what the job came to.
      const deaf = (): void => options.kill.removeEventListener('abort', giveUp);
      const waiting: Waiting = {
        job,
        options,
        resolve: (value) => {
          deaf();
          resolve(value);
        },
        reject: (error) => {
          deaf();
          reject(error as Error);
        },
      };
      this.#queue.push(waiting);
      options.kill.addEventListener('abort', giveUp, { once: true });
      if (options.kill.aborted) this.#giveUp(waiting);
      this.#next();
    });
  }

  /** Ends all threads; jobs under way fail. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#queue.splice(0)) reject(new Error('the threads are closed'));
    await Promise.all(
      [...this.#idle.splice(0).map(({ thread }) => thread), ...this.#busy].map((thread) => thread.terminate()),
    );
  }

  #giveUp(waiting: Waiting): void {
    const place = this.#queue.indexOf(waiting);
    if (place === -1) return;
    this.#queue.splice(place, 1);
    waiting.reject(waiting.options.kill.reason);
  }

  #next(): void {
    while (this.#busy.size < this.#options.threads) {
      const place = this.#queue.findIndex(
        ({ options: { keptFor } }) => keptFor === undefined || !this.#busyFor.has(keptFor),
      );
      if (place === -1) return;
      void this.#serve(this.#queue.splice(place, 1)[0]!);
    }
  }

  async #serve({ job, options, resolve, reject }: Waiting): Promise<void> {
    const keptFor = options.keptFor ?? null;
    const thread = this.#take(keptFor);
    this.#busy.add(thread);
    if (keptFor !== null) this.#busyFor.add(keptFor);
    const free = (): void => {
      this.#busy.delete(thread);
      if (keptFor !== null) this.#busyFor.delete(keptFor);
    };
    let isWorn = false;
    const outcome = await this.#ask(thread, job, options).then(
      (answer) => {
        isWorn = answer.isWorn === true;
        return () => resolve(answer.value);
      },
      (error: unknown) => () => reject(error),
    );
    // -1 is the id of a thread that has ended.
    const isAlive = thread.threadId !== -1 && !options.kill.aborted;
    if (isAlive && options.keepThread && !isWorn && !this.#closed) {
      free();
      this.#idle.push({ thread, keptFor });
      outcome();
      await this.#endOldest();
    } else {
      // One that waits inside of the system ends late: whoever asked does not wait for that, but its place stays taken.
      outcome();
      await thread.terminate();
      free();
    }
    this.#next();
  }

  /** One that nobody's code has run in serves anybody. */
  #take(keptFor: string | null): Worker {
    const own = this.#idle.findLastIndex((idle) => idle.keptFor === keptFor);
    const place = own === -1 ? this.#idle.findLastIndex((idle) => idle.keptFor === null) : own;
    const [idle] = place === -1 ? [] : this.#idle.splice(place, 1);
    return idle?.thread ?? this.#open();
  }

  async #endOldest(): Promise<void> {
    const kept = this.#idle.filter(({ keptFor }) => keptFor !== null);
    if (kept.length <= mostKeptFor(this.#options.threads)) return;
    this.#idle = this.#idle.filter((idle) => idle !== kept[0]);
    await kept[0]!.thread.terminate();
  }

  #ask(thread: Worker, job: unknown, { kill, onStart }: JobOptions): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const ended = (code: number): void =>
        settle(() => reject(new ThreadEnded(`the thread ended with code ${code} before it had answered`, false)));
      const failed = (error: Error & { code?: string }): void => {
        const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        settle(() => reject(new ThreadEnded(error.message, outOfMemory)));
      };
      const answered = (answer: ThreadAnswer): void =>
        settle(() => ('error' in answer ? reject(errorOf(answer.error)) : resolve(answer)));
      const killed = (): void => {
        void thread.terminate();
        settle(() => reject(kill.reason));
      };
      const settle = (how: () => void): void => {
        thread.off('exit', ended).off('error', failed).off('message', answered);
        // A thread that fails while it is being ended has nobody else to tell.
        if (thread.listenerCount('error') === 0) thread.on('error', () => undefined);
        kill.removeEventListener('abort', killed);
        how();
      };
      thread.on('exit', ended).on('error', failed).on('message', answered);
      kill.addEventListener('abort', killed);
      if (kill.aborted) return killed();
      onStart?.();
      thread.postMessage(job);
    });
  }

  #open(): Worker {
    const { code, maxHeapMb } = this.#options;
    const thread = openThread(code, {
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
      // Code of a user runs there: it gets no secret of the process, and what it prints is no result.
      env: {},
      stdout: true,
      stderr: true,
    });
    thread.stdout.pipe(process.stderr, { end: false });
    thread.stderr.pipe(process.stderr, { end: false });
    return thread;
  }
}

/** The error of a thread as one of ours, with the stack that it had there. */
function errorOf({ message, stack }: { readonly message: string; readonly stack: string | undefined }): Error {
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
