import type { Machine } from './machine.ts';
import type { Parity } from './parity.ts';
import type { Series } from './series.ts';
import type { Unit } from './workload.ts';

/** A peer's side of a measurement. Figures and ratio are `null` when the peer is missing or its results are others. */
export interface PeerMeasurement {
  readonly name: string;
  readonly version: string | null;
  readonly median: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** How many times as good ours is: above 1 ours is faster, or needs less. */
  readonly ratio: number | null;
  readonly parity: Parity | null;
  /** Why there are no figures. */
  readonly reason?: string;
}

/** What became of one workload. Figures are `null` when results disagree: then nothing was timed. */
export interface Measurement {
  readonly name: string;
  readonly title: string;
  readonly unit: Unit;
  readonly runs: number;
  readonly median: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** The best of the peers. */
  readonly peer: { readonly name: string; readonly version: string | null; readonly median: number } | null;
  readonly ratio: number | null;
  readonly parity: Parity | null;
  readonly peers: readonly PeerMeasurement[];
  /** What the bars are. */
  readonly data: string;
}

/** The document of a benchmark: its main workload, and the others beside it. */
export interface Report extends Measurement {
  readonly machine: Machine;
  readonly others: readonly Measurement[];
  readonly [extra: string]: unknown;
}

/** Puts a workload together. With a disagreement nothing of it is told but that. */
export function measurementOf(
  about: Pick<Measurement, 'name' | 'title' | 'unit' | 'data'>,
  ours: Series | null,
  runs: number,
  peers: readonly PeerMeasurement[],
): Measurement {
  const measured = peers.filter(({ ratio }) => ratio !== null);
  const best = measured.reduce<PeerMeasurement | null>(
    (least, peer) => (least === null || peer.ratio! < least.ratio! ? peer : least),
    null,
  );
  const shown = best ?? peers.find(({ parity }) => parity !== null) ?? null;
  return {
    ...about,
    runs: ours === null ? 0 : runs,
    median: ours?.median ?? null,
    min: ours?.min ?? null,
    max: ours?.max ?? null,
    peer: best === null ? null : { name: best.name, version: best.version, median: best.median! },
    ratio: best?.ratio ?? null,
    parity: shown?.parity ?? null,
    peers,
  };
}
