import type { Candles } from '../../domain/market/candles.ts';
import type { Rows } from '../parity.ts';

/** A workload on given bars, ready to run as often as wanted. What it returns makes rows of the result, which is no part of the work. */
export type Work = () => MakeRows | Promise<MakeRows>;

type MakeRows = () => Rows;

/** Our side of a workload. `options` are those of the workload; a wrong one throws a `RangeError` that names it. */
export type Case = (candles: Candles, options: Readonly<Record<string, unknown>>) => Work | Promise<Work>;
