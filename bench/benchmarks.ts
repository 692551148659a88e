import { InvalidInput } from '../bin/stack/failures.ts';
import { BACKTEST_WORKLOADS, SMA_GRID_MEMORY } from './backtest-workloads.ts';
import { dataFolder } from './bars.ts';
import { INDICATOR_WORKLOADS } from './indicator-workloads.ts';
import { measure } from './measure.ts';
import { measureMemory } from './measure-memory.ts';
import { measureStrategies } from './measure-strategies.ts';
import type { Measurement, Report } from './measurement.ts';
import { agrees } from './parity.ts';
import { geometricMean } from './series.ts';
import { withWorkbench, type Workbench } from './workbench.ts';
import type { Workload } from './workload.ts';

export interface BenchOptions {
  readonly runs: number;
  /** Names of workloads; all when empty. */
  readonly only: readonly string[];
  /** Folder of market data, as given. */
  readonly dataFolder?: string;
  readonly say: (line: string) => void;
}

/** Something that is measured on a workbench. */
interface Task {
  readonly name: string;
  readonly packages: readonly string[];
  measure(workbench: Workbench, runs: number): Promise<Measurement>;
}

const packagesOf = ({ peers }: Workload): readonly string[] => peers.map(({ name }) => name);

/** Backtests, each workload in a process of its own: what one leaves behind must not slow down the next. */
const BACKTEST_TASKS: readonly Task[] = [
  ...BACKTEST_WORKLOADS.map((workload): Task => ({
    name: workload.name,
    packages: packagesOf(workload),
    measure: async (workbench, runs) => {
      const ours = workbench.startOurs();
      const peers = workload.peers.length === 0 ? null : workbench.startPeers();
      const bars = await workbench.bars.folderOf(workload.bars);
      const { versions, scratch, say } = workbench;
      const measurement = await measure(workload, bars, { runs, ours, peers, versions, scratch, say });
      await Promise.all([ours.close(), peers?.close()]);
      return measurement;
    },
  })),
  {
    name: 'slowest-strategy',
    packages: [],
    measure: async (workbench, runs) => measureStrategies(await workbench.bars.folderOf('days'), workbench, runs),
  },
  {
    name: `${SMA_GRID_MEMORY.name}-memory`,
    packages: packagesOf(SMA_GRID_MEMORY),
    measure: async (workbench, runs) =>
      measureMemory(SMA_GRID_MEMORY, await workbench.bars.folderOf(SMA_GRID_MEMORY.bars), workbench, runs),
  },
];

/** Measures backtests; the grid of SMA crosses comes first. */
export async function benchBacktest(options: BenchOptions): Promise<Report> {
  const tasks = chosen(BACKTEST_TASKS, options.only);
  const packages = [...new Set(tasks.flatMap((task) => task.packages))];
  const data = dataFolder(options.dataFolder);
  return withWorkbench({ data, packages, say: options.say }, async (workbench) => {
    const measurements: Measurement[] = [];
    for (const task of tasks) measurements.push(await task.measure(workbench, options.runs));
    const [main, ...others] = measurements;
    return { ...main!, machine: workbench.machine, others };
  });
}

/** Measures indicators beside TA-Lib; SMA comes first. All in one process, as a worker computes them. */
export async function benchIndicators(options: Omit<BenchOptions, 'dataFolder'>): Promise<Report> {
  const workloads = chosen(INDICATOR_WORKLOADS, options.only);
  return withWorkbench({ data: null, packages: ['TA-Lib'], say: options.say }, async (workbench) => {
    const ours = workbench.startOurs();
    const peers = workbench.startPeers();
    const { versions, scratch, say } = workbench;
    const measurements: Measurement[] = [];
    for (const workload of workloads) {
      const bars = await workbench.bars.folderOf(workload.bars);
      measurements.push(await measure(workload, bars, { runs: options.runs, ours, peers, versions, scratch, say }));
    }
    const [main, ...others] = measurements;
    const ratios = measurements.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
    const geometricMeanRatio = ratios.length === 0 ? null : geometricMean(ratios);
    return { ...main!, machine: workbench.machine, geometricMeanRatio, others };
  });
}

/** The workloads of a report whose results are not those of a peer. */
export function disagreeing(report: Report): readonly Measurement[] {
  return [report, ...report.others].filter(({ peers }) =>
    peers.some(({ parity }) => parity !== null && !agrees(parity)),
  );
}

/** Those that are asked for by name, or all. Throws an `InvalidInput` for a name that there is not. */
export function chosen<Named extends { readonly name: string }>(
  all: readonly Named[],
  only: readonly string[],
): readonly Named[] {
  for (const name of only) {
    if (!all.some((each) => each.name === name)) {
      throw new InvalidInput(
        `--only ${name}: there is no such workload; known are ${all.map((each) => each.name).join(', ')}`,
      );
    }
  }
  return only.length === 0 ? all : all.filter(({ name }) => only.includes(name));
}
