import { extname, resolve } from 'node:path';
import type { Strategy, StrategyParams } from '../../domain/strategies/strategy.ts';
import { type StrategyFile, toolkit } from '../../domain/strategies/toolkit.ts';
import { messageOf } from './message-of.ts';
import { shapeProblems } from './strategy-shape.ts';
import { tryStrategy } from './trial.ts';
import { importDefault, type ModuleMade, type UserModule } from './user-module.ts';

/** A user's strategy, and what it was made of. */
export type LoadedStrategy = Strategy & ModuleMade;

/** A default export that makes the strategy. */
type Make = Exclude<StrategyFile, Strategy>;

/**
 * Loads a strategy from an `.mjs` file of a user's, anywhere on the disk: its default export is a strategy, or a function that makes one
 * of the toolkit. It is loaded anew each time, with the files that it imports, and the trial with its defaults has a load of its own: nothing is left of
 * either in the variables of what is returned. It runs the user's code in this process and with its rights, and waits for it: call it in a thread, where
 * code may hang, and where all that it imports is seen.
 *
 * @throws {Error} that says what is wrong with the file: it is missing, does not parse, throws, exports no strategy, has the id of
 *   another one, has an indicator of its own that looks ahead, or has changed meanwhile.
 */
export async function loadStrategy(file: string): Promise<LoadedStrategy> {
  const path = resolve(file);
  if (extname(path).toLowerCase() !== '.mjs') throw new Error(`${path} is no .mjs file: give a JavaScript module`);
  const tried = await make(path);
  tryStrategy(tried.strategy, path);
  const { hash, parts, isAsLoaded } = await tried.madeOf();
  const { strategy, madeOf } = await make(path);
  // Ends the watch over what is loaded. What counts is what was tried, to which belongs what `prepare` may have required as well.
  await madeOf();
  if (!(await isAsLoaded())) {
    throw new Error(`${path}, or a file that it imports, has changed while it was being loaded: try again`);
  }
  // Not spread: the functions of a class are on its prototype, and need their `this`.
  return {
    id: strategy.id,
    title: strategy.title,
    params: strategy.params,
    check: (params) => strategy.check?.(params) ?? [],
    prepare: (lines, params) => strategy.prepare(lines, params),
    ...(strategy.rules === undefined ? {} : { rules: (params: StrategyParams) => strategy.rules!(params) }),
    ...(strategy.warmUpRisesWith === undefined ? {} : { warmUpRisesWith: strategy.warmUpRisesWith }),
    hash,
    parts,
    isAsLoaded,
  };
}

/** One load of the file, of whose strategy nothing has been asked yet. */
async function make(path: string): Promise<{ readonly strategy: Strategy; readonly madeOf: UserModule['made'] }> {
  const { value, made: madeOf } = await importDefault(path);
  const made = typeof value === 'function' ? await call(value as Make, path) : value;
  const problems = shapeProblems(made);
  if (problems.length > 0) throw new Error(`${path} exports no usable strategy: ${problems.join('; ')}`);
  return { strategy: made as Strategy, madeOf };
}

/** The function of a file is given the toolkit. */
async function call(makeOf: Make, path: string): Promise<unknown> {
  try {
    return await makeOf(toolkit);
  } catch (error) {
    throw new Error(`${path}: its default function throws: ${messageOf(error, path)}`, { cause: error });
  }
}
