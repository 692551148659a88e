import { join } from 'node:path';
import { writeBarFile } from './bar-file.ts';
import { type Measurement, measurementOf } from './measurement.ts';
import { searchSpec, THREADS } from './optimize-workloads.ts';
import { seriesOf } from './series.ts';
import type { Workbench } from './workbench.ts';

const MEGABYTE = 1e6;
const BARS = 500;
/** Combinations; the lines are nearly the same for all, so that what grows is their number alone. */
const SIZES = [
  { fast: 10, slow: 100, stops: 1 },
  { fast: 100, slow: 100, stops: 1 },
  { fast: 100, slow: 100, stops: 10 },
  { fast: 100, slow: 100, stops: 100 },
] as const;

/** Memory by the number of combinations. */
interface MemoryMeasurement extends Measurement {
  readonly sizes: readonly { readonly combinations: number; readonly megabytes: number; readonly seconds: number }[];
}

/** Peak memory of a new process that evaluates a search on a compute worker's threads, for a thousand to a million combinations. */
export async function measureSearchMemory(workbench: Workbench): Promise<MemoryMeasurement> {
  const { bars, scratch, say } = workbench;
  const file = join(scratch, 'search-memory.csv');
  const data = await writeBarFile(file, BARS, '1h');
  const { folder } = await bars.folderOf('days');
  const sizes: MemoryMeasurement['sizes'][number][] = [];
  for (const size of SIZES) {
    const combinations = size.fast * size.slow * size.stops;
    say(`search-memory: ${combinations} combinations`);
    const runner = workbench.startOurs();
    const options = { spec: { ...searchSpec(file, '1h', size), walkForward: null }, threads: THREADS };
    const { peakBytes, elapsedMs } = await runner.run({ case: 'search-evaluated', bars: folder, options });
    await runner.close();
    if (peakBytes === null) throw new Error('the system does not tell how much memory a process has had');
    sizes.push({ combinations, megabytes: peakBytes / MEGABYTE, seconds: elapsedMs / 1_000 });
  }
  const about = {
    name: 'search-memory',
    title: `peak memory of the computing side, ${sizes.map(({ combinations }) => combinations).join(', ')} combinations on ${BARS} bars`,
    unit: 'MB',
    data,
  } as const;
  return { ...measurementOf(about, seriesOf(sizes.map(({ megabytes }) => megabytes)), sizes.length, []), sizes };
}
