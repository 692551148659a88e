import type { ProtectiveStops } from '../../strategies/rules.ts';
import { initialise, STATE_SIZE } from './combo-state.ts';
import { kernelRefusal } from './kernel-refusal.ts';
import { writeRow } from './metrics-row.ts';
import { passTiles, type ProgramStates } from './pass-tiles.ts';
import type { PreparedGrid } from './prepare-grid.ts';
import { compileSignals, type SignalProgram } from './signal-program.ts';

/** Combinations that go through the tiles together. */
const BATCH_COMBOS = 4096;

interface Combo {
  readonly index: number;
  readonly stops: ProtectiveStops;
}

/** Combinations by program. */
interface Batch {
  readonly programs: Map<string, { readonly program: SignalProgram; readonly combos: Combo[] }>;
  readonly columnIds: Set<number>;
  bytes: number;
  combos: number;
}

/**
 * Runs combinations `from` to `to` (not included) and writes their metrics rows to `rows`, that of combination `from` first. A row has
 * the same bits whatever the range it is computed in.
 *
 * Throws a `RangeError` for a range outside of the grid, rows that do not fit, and a combination that the kernel cannot run.
 */
export function runGrid(grid: PreparedGrid, from: number, to: number, rows: Float64Array): void {
  const { input, store } = grid;
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to && to <= input.combos)) {
    throw new RangeError(`combinations ${from} to ${to}: give a range within 0 to ${input.combos}`);
  }
  if (rows.length < (to - from) * grid.rowWidth) {
    throw new RangeError(
      `rows has room for ${rows.length} numbers: ${to - from} combinations need ${(to - from) * grid.rowWidth}`,
    );
  }
  let batch = newBatch();
  for (let index = from; index < to; index++) {
    const rules = input.rulesOf(input.comboAt(index));
    const refusal = kernelRefusal(input.broker, input.sizing, rules);
    if (refusal !== null) throw new RangeError(`combination ${index}: ${refusal}`);
    const program = compileSignals(rules, store);
    let bytes = 0;
    for (const id of program.columnIds) if (!batch.columnIds.has(id)) bytes += store.bytesOf(id);
    if (batch.combos === BATCH_COMBOS || (batch.combos > 0 && batch.bytes + bytes > store.maxBytes)) {
      runBatch(grid, batch, from, rows);
      batch = newBatch();
      bytes = 0;
      for (const id of program.columnIds) bytes += store.bytesOf(id);
    }
    let group = batch.programs.get(program.key);
    if (group === undefined) {
      group = { program, combos: [] };
      batch.programs.set(program.key, group);
    }
    group.combos.push({ index, stops: rules.stops ?? {} });
    for (const id of program.columnIds) batch.columnIds.add(id);
    batch.bytes += bytes;
    batch.combos += 1;
  }
  if (batch.combos > 0) runBatch(grid, batch, from, rows);
}

function newBatch(): Batch {
  return { programs: new Map(), columnIds: new Set(), bytes: 0, combos: 0 };
}

function runBatch(grid: PreparedGrid, batch: Batch, from: number, rows: Float64Array): void {
  const { market, terms, input } = grid;
  const states = new Float64Array(batch.combos * STATE_SIZE);
  const indexes: number[] = [];
  const programs: ProgramStates[] = [];
  for (const { program, combos } of batch.programs.values()) {
    const first = indexes.length * STATE_SIZE;
    for (const { index, stops } of combos) {
      initialise(states, indexes.length * STATE_SIZE, terms.cash, stops);
      indexes.push(index);
    }
    programs.push({ program, first, end: indexes.length * STATE_SIZE });
  }
  passTiles(grid, programs, states, null);
  indexes.forEach((index, k) => {
    const offset = (index - from) * grid.rowWidth;
    const withBlocks = input.withBlocks === true;
    writeRow(market, terms.cash, grid.periodsPerYear, states, k * STATE_SIZE, withBlocks, rows, offset);
  });
}
