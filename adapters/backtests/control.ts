import type { BacktestProgress } from '../../domain/backtest/commands.ts';

/** What a run is busy with. Only `strategy` may be code of a user's. */
export const PHASES = ['waiting', 'reading', 'strategy', 'summary'] as const;
export type Phase = (typeof PHASES)[number];

const CANCELLED = 0;
const PHASE = 1;
const BARS_DONE = 2;
const BARS = 3;
const TICKS = 4;
const CELLS = 5;

/** Memory that a run shares with whoever watches it: how far it is, and whether it shall stop. */
export class RunControl {
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#cells = new Int32Array(memory);
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

  /** All bars that will be walked through, of all symbols' joint time axis. */
  setBars(bars: number): void {
    Atomics.store(this.#cells, BARS, bars);
  }

  setBarsDone(bars: number): void {
    Atomics.store(this.#cells, BARS_DONE, bars);
  }

  /** Tells that the strategy is alive at that bar of its symbol. */
  tick(bar: number): void {
    Atomics.add(this.#cells, TICKS, 1);
    if (bar >= Atomics.load(this.#cells, BARS_DONE)) this.setBarsDone(bar + 1);
  }

  /** Tells that reading goes on. */
  beat(): void {
    Atomics.add(this.#cells, TICKS, 1);
  }

  /** Changes whenever anything has moved on. */
  get pulse(): string {
    const { barsDone } = this.progress;
    return `${this.phase} ${barsDone} ${Atomics.load(this.#cells, TICKS)}`;
  }

  get progress(): BacktestProgress {
    return { barsDone: Atomics.load(this.#cells, BARS_DONE), bars: Atomics.load(this.#cells, BARS) };
  }
}
