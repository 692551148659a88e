import type { OptimizationRunner, OptimizationStore } from '../../adapters/ports/optimization-store.ts';

/** Everything that chunks of an optimisation are worked on with. */
export interface OptimizationDependencies {
  readonly store: Pick<
    OptimizationStore,
    'findOptimization' | 'coveredRanges' | 'writeRows' | 'progressOf' | 'earlierTrials' | 'recordResult'
  >;
  readonly runner: Pick<OptimizationRunner, 'evaluate' | 'conclude'>;
  /** Who this worker is, and how many chunks it takes at once. */
  readonly worker: string;
  readonly slots: number;
}
