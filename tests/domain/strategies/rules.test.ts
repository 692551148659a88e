import { expect, it } from '@jest/globals';
import {
  CLOSE,
  decideSignal,
  ENTER_LONG,
  ENTER_SHORT,
  EXIT_LONG,
  EXIT_SHORT,
  HOLD,
  OPEN_LONG,
  OPEN_SHORT,
} from '../../../domain/strategies/rules.ts';

// What the bits ask of a short position, of none and of a long one.
it.each<[string, number, [short: number, flat: number, long: number]]>([
  ['nothing', 0, [HOLD, HOLD, HOLD]],
  ['enter long', ENTER_LONG, [OPEN_LONG, OPEN_LONG, HOLD]],
  ['exit long', EXIT_LONG, [HOLD, HOLD, CLOSE]],
  ['enter short', ENTER_SHORT, [HOLD, OPEN_SHORT, OPEN_SHORT]],
  ['exit short', EXIT_SHORT, [CLOSE, HOLD, HOLD]],
  ['both entries', ENTER_LONG | ENTER_SHORT, [HOLD, HOLD, HOLD]],
  ['both exits', EXIT_LONG | EXIT_SHORT, [CLOSE, HOLD, CLOSE]],
  ['enter and exit long', ENTER_LONG | EXIT_LONG, [HOLD, HOLD, HOLD]],
  ['enter and exit short', ENTER_SHORT | EXIT_SHORT, [HOLD, HOLD, HOLD]],
  ['a turn to long', ENTER_LONG | EXIT_SHORT, [OPEN_LONG, OPEN_LONG, HOLD]],
  ['a turn to short', ENTER_SHORT | EXIT_LONG, [HOLD, OPEN_SHORT, OPEN_SHORT]],
  // The short side cancels itself, so the long one stands alone.
  ['enter long, enter and exit short', ENTER_LONG | ENTER_SHORT | EXIT_SHORT, [OPEN_LONG, OPEN_LONG, HOLD]],
  ['everything', ENTER_LONG | EXIT_LONG | ENTER_SHORT | EXIT_SHORT, [HOLD, HOLD, HOLD]],
])('decides on %s', (_, bits, expected) => {
  expect(([-1, 0, 1] as const).map((position) => decideSignal(position, bits))).toEqual(expected);
});
