import type { Algorithm } from './algorithm.ts';
import { single } from './single/single.ts';
import { twap } from './twap/twap.ts';

/** All execution algorithms. To add one, see `docs/recipes/add-an-execution-algorithm.md`. */
export const algorithms: readonly Algorithm[] = [twap, single];

/** The algorithm of that name, or `undefined`. */
export function findAlgorithm(name: string): Algorithm | undefined {
  return algorithms.find((algorithm) => algorithm.name === name);
}
