import { failure, type FailurePlace } from '../../domain/backtest/failure.ts';
import { RunCancelled } from '../../domain/backtest/engine/run-backtest.ts';
import type { BarContext, Strategy } from '../../domain/strategies/strategy.ts';
import { withoutMarks } from '../strategies/message-of.ts';
import type { RunControl } from './control.ts';

/**
 * A user's strategy with every call of its code watched: what it throws becomes STRATEGY_FAILED with bar, time and the line of its
 * file, each bar counts as progress, and between bars a cancellation is heard however slow a bar is, and buffers are measured when asked for.
 */
export function guardedStrategy(strategy: Strategy, file: string, control: RunControl): Strategy {
  return {
    ...strategy,
    prepare(lines, params) {
      const onBar = guard(file, null, () => strategy.prepare(lines, params));
      if (typeof onBar !== 'function') return onBar;
      let work: object | null = null;
      let buffersBefore = 0;
      return (context) => {
        if (control.isCancelled) throw new RunCancelled();
        control.tick(context.bar.index);
        if (work !== control.work) {
          work = control.work;
          buffersBefore = control.buffersBefore ?? bufferBytes();
        }
        let answer: unknown;
        try {
          answer = onBar(context);
        } catch (error) {
          throw strategyFailure(error, file, context);
        }
        if (answer !== undefined) refusePromise(answer, context);
        if (control.takeMeasure()) refuseBuffers(bufferBytes() - buffersBefore, control.maxBufferMb, context);
      };
    },
  };
}

function guard<T>(file: string, context: BarContext | null, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw strategyFailure(error, file, context);
  }
}

/** TypeScript lets an async function pass as one that returns nothing; what it orders after its first `await` would come too late. */
function refusePromise(answer: unknown, context: BarContext): void {
  if (typeof (answer as { then?: unknown } | null)?.then !== 'function') return;
  throw failure(
    'STRATEGY_FAILED',
    `the strategy answered with a promise ${placeText(context)}: it is asked at the close of a bar and decides at once, so write it without async and await`,
    [],
    placeOf(context, null),
  );
}

/** Memory of this thread outside of its heap: buffers and typed arrays. */
export function bufferBytes(): number {
  return process.memoryUsage().external;
}

function refuseBuffers(bytes: number, mostMb: number, context: BarContext): void {
  if (mostMb === 0 || bytes <= mostMb * 2 ** 20) return;
  throw failure(
    'OUT_OF_MEMORY',
    `the strategy holds ${Math.round(bytes / 2 ** 20)} MB in buffers and typed arrays ${placeText(context)}, and ${mostMb} MB are allowed: keep less`,
    [],
    placeOf(context, null),
  );
}

function placeOf(context: BarContext | null, line: string | null): FailurePlace {
  if (context === null) return { symbol: null, bar: null, time: null, line };
  return { symbol: context.symbol, bar: context.bar.index, time: context.bar.time, line };
}

function placeText({ bar, symbol }: BarContext): string {
  return `at bar ${bar.index} (${new Date(bar.time).toISOString()}) of ${symbol}`;
}

function strategyFailure(error: unknown, file: string, context: BarContext | null): ReturnType<typeof failure> {
  const place = placeOf(context, lineOf(error, file));
  const at = context === null ? 'while it was being prepared' : placeText(context);
  return failure(
    'STRATEGY_FAILED',
    `the strategy threw ${at}${place.line === null ? '' : `, ${place.line}`}: ${saidBy(error)}`,
    [],
    place,
  );
}

/** What was thrown, in words: anything may be. */
export function saidBy(error: unknown): string {
  return withoutMarks(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

/** The uppermost line of the user's file, or of a module that it imports, in an error's stack: `my-strategy.mjs:12:5`. */
export function lineOf(error: unknown, file: string): string | null {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const name = file.split(/[/\\]/).at(-1) ?? file;
  for (const line of stack.split('\n')) {
    // The address may end in a query by which the file was loaded anew.
    const place = /([^/\\(\s]+?)(\?[^:\s]*)?:(\d+):(\d+)\)?$/.exec(line);
    if (place === null) continue;
    const [, found = '', query = '', row, column] = place;
    if (decodeName(found) === name || withoutMarks(query) !== query) return `${decodeName(found)}:${row}:${column}`;
  }
  return null;
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
