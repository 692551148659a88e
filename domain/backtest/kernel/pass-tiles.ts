import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT } from '../../strategies/rules.ts';
import type { BrokerSettings } from '../settings.ts';
import { STATE_SIZE } from './combo-state.ts';
import { finishRun, unmarkedBars } from './finish-run.ts';
import { passBars } from './position-loop.ts';
import { FEW_COMBOS, type PreparedGrid } from './prepare-grid.ts';
import type { SignalProgram } from './signal-program.ts';
import { allocateSignals } from './signal-runs.ts';
import { bindPrograms, type BoundColumns, SignalScanner } from './signal-tile.ts';
import { type StreamedColumn, streamAverages, type Streams } from './streamed-averages.ts';
import type { TradeRecorder } from './trade-recorder.ts';

/** Bars of a tile: a column of a tile takes 32 KiB, so that those of a pair stay in the nearest cache. */
const TILE_BARS = 4096;

const NO_STREAMS: Streams = { columns: new Map(), averages: [] };

/** A program and the states of all combinations that it decides for: places `first` to `end` (not included). */
export interface ProgramStates {
  readonly program: SignalProgram;
  readonly first: number;
  readonly end: number;
}

/**
 * Takes combinations through all bars of a grid. The bars go in tiles and each tile through all programs, so that the columns of a
 * tile are read from the caches by all of them; the signals of a program are found once for all its combinations.
 *
 * @param onTile told the number of bars done after each tile.
 */
export function passTiles(
  { market, terms, store, input }: PreparedGrid,
  programs: readonly ProgramStates[],
  states: Float64Array,
  recorder: TradeRecorder | null,
  onTile?: (barsDone: number) => void,
): void {
  const { start, end } = market;
  const all = programs.map(({ program }) => program);
  const streams = input.combos > FEW_COMBOS ? NO_STREAMS : streamAverages(store, all, TILE_BARS);
  const ids = new Set(all.flatMap(({ columnIds }) => columnIds).filter((id) => !streams.columns.has(id)));
  const columns: BoundColumns = new Map<number, Float64Array | StreamedColumn>([
    ...store.columns(ids),
    ...streams.columns,
  ]);
  // What is streamed has to be followed from its first bar on.
  const scanStart = streams.averages.length > 0 ? 0 : start;
  const bound = bindPrograms(all, columns, scanStart);
  const scanner = new SignalScanner(TILE_BARS, bitsOf(input.broker.direction));
  const signals = allocateSignals(TILE_BARS);
  const pass = { market, terms, signals, recorder, marks: true };
  const finish = { ...pass, marks: false };
  const markedEnd = end - unmarkedBars(market, terms);
  let tile = scanStart;
  while (tile < end) {
    const tileEnd = endOfTile(tile, start, markedEnd, end);
    const passEnd = Math.min(tileEnd, markedEnd);
    for (const stream of streams.averages) stream.moveTo(tile, tileEnd);
    for (let p = 0; p < bound.length; p++) {
      scanner.scan(bound[p]!, tile, tileEnd, signals);
      if (tile < start) continue;
      const { first, end: last } = programs[p]!;
      for (let at = first; at < last; at += STATE_SIZE) {
        passBars(pass, states, at, tile, passEnd);
        if (tileEnd === end) finishRun(finish, states, at);
      }
    }
    if (tile >= start) onTile?.(tileEnd - start);
    tile = tileEnd;
  }
}

/** Tiles do not reach over the start, and the last bars, which are valued together, are not parted. */
function endOfTile(tile: number, start: number, markedEnd: number, end: number): number {
  const tileEnd = tile + TILE_BARS;
  if (tile < start) return Math.min(tileEnd, start);
  if (tileEnd >= end) return end;
  return Math.min(tileEnd, markedEnd);
}

/** The signals that matter: without entries of a side there is nothing to exit on it either. */
function bitsOf(direction: BrokerSettings['direction']): number {
  const long = ENTER_LONG | EXIT_LONG;
  const short = ENTER_SHORT | EXIT_SHORT;
  return direction === 'long' ? long : direction === 'short' ? short : long | short;
}
