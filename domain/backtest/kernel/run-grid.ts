import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT, type ProtectiveStops } from '../../strategies/rules.ts';
import type { BrokerSettings } from '../settings.ts';
import {
  CASH,
  DAY_EQUITY,
  DEEPEST,
  FLOOR,
  LAST_EXPOSED,
  MAX_BARS,
  PEAK,
  STATE_SIZE,
  STOP_LOSS,
  TAKE_PROFIT,
  TRAILING_STOP,
} from './combo-state.ts';
import { kernelRefusal } from './kernel-refusal.ts';
import { writeRow } from './metrics-row.ts';
import { finishRun, runTile } from './position-loop.ts';
import type { PreparedGrid } from './prepare-grid.ts';
import { compileSignals, type SignalProgram } from './signal-program.ts';
import { allocateSignals, bindProgram, SignalScanner } from './signal-tile.ts';

/** Bars of a tile: a column of a tile takes 32 KiB, so that those of a pair stay in the nearest cache. */
export const TILE_BARS = 4096;

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

/** Tile by tile, so that the columns of a tile are read from the caches by all combinations. */
function runBatch(grid: PreparedGrid, batch: Batch, from: number, rows: Float64Array): void {
  const { market, terms, store, input } = grid;
  const columns = store.columns(batch.columnIds);
  const scanner = new SignalScanner(TILE_BARS, bitsOf(input.broker.direction));
  const signals = allocateSignals(TILE_BARS);
  const states = new Float64Array(batch.combos * STATE_SIZE);
  let next = 0;
  const groups = Array.from(batch.programs.values(), ({ program, combos }) => {
    const first = next;
    for (const { stops } of combos) {
      initialise(states, next, terms.cash, stops);
      next += STATE_SIZE;
    }
    return { bound: bindProgram(program, columns, market.start), combos, first, end: next };
  });
  for (let tile = market.start; tile < market.end; tile += TILE_BARS) {
    const end = Math.min(tile + TILE_BARS, market.end);
    for (const { bound, first, end: last } of groups) {
      scanner.scan(bound, tile, end, signals);
      for (let at = first; at < last; at += STATE_SIZE) runTile(market, terms, signals, states, at, tile, end, null);
    }
  }
  for (const { combos, first } of groups) {
    combos.forEach(({ index }, k) => {
      const at = first + k * STATE_SIZE;
      finishRun(market, terms, states, at, null);
      const offset = (index - from) * grid.rowWidth;
      writeRow(market, terms.cash, input.periodsPerYear, states, at, input.withBlocks === true, rows, offset);
    });
  }
}

/** Sets the state of a combination before its first bar. */
export function initialise(s: Float64Array, at: number, cash: number, stops: ProtectiveStops): void {
  s.fill(0, at, at + STATE_SIZE);
  s[at + CASH] = cash;
  s[at + PEAK] = cash;
  s[at + FLOOR] = cash;
  s[at + DEEPEST] = 1;
  s[at + DAY_EQUITY] = cash;
  s[at + LAST_EXPOSED] = -1;
  s[at + STOP_LOSS] = stops.stopLoss ?? Number.NaN;
  s[at + TAKE_PROFIT] = stops.takeProfit ?? Number.NaN;
  s[at + TRAILING_STOP] = stops.trailingStop ?? Number.NaN;
  s[at + MAX_BARS] = stops.maxBars ?? Number.POSITIVE_INFINITY;
}

/** The signals that matter: without entries of a forbidden side there is nothing to exit on it either. */
export function bitsOf(direction: BrokerSettings['direction']): number {
  const long = ENTER_LONG | EXIT_LONG;
  const short = ENTER_SHORT | EXIT_SHORT;
  return direction === 'long' ? long : direction === 'short' ? short : long | short;
}
