import type { BacktestProgress } from '../../domain/backtest/commands.ts';

/** What a run is busy with. `loading` and `strategy` may be code of a user's. */
export const PHASES = ['waiting', 'reading', 'loading', 'strategy', 'summary'] as const;
export type Phase = (typeof PHASES)[number];

const CANCELLED = 0;
const PHASE = 1;
const BARS_DONE = 2;
const BARS = 3;
const TICKS = 4;
const ASKED = 5;
const BUFFER_LIMIT = 6;
const IS_MEASURED = 7;
const CELLS = 8;

/** Memory that a run shares with whoever watches it: how far it is, and whether it shall stop. */
export class RunControl {
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array;
  /** Bytes in buffers that a strategy's are counted from; `null` to count from its first bar. Of this thread alone. */
  buffersBefore: number | null = null;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#cells = new Int32Array(memory);
  }

  /** What a strategy works for: what it holds in buffers is counted from there on. */
  get work(): object {
    return this;
  }

  cancel(): void {
    Atomics.store(this.#cells, CANCELLED, 1);
  }

  get isCancelled(): boolean {
    return Atomics.load(this.#cells, CANCELLED) === 1;
  }

  get phase(): Phase {
    return PHASES[Atomics.load(this.#cells, PHASE)]!;
  }

  enter(phase: Phase): void {
    Atomics.store(this.#cells, PHASE, PHASES.indexOf(phase));
  }

  /** Whether code of a user's may be running. */
  get isInStrategy(): boolean {
    return this.phase === 'loading' || this.phase === 'strategy';
  }

  /** All bars of the symbols' joint time axis up to the end of the range, warm-up included. */
  setBars(bars: number): void {
    Atomics.store(this.#cells, BARS, bars);
  }

  /** Bars of these that lie behind. */
  setBarsDone(bars: number): void {
    Atomics.store(this.#cells, BARS_DONE, bars);
  }

  /** Tells that the strategy is asked at that bar of its symbol. */
  tick(bar: number): void {
    Atomics.add(this.#cells, TICKS, 1);
    Atomics.store(this.#cells, ASKED, bar + 1);
  }

  /** Tells that reading, or summing up, goes on. */
  beat(): void {
    Atomics.add(this.#cells, TICKS, 1);
  }

  /** The bar at which a user's strategy was asked last; `null` before its first. */
  get askedBar(): number | null {
    const asked = Atomics.load(this.#cells, ASKED);
    return asked === 0 ? null : asked - 1;
  }

  /** Most memory outside of the heap that a user's strategy may take, in MB; 0 for no limit. */
  get maxBufferMb(): number {
    return Atomics.load(this.#cells, BUFFER_LIMIT);
  }

  set maxBufferMb(megabytes: number) {
    Atomics.store(this.#cells, BUFFER_LIMIT, megabytes);
  }

  /** Asks the run to measure its memory at its next bar. */
  askMeasure(): void {
    Atomics.store(this.#cells, IS_MEASURED, 1);
  }

  /** Whether that was asked since the last call. */
  takeMeasure(): boolean {
    return Atomics.load(this.#cells, IS_MEASURED) === 1 && Atomics.exchange(this.#cells, IS_MEASURED, 0) === 1;
  }

  /** Changes whenever anything has moved on. */
  get pulse(): string {
    return `${this.phase} ${Atomics.load(this.#cells, BARS_DONE)} ${Atomics.load(this.#cells, TICKS)}`;
  }

  /** Bars before the one that a user's strategy is asked at are done, too. */
  get progress(): BacktestProgress {
    const bars = Atomics.load(this.#cells, BARS);
    return { barsDone: Math.min(bars, Math.max(Atomics.load(this.#cells, BARS_DONE), this.askedBar ?? 0)), bars };
  }
}
