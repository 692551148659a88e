import type { BenchOptions } from './benchmarks.ts';
import { chosen } from './benchmarks.ts';
import { measureGrid } from './measure-grid.ts';
import { JOB_PARTS, measureJobs } from './measure-jobs.ts';
import { measureSearchMemory } from './measure-search-memory.ts';
import type { Measurement, Report } from './measurement.ts';
import { GRID_WORKLOADS, THREADS } from './optimize-workloads.ts';
import { withWorkbench, type Workbench } from './workbench.ts';

interface Task {
  readonly name: string;
  readonly packages: readonly string[];
  measure(workbench: Workbench, runs: number): Promise<readonly Measurement[]>;
}

const TASKS: readonly Task[] = [
  ...GRID_WORKLOADS.map((workload): Task => ({
    name: workload.name,
    packages: workload.peers.map(({ name }) => name),
    measure: async (workbench, runs) =>
      measureGrid(workload, await workbench.bars.folderOf(workload.bars), workbench, runs),
  })),
  {
    name: 'search-memory',
    packages: [],
    measure: async (workbench) => [await measureSearchMemory(workbench)],
  },
];

/** Measures searches on two threads; the grid of 10,000 combinations comes first. What concerns jobs starts a stack of its own. */
export async function benchOptimize(options: Omit<BenchOptions, 'dataFolder'>): Promise<Report> {
  const named = chosen([...TASKS, ...JOB_PARTS.map((name) => ({ name }))], options.only).map(({ name }) => name);
  const tasks = TASKS.filter(({ name }) => named.includes(name));
  const parts = JOB_PARTS.filter((name) => named.includes(name));
  const packages = [...new Set(tasks.flatMap((task) => task.packages))];
  return withWorkbench({ data: null, packages, threads: THREADS, say: options.say }, async (workbench) => {
    const measurements: Measurement[] = [];
    for (const task of tasks) measurements.push(...(await task.measure(workbench, options.runs)));
    if (parts.length > 0) measurements.push(...(await measureJobs(workbench, options.runs, parts)));
    const [main, ...others] = measurements;
    return { ...main!, machine: workbench.machine, threads: THREADS, others };
  });
}
