import { type DataIdentity, ENGINE_VERSION } from '../../backtest/manifest.ts';
import type { FieldProblem } from '../../parameters/param-spec.ts';

/** All that the rows of an optimisation depend on beside its spec. Whoever goes on with a job must be able to show the same. */
export interface OptimizationIdentity {
  readonly engineVersion: string;
  /** Bit-equal rows are promised within one major version of Node. */
  readonly nodeMajor: number;
  readonly data: readonly DataIdentity[];
  /** SHA-256 of a user's strategy file, and of what it imports, hex; `null` for a strategy of the registry. */
  readonly strategyHash: string | null;
  readonly seed: number;
}

/** The identity of this engine on that data. */
export function identityOf(own: Omit<OptimizationIdentity, 'engineVersion'>): OptimizationIdentity {
  return { ...own, engineVersion: ENGINE_VERSION };
}

/** Why a job that began as `expected` cannot go on with `found`: one problem for each difference. */
export function identityProblems(expected: OptimizationIdentity, found: OptimizationIdentity): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const differ = (field: string, wanted: unknown, now: unknown, what: string): void => {
    if (wanted === now) return;
    problems.push({ field, value: wanted, message: `${what}: it is now ${JSON.stringify(now ?? null)}` });
  };
  differ('engineVersion', expected.engineVersion, found.engineVersion, 'the engine is another than the job began with');
  differ('nodeMajor', expected.nodeMajor, found.nodeMajor, 'the job began with another major version of Node');
  differ('seed', expected.seed, found.seed, 'the seed is another than the job began with');
  differ(
    'strategyHash',
    expected.strategyHash,
    found.strategyHash,
    "the strategy's file, or one that it imports, has changed",
  );
  differ('data', expected.data.length, found.data.length, 'the job began with another number of symbols');
  for (const [i, { symbol, hash }] of expected.data.entries()) {
    const now = found.data[i];
    if (now !== undefined) differ(`data.${i}.hash`, hash, now.hash, `the bars of ${symbol} have changed`);
  }
  return problems;
}
