import type { DurationMs } from '../../domain/market/decimal.ts';

/** Parts of the benchmark of executions, in the order in which they run. */
export const EXECUTION_PARTS = ['lateness', 'api', 'saturation'] as const;
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
  /** TWAPs that each step towards saturation adds, a slice every 10 s each. */
  readonly stepExecutions: number;
  /** How long each step is measured. */
  readonly stepMs: DurationMs;
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
  stepExecutions: 50,
  stepMs: 20_000,
  apiMs: 10_000,
  only: EXECUTION_PARTS,
};
