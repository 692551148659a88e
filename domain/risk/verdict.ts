import type { LimitDenial } from './registry.ts';
import type { DenialShape } from './risk-limit.ts';

/** The gate's own refusals: an order that is none, and an input that a limit could not work with. */
export interface GateDenial extends DenialShape {
  readonly code: 'ORDER_INVALID' | 'INPUT_INVALID';
}

export type Denial = LimitDenial | GateDenial;

/** What the gate says about one order. A plain value: it is stored with the intent and shown as it is. */
export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly denials: readonly [Denial, ...Denial[]] };
