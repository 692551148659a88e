import type { Line } from './line.ts';
import type { LineSpec } from './line-spec.ts';
import { type Condition, ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT, type Operand, type Rules } from './rules.ts';

/** Whether a condition holds so many bars ago. Asked once for each bar, from the first bar on: a cross remembers. */
type Probe = (ago: number) => boolean;

/**
 * What the conditions of rules say at each bar. A cross is a matter of the lines from the first bar of the data on, whenever the
 * strategy is asked first, so that every engine sees the same: the first question looks back over all bars before.
 */
export class RuleSignals {
  readonly #sides: readonly (readonly [bit: number, probe: Probe])[];
  #next = 0;
  #bits = 0;

  constructor(rules: Rules, line: (spec: LineSpec) => Line) {
    const sides: [Condition | undefined, number][] = [
      [rules.enterLong, ENTER_LONG],
      [rules.exitLong, EXIT_LONG],
      [rules.enterShort, ENTER_SHORT],
      [rules.exitShort, EXIT_SHORT],
    ];
    this.#sides = sides.flatMap(([condition, bit]) =>
      condition === undefined ? [] : [[bit, probeOf(condition, line)] as const],
    );
  }

  /** `ENTER_LONG | ...` at bar `index`, at which the lines stand now. `index` never falls from call to call. */
  at(index: number): number {
    for (; this.#next <= index; this.#next++) {
      const ago = index - this.#next;
      let bits = 0;
      for (const [bit, probe] of this.#sides) if (probe(ago)) bits |= bit;
      this.#bits = bits;
    }
    return this.#bits;
  }
}

function probeOf(condition: Condition, line: (spec: LineSpec) => Line): Probe {
  switch (condition.kind) {
    case 'always':
      return () => true;
    case 'all':
      return allOf(condition.of.map((member) => probeOf(member, line)));
    case 'any':
      return anyOf(condition.of.map((member) => probeOf(member, line)));
    case 'above':
    case 'crossed-above':
    case 'below':
    case 'crossed-below': {
      const isAbove = condition.kind === 'above' || condition.kind === 'crossed-above';
      const upper = lineOf(isAbove ? condition.a : condition.b, line);
      const lower = lineOf(isAbove ? condition.b : condition.a, line);
      return condition.kind === 'above' || condition.kind === 'below'
        ? (ago) => upper.ago(ago) > lower.ago(ago)
        : crossOf(upper, lower);
    }
  }
}

/** All members are asked, whatever the first says: each has to see every bar. */
function allOf(members: readonly Probe[]): Probe {
  return (ago) => {
    let holds = true;
    for (const member of members) if (!member(ago)) holds = false;
    return holds;
  };
}

function anyOf(members: readonly Probe[]): Probe {
  return (ago) => {
    let holds = false;
    for (const member of members) if (member(ago)) holds = true;
    return holds;
  };
}

/** `upper` crosses above `lower`. `wasBelow`: seen below since a side was last NaN. */
function crossOf(upper: Line, lower: Line): Probe {
  let wasBelow = false;
  let wasAbove = false;
  return (ago) => {
    const a = upper.ago(ago);
    const b = lower.ago(ago);
    const isAbove = a > b;
    const crosses = isAbove && !wasAbove && wasBelow;
    if (a < b) wasBelow = true;
    // False also for NaN on either side.
    else if (!(a >= b)) wasBelow = false;
    wasAbove = isAbove;
    return crosses;
  };
}

function lineOf(operand: Operand, line: (spec: LineSpec) => Line): Line {
  return typeof operand === 'number' ? { now: operand, ago: () => operand } : line(operand);
}
