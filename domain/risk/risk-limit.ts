import type { GateInput } from './gate-input.ts';

/** One reason to refuse an order. Every limit narrows `code` to its own words; all of it is plain JSON. */
export interface DenialShape {
  readonly code: string;
  /** What was found, as text; `null` when it was missing. */
  readonly value: string | null;
  /** The bound it was held against; `null` where there is none. */
  readonly limit: string | null;
  /** For people: what was found, what is allowed, what to do. */
  readonly message: string;
}

/** One limit of the gate: a pure function of the input. An empty answer allows. */
export interface RiskLimit<D extends DenialShape = DenialShape> {
  readonly id: string;
  /** Every code that `check` can give, once each. */
  readonly codes: readonly D['code'][];
  /** Paths of the nullable inputs without which the limit denies. */
  readonly needs: readonly GateNeed[];
  check(input: GateInput): readonly D[];
}

export type GateNeed = Exclude<keyof GateInput, 'now' | 'order' | 'config'> | `config.${keyof GateInput['config']}`;
