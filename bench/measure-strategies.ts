import { strategyOf } from '../domain/strategies/registry.ts';
import type { BarFolder } from './bars.ts';
import { warmUp } from './measure.ts';
import { type Measurement, measurementOf } from './measurement.ts';
import type { Runner } from './runner.ts';
import { type Series, seriesOf } from './series.ts';
import { gridOf, kernelStrategies } from './strategy-grids.ts';
import type { Workbench } from './workbench.ts';

/** A strategy's own figure. */
export interface StrategyFigure extends Series {
  readonly id: string;
  readonly combos: number;
}

/** The slowest of our strategies, and what each of them reaches. */
export interface StrategiesMeasurement extends Measurement {
  readonly strategy: string;
  readonly strategies: readonly StrategyFigure[];
}

/** A grid of a few hundred sets of parameters for each strategy that the kernel runs, lines included; in one process, as a worker is. */
export async function measureStrategies(
  bars: BarFolder,
  workbench: Workbench,
  runs: number,
): Promise<StrategiesMeasurement> {
  const ours = workbench.startOurs();
  const figures: StrategyFigure[] = [];
  for (const id of kernelStrategies()) {
    workbench.say(`strategies: ${id}`);
    figures.push(await figureOf(id, bars, ours, runs));
  }
  await ours.close();
  const [slowest, ...rest] = figures.toSorted((x, y) => x.median - y.median);
  const { id, combos, ...series } = slowest!;
  const about = {
    name: 'slowest-strategy',
    title: `${id}, the slowest of ${rest.length + 1} strategies in the kernel: ${combos} sets of parameters`,
    unit: 'combos/s',
    data: bars.data,
  } as const;
  return { ...measurementOf(about, series, runs, []), strategy: id, strategies: [slowest!, ...rest] };
}

async function figureOf(id: string, { folder }: BarFolder, ours: Runner, runs: number): Promise<StrategyFigure> {
  const combos = gridOf(strategyOf(id)).length;
  const request = { case: 'strategy-grid', bars: folder, options: { strategy: id } };
  await warmUp(ours, request);
  const speeds: number[] = [];
  for (let run = 0; run < runs; run++) speeds.push((combos / (await ours.run(request)).elapsedMs) * 1_000);
  return { id, combos, ...seriesOf(speeds) };
}
