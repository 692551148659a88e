import type { PositionRange } from './commands.ts';

/** How long a chunk shall take: short enough to lose little when its worker dies, long enough that nobody feels its cost. */
const CHUNK_MS = 10_000;
/** Positions of a chunk before anything is known of their pace, and the most that a chunk grows from the largest before it. */
const FIRST_SIZE = 16;
const GROWTH = 16;
const LARGEST_SIZE = 250_000;
/** What a finished chunk counts against those before it. */
const WEIGHT = 0.5;
/** Chunks in flight for each slot: one is worked on, one waits, so that no slot ever does. */
const CHUNKS_PER_SLOT = 2;
const LEAST_WINDOW = 2;
const LARGEST_WINDOW = 64;
/** A worker that has not finished a chunk for so long is thought to be gone. */
const FORGET_AFTER_MS = 5 * 60_000;

/** What is left to do and how fast it went so far: plain JSON, carried from run to run of a workflow. */
export interface ChunkPlan {
  /** Positions that no chunk in flight covers, rising, without overlap. */
  readonly todo: readonly PositionRange[];
  /** Positions that one slot evaluates in a millisecond; `null` before the first chunk. */
  readonly pace: number | null;
  /** Size of the largest chunk that has been finished; 0 before. */
  readonly largest: number;
  /** Workers that finished a chunk lately. */
  readonly workers: Readonly<Record<string, { readonly slots: number; readonly seenAt: number }>>;
}

export function openPlan(todo: readonly PositionRange[]): ChunkPlan {
  return { todo, pace: null, largest: 0, workers: {} };
}

/** Chunks that all known workers take at once. */
export function slotsOf({ workers }: ChunkPlan): number {
  return Object.values(workers).reduce((sum, { slots }) => sum + slots, 0);
}

/** Chunks that may be in flight. It is bounded, so that jobs beside one another share the workers in equal parts. */
export function windowOf(plan: ChunkPlan): number {
  return Math.min(LARGEST_WINDOW, Math.max(LEAST_WINDOW, CHUNKS_PER_SLOT * slotsOf(plan)));
}

/**
 * Positions of the next chunk: about ten seconds of work, less while the pace is not known and towards the end, where large chunks would leave
 * slots idle.
 */
export function chunkSize(plan: ChunkPlan): number {
  const left = plan.todo.reduce((sum, { from, to }) => sum + to - from, 0);
  const grown = plan.largest === 0 ? FIRST_SIZE : plan.largest * GROWTH;
  const paced = plan.pace === null ? FIRST_SIZE : plan.pace * CHUNK_MS;
  const shared = Math.max(left / windowOf(plan), paced / 4);
  return Math.max(1, Math.floor(Math.min(LARGEST_SIZE, grown, paced, shared)));
}

/** Takes the next chunk off the plan; `null` when nothing is left. */
export function takeChunk(plan: ChunkPlan): { readonly chunk: PositionRange; readonly plan: ChunkPlan } | null {
  const [first, ...rest] = plan.todo;
  if (first === undefined) return null;
  const to = Math.min(first.to, first.from + chunkSize(plan));
  const todo = to === first.to ? rest : [{ from: to, to: first.to }, ...rest];
  return { chunk: { from: first.from, to }, plan: { ...plan, todo } };
}

/** Puts a chunk back that was not finished; ranges that touch become one. */
export function returnChunk(plan: ChunkPlan, chunk: PositionRange): ChunkPlan {
  const todo: PositionRange[] = [];
  for (const range of [...plan.todo, chunk].toSorted((a, b) => a.from - b.from)) {
    const last = todo.at(-1);
    if (last !== undefined && last.to === range.from) todo[todo.length - 1] = { from: last.from, to: range.to };
    else todo.push(range);
  }
  return { ...plan, todo };
}

/** What a finished chunk teaches: the pace of a slot, and who is there. */
export function afterChunk(
  plan: ChunkPlan,
  chunk: PositionRange,
  did: { readonly evaluated: number; readonly busyMs: number; readonly worker: string; readonly slots: number },
  now: number,
): ChunkPlan {
  // One that found most of its rows in the store says nothing about pace.
  const isMeasure = did.evaluated > 0 && did.evaluated * 2 >= chunk.to - chunk.from;
  const pace = did.evaluated / Math.max(1, did.busyMs);
  const workers = Object.fromEntries(
    Object.entries(plan.workers).filter(([, { seenAt }]) => now - seenAt < FORGET_AFTER_MS),
  );
  return {
    ...plan,
    pace: isMeasure ? (plan.pace === null ? pace : plan.pace * (1 - WEIGHT) + pace * WEIGHT) : plan.pace,
    largest: isMeasure ? Math.max(plan.largest, chunk.to - chunk.from) : plan.largest,
    workers: { ...workers, [did.worker]: { slots: did.slots, seenAt: now } },
  };
}
