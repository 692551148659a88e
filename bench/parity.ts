/** Numbers of one program: rows one after another, all of the same columns. */
export interface Rows {
  readonly columns: number;
  readonly values: Float64Array;
}

export interface Disagreement {
  readonly row: number;
  readonly column: string;
  readonly ours: number | null;
  readonly peer: number | null;
}

/** How far two programs agree. */
export interface Parity {
  readonly rows: number;
  /** Largest difference of two numbers, relative to the larger of them; `null` where the rows themselves differ in number. */
  readonly maxRelDiff: number | null;
  /** The first number that is further away than allowed; absent when the programs agree. */
  readonly disagreement?: Disagreement;
  /** What is wrong where there are no numbers to compare. */
  readonly reason?: string;
}

/**
 * A value that passes through zero cannot agree to so many digits of itself. Below this share of the column's root mean square,
 * differences count relative to that share.
 */
const SMALL_SHARE = 1e-3;

/**
 * Compares two results number by number. NaN agrees with NaN alone.
 * @param names one for each column
 * @param tolerance largest relative difference allowed
 */
export function compareRows(ours: Rows, peer: Rows, names: readonly string[], tolerance: number): Parity {
  const columns = names.length;
  const rows = ours.values.length / columns;
  if (ours.columns !== columns || peer.columns !== columns || ours.values.length !== peer.values.length) {
    const peerRows = peer.values.length / peer.columns;
    const reason = `ours has ${rows} rows of ${ours.columns} columns, the peer ${peerRows} of ${peer.columns}`;
    return { rows, maxRelDiff: null, reason };
  }
  const floors = names.map((_, column) => SMALL_SHARE * rootMeanSquare(peer.values, column, columns));
  let maxRelDiff = 0;
  let disagreement: Disagreement | undefined;
  for (let k = 0; k < ours.values.length; k++) {
    const a = ours.values[k]!;
    const b = peer.values[k]!;
    const difference = relativeDifference(a, b, floors[k % columns]!);
    if (difference > maxRelDiff) maxRelDiff = difference;
    if (difference > tolerance && disagreement === undefined) {
      const row = Math.floor(k / columns);
      disagreement = { row, column: names[k % columns]!, ours: orNull(a), peer: orNull(b) };
    }
  }
  const found = Number.isFinite(maxRelDiff) ? maxRelDiff : null;
  return { rows, maxRelDiff: found, ...(disagreement === undefined ? {} : { disagreement }) };
}

/** Whether the programs agree. */
export function agrees({ disagreement, reason }: Parity): boolean {
  return disagreement === undefined && reason === undefined;
}

function relativeDifference(a: number, b: number, floor: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const difference = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), floor);
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}

function rootMeanSquare(values: Float64Array, column: number, columns: number): number {
  let sum = 0;
  let count = 0;
  for (let k = column; k < values.length; k += columns) {
    const value = values[k]!;
    if (!Number.isFinite(value)) continue;
    sum += value * value;
    count += 1;
  }
  return count === 0 ? 0 : Math.sqrt(sum / count);
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
