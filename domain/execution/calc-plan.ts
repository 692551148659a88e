import Big from 'big.js';
import { type Decimal, difference, isDecimal, sumOf, toText } from '../market/decimal.ts';
import type { Instrument } from '../market/instrument.ts';
import { CATCH_UP_POLICIES, sizeChild } from './child-quantity.ts';
import { completeParams, type FieldProblem } from '../parameters/param-spec.ts';
import { choiceParam, type ExecutionPlan, numberParam } from './plan.ts';
import { algorithms, findAlgorithm } from './registry.ts';

/** One slice of a plan that runs without a hitch: every child fills in full. */
export interface PlannedSlice {
  readonly n: number;
  /** After the start. */
  readonly offsetMs: number;
  /** ISO 8601, `null` when the input names no start. */
  readonly dueAt: string | null;
  /** Cumulative, in base. */
  readonly target: Decimal;
  /** Of this child, in base; `"0"` where it is carried to the next slice. */
  readonly quantity: Decimal;
}

export interface PlanPreview {
  readonly algo: string;
  readonly quantity: Decimal;
  readonly planned: Decimal;
  /** What no child will trade: no whole lot, or below the venue's minimum. */
  readonly dust: Decimal;
  readonly slices: readonly PlannedSlice[];
}

export type PlanInput =
  | {
      readonly ok: true;
      readonly plan: ExecutionPlan;
      readonly instrument: Instrument;
      readonly price: Decimal;
      readonly dated: boolean;
    }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

const FIELDS = [
  'algo',
  'quantity',
  'lot',
  'durationMs',
  'startAt',
  'price',
  'minNotional',
  'minQuantity',
  'side',
  'executionId',
];

/**
 * Reads the input of `calc plan`: `{algo?, quantity, lot, durationMs?, startAt?, price?, minNotional?, minQuantity?, executionId?}` and the
 * algorithm's own parameters, e.g. `slices`. Jitter is drawn from the execution id, so that one that is known can be looked at. Amounts are
 * decimal text or JSON numbers. Without `durationMs` slices are one second apart.
 */
export function parsePlanInput(document: unknown): PlanInput {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return { ok: false, problems: [{ field: '', value: document, message: 'give a JSON object' }] };
  }
  const fields = document as Readonly<Record<string, unknown>>;
  const problems: FieldProblem[] = [];
  const name = fields['algo'] ?? 'twap';
  const algorithm = typeof name === 'string' ? findAlgorithm(name) : undefined;
  if (algorithm === undefined) {
    const known = algorithms.map((each) => each.name).join(', ');
    return { ok: false, problems: [{ field: 'algo', value: name, message: `unknown algorithm; known: ${known}` }] };
  }
  const quantity = amount(fields, 'quantity', null, problems);
  const lot = amount(fields, 'lot', null, problems);
  const price = amount(fields, 'price', '1', problems);
  const minNotional = amount(fields, 'minNotional', '0', problems);
  const minQuantity = amount(fields, 'minQuantity', '0', problems);
  const own = Object.fromEntries(Object.entries(fields).filter(([field]) => !FIELDS.includes(field)));
  const completed = completeParams(algorithm.params, own);
  problems.push(...completed.problems);
  const startAt = start(fields, problems);
  const durationMs = fields['durationMs'] ?? Number(completed.params['slices'] ?? 1) * 1_000;
  if (typeof durationMs !== 'number' || !Number.isSafeInteger(durationMs) || durationMs < 1) {
    problems.push({ field: 'durationMs', value: durationMs, message: 'give whole milliseconds above 0' });
  }
  const executionId = fields['executionId'] ?? 'calc';
  if (typeof executionId !== 'string' || !/^[\w.:-]{1,120}$/.test(executionId)) {
    problems.push({ field: 'executionId', value: executionId, message: 'give the id of an execution' });
  }
  if (problems.length > 0) return { ok: false, problems };
  const from = startAt ?? 0;
  return {
    ok: true,
    dated: startAt !== null,
    price,
    instrument: {
      symbol: 'BASE/QUOTE',
      base: 'BASE',
      quote: 'QUOTE',
      tick: '0.00000001',
      lot,
      minQuantity,
      maxQuantity: null,
      minNotional,
    },
    plan: {
      executionId: executionId as string,
      algo: algorithm.name,
      venue: 'calc',
      symbol: 'BASE/QUOTE',
      side: fields['side'] === 'sell' ? 'sell' : 'buy',
      quantity,
      lot,
      startAt: from,
      endAt: from + (durationMs as number),
      limit: null,
      params: completed.params,
    },
  };
}

function amount(
  fields: Readonly<Record<string, unknown>>,
  field: string,
  fallback: Decimal | null,
  problems: FieldProblem[],
): Decimal {
  const value = fields[field] ?? fallback;
  const text = typeof value === 'number' && Number.isFinite(value) ? toText(new Big(value)) : value;
  const positive = field !== 'minNotional' && field !== 'minQuantity';
  if (isDecimal(text) && (positive ? new Big(text).gt(0) : new Big(text).gte(0))) return text;
  const least = positive ? 'above 0' : 'of at least 0';
  problems.push({ field, value: value ?? null, message: `give a decimal number ${least}, such as "12.5"` });
  return '1';
}

function start(fields: Readonly<Record<string, unknown>>, problems: FieldProblem[]): number | null {
  const value = fields['startAt'];
  if (value === undefined || value === null) return null;
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  problems.push({ field: 'startAt', value, message: 'give an ISO 8601 time such as "2026-01-31T12:00:00Z"' });
  return null;
}

/** The schedule of a plan and its children, were each to fill in full at `price`. */
export function previewPlan({ plan, instrument, price, dated }: Extract<PlanInput, { ok: true }>): PlanPreview {
  const algorithm = findAlgorithm(plan.algo);
  if (algorithm === undefined) throw new RangeError(`there is no execution algorithm "${plan.algo}"`);
  const { schedule } = algorithm;
  const count = schedule.sliceCount(plan);
  const finalTarget = schedule.target(plan, count);
  const catchUp = choiceParam(plan, 'catchUp', CATCH_UP_POLICIES);
  const catchUpFactor = numberParam(plan, 'catchUpFactor');
  const slices: PlannedSlice[] = [];
  let filled: Decimal = '0';
  let previousTarget: Decimal = '0';
  for (let n = 1; n <= count; n += 1) {
    const target = schedule.target(plan, n);
    const sizing = sizeChild({
      previousTarget,
      target,
      finalTarget,
      filled,
      open: '0',
      catchUp,
      catchUpFactor,
      participationCap: null,
      instrument,
      price,
    });
    const quantity = sizing.kind === 'child' ? toText(sizing.quantity) : '0';
    const at = schedule.dueAt(plan, n);
    slices.push({ n, offsetMs: at - plan.startAt, dueAt: dated ? new Date(at).toISOString() : null, target, quantity });
    filled = sumOf([filled, quantity]);
    previousTarget = target;
  }
  return { algo: plan.algo, quantity: plan.quantity, planned: filled, dust: difference(plan.quantity, filled), slices };
}
