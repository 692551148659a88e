import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT } from '../../strategies/rules.ts';
import type { TruthList } from './truth-list.ts';

/** What the conditions say on the bars of a tile, as runs: `bits[k]` (`ENTER_LONG | ...`) hold from `bars[k]` until the next begins. */
export interface SignalRuns {
  readonly bars: Int32Array;
  readonly bits: Uint8Array;
  count: number;
}

/** Room for the signals of a tile. */
export function allocateSignals(tileBars: number): SignalRuns {
  return { bars: new Int32Array(tileBars + 1), bits: new Uint8Array(tileBars + 1), count: 0 };
}

/** Bits of the roots of a program, in their order. */
export const ROOT_BITS = [ENTER_LONG, EXIT_LONG, ENTER_SHORT, EXIT_SHORT] as const;

/** Beyond all bars. */
const END = 0x7fffffff;

/** Puts the truth of the four conditions on the tile from bar `from` on together. */
export function mergeSignals(
  enterLong: TruthList,
  exitLong: TruthList,
  enterShort: TruthList,
  exitShort: TruthList,
  from: number,
  signals: SignalRuns,
): void {
  const { bars, bits } = signals;
  let [i, j, k, l] = [0, 0, 0, 0];
  let a = nextOf(enterLong, 0);
  let b = nextOf(exitLong, 0);
  let c = nextOf(enterShort, 0);
  let d = nextOf(exitShort, 0);
  let held = 0;
  let count = 0;
  for (;;) {
    const left = a < b ? a : b;
    const right = c < d ? c : d;
    const bar = left < right ? left : right;
    if (bar === END) break;
    if (a === bar) {
      held ^= ENTER_LONG;
      a = nextOf(enterLong, ++i);
    }
    if (b === bar) {
      held ^= EXIT_LONG;
      b = nextOf(exitLong, ++j);
    }
    if (c === bar) {
      held ^= ENTER_SHORT;
      c = nextOf(enterShort, ++k);
    }
    if (d === bar) {
      held ^= EXIT_SHORT;
      d = nextOf(exitShort, ++l);
    }
    bars[count] = bar;
    bits[count++] = held;
  }
  if (count === 0) {
    bars[0] = from;
    bits[count++] = 0;
  }
  signals.count = count;
}

function nextOf({ bars, count }: TruthList, place: number): number {
  return place < count ? bars[place]! : END;
}
