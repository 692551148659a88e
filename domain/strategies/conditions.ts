import type { Condition, Operand } from './rules.ts';

/** What is true while `a` is greater than `b`. Here and below both are lines or constants, and a side that is NaN makes it false. */
export function above(a: Operand, b: Operand): Condition {
  return compared('above', a, b);
}

/** True while `a` is less than `b`. */
export function below(a: Operand, b: Operand): Condition {
  return compared('below', a, b);
}

/** True at the bar at which `a` has come above `b`; `rules.ts` defines it. */
export function crossedAbove(a: Operand, b: Operand): Condition {
  return compared('crossed-above', a, b);
}

/** True at the bar at which `a` has come below `b`. */
export function crossedBelow(a: Operand, b: Operand): Condition {
  return compared('crossed-below', a, b);
}

/** True while all are; `all()` is always true. */
export function all(...conditions: readonly Condition[]): Condition {
  return { kind: 'all', of: conditions };
}

/** True while one is; `any()` is never true. */
export function any(...conditions: readonly Condition[]): Condition {
  return { kind: 'any', of: conditions };
}

/** True at every bar. */
export function always(): Condition {
  return { kind: 'always' };
}

function compared(kind: 'above' | 'below' | 'crossed-above' | 'crossed-below', a: Operand, b: Operand): Condition {
  checkOperand(kind, a);
  checkOperand(kind, b);
  return { kind, a, b };
}

/** Plain JavaScript may hand in anything, most likely a `Line` of a free-form strategy or a parameter that does not exist. */
function checkOperand(kind: string, operand: unknown): void {
  if (typeof operand === 'number' && !Number.isNaN(operand)) return;
  const isLineSpec =
    typeof operand === 'object' &&
    operand !== null &&
    'kind' in operand &&
    (operand.kind === 'price' || operand.kind === 'indicator');
  if (!isLineSpec) {
    throw new TypeError(
      `${kind}: ${String(operand)} is nothing to compare: give price(...), indicator(...) or a number`,
    );
  }
}
