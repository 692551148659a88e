import type { BarFolder } from './bars.ts';
import { type Measurement, measurementOf, type PeerMeasurement } from './measurement.ts';
import type { Runner } from './runner.ts';
import { seriesOf } from './series.ts';
import type { Workbench } from './workbench.ts';
import { ratioOf, type Workload } from './workload.ts';

const MEGABYTE = 1e6;
const UNIT = 'MB';
/** Each run starts processes, whose imports take longer than the work. */
const MOST_RUNS = 3;

/** Most memory that a process needs for a workload, all of it: the program itself, the bars and the work, done once. */
export async function measureMemory(
  workload: Workload,
  bars: BarFolder,
  workbench: Workbench,
  runs: number,
): Promise<Measurement> {
  const times = Math.min(runs, MOST_RUNS);
  workbench.say(`${workload.name}: memory, ${times} runs`);
  const peakOf = async (
    runner: Runner | null,
    case_: string,
    options: Workload['ours']['options'],
  ): Promise<number> => {
    if (runner === null) throw new Error('not installed');
    try {
      const { peakBytes } = await runner.run({ case: case_, bars: bars.folder, options });
      if (peakBytes === null) throw new Error('the system does not tell');
      return peakBytes / MEGABYTE;
    } finally {
      await runner.close();
    }
  };
  const series = async (start: () => Runner | null, case_: string, options: Workload['ours']['options']) => {
    const peaks: number[] = [];
    for (let run = 0; run < times; run++) peaks.push(await peakOf(start(), case_, options));
    return seriesOf(peaks);
  };
  const ours = await series(() => workbench.startOurs(), workload.ours.case, workload.ours.options);
  const peers: PeerMeasurement[] = [];
  for (const { name, case: case_, options } of workload.peers) {
    const about = { name, version: workbench.versions[name] ?? null, parity: null };
    try {
      const figures = await series(() => workbench.startPeers(), case_, options);
      peers.push({ ...about, ...figures, ratio: ratioOf(UNIT, ours.median, figures.median) });
    } catch (error) {
      const reason = (error as Error).message;
      peers.push({ ...about, median: null, min: null, max: null, ratio: null, reason });
    }
  }
  const about = {
    name: `${workload.name}-memory`,
    title: `${workload.title}: peak memory of the process`,
    unit: UNIT,
    data: bars.data,
  } as const;
  return measurementOf(about, ours, times, peers);
}
