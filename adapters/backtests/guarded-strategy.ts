import { failure, type FailurePlace } from '../../domain/backtest/failure.ts';
import { RunCancelled } from '../../domain/backtest/engine/run-backtest.ts';
import type { BarContext, Strategy } from '../../domain/strategies/strategy.ts';
import type { RunControl } from './control.ts';

/**
 * A user's strategy with every call of its code watched: what it throws becomes STRATEGY_FAILED with bar, time and the line of its
 * file, each bar counts as progress, and between bars a cancellation is heard however slow a bar is.
 */
export function guardedStrategy(strategy: Strategy, file: string, control: RunControl): Strategy {
  return {
    ...strategy,
    prepare(lines, params) {
      const onBar = guard(file, null, () => strategy.prepare(lines, params));
      if (typeof onBar !== 'function') return onBar;
      return (context) => {
        if (control.isCancelled) throw new RunCancelled();
        control.tick(context.bar.index);
        try {
          onBar(context);
        } catch (error) {
          throw strategyFailure(error, file, context);
        }
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

function strategyFailure(error: unknown, file: string, context: BarContext | null): ReturnType<typeof failure> {
  const place: FailurePlace = {
    symbol: context?.symbol ?? null,
    bar: context?.bar.index ?? null,
    time: context?.bar.time ?? null,
    line: lineOf(error, file),
  };
  const at =
    context === null
      ? 'while it was being prepared'
      : `at bar ${place.bar} (${new Date(context.bar.time).toISOString()}) of ${place.symbol}`;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return failure(
    'STRATEGY_FAILED',
    `the strategy threw ${at}${place.line === null ? '' : `, ${place.line}`}: ${said}`,
    [],
    place,
  );
}

/** The uppermost line of the user's file in an error's stack: `my-strategy.mjs:12:5`. */
export function lineOf(error: unknown, file: string): string | null {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const name = file.split(/[/\\]/).at(-1) ?? file;
  for (const line of stack.split('\n')) {
    // The address may end in a query by which the file was loaded anew.
    const place = /([^/\\(\s]+?)(?:\?[^:\s]*)?:(\d+):(\d+)\)?$/.exec(line);
    if (place !== null && decodeName(place[1]!) === name) return `${name}:${place[2]}:${place[3]}`;
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
