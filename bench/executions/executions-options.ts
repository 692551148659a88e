import type { DurationMs } from '../../domain/market/decimal.ts';

/** Parts of the benchmark of executions, in the order in which they run. */
export const EXECUTION_PARTS = ['lateness', 'saturation', 'api'] as const;
export type ExecutionPart = (typeof EXECUTION_PARTS)[number];

export interface ExecutionsOptions {
  /** TWAPs that are open at once. */
  readonly executions: number;
  /** Between two slices of one TWAP. */
  readonly sliceMs: DurationMs;
  /** How long lateness is measured. */
  readonly measuredMs: DurationMs;
  /** After the last start, before that. */
  readonly warmUpMs: DurationMs;
  /** How long bare loops are measured, before and after. */
  readonly bareMs: DurationMs;
  /** TWAPs with a slice a second that look for the most that can be done. */
  readonly saturating: number;
  readonly saturationMs: DurationMs;
  /** How long each endpoint of the API is under load. */
  readonly apiMs: DurationMs;
  readonly only: readonly ExecutionPart[];
  readonly say: (line: string) => void;
}

export const EXECUTIONS_DEFAULTS: Omit<ExecutionsOptions, 'say'> = {
  executions: 1_000,
  sliceMs: 120_000,
  measuredMs: 300_000,
  warmUpMs: 60_000,
  bareMs: 120_000,
  saturating: 60,
  saturationMs: 60_000,
  apiMs: 10_000,
  only: EXECUTION_PARTS,
};
