import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findIndicator } from '../../domain/indicators/registry.ts';
import { completeParams } from '../../domain/parameters/param-spec.ts';
import { declaredLines, linesOfRules } from '../../domain/strategies/checks/declared-lines.ts';
import { indicatorFault } from '../../domain/strategies/checks/indicator-fault.ts';
import type { LineSpec } from '../../domain/strategies/line-spec.ts';
import { lineKey } from '../../domain/strategies/lines/line-key.ts';
import type { Strategy, StrategyParams } from '../../domain/strategies/strategy.ts';
import { toolkit } from '../../domain/strategies/toolkit.ts';
import { shapeProblems } from './strategy-shape.ts';

/** A user's strategy, and what its file contained. */
export interface LoadedStrategy extends Strategy {
  /** SHA-256 of the file, hex. What the file itself imports is not in it. */
  readonly hash: string;
}

/**
 * Loads a strategy from an `.mjs` file of a user's, anywhere on the disk: its default export is a strategy, or a function that makes one
 * of the toolkit. A file that has changed is loaded anew. It runs the user's code in this process and with its rights, and waits
 * for it: call it where code may hang.
 *
 * @throws {Error} that says what is wrong with the file: it is missing, does not parse, throws, exports no strategy, has the id of
 *   another one, or has an indicator of its own that looks ahead.
 */
export async function loadStrategy(file: string): Promise<LoadedStrategy> {
  const path = resolve(file);
  if (extname(path).toLowerCase() !== '.mjs') throw new Error(`${file} is no .mjs file: give a JavaScript module`);
  const hash = createHash('sha256')
    .update(await contentOf(path, file))
    .digest('hex');
  const value = await made(await defaultExport(path, file, hash), file);
  const problems = shapeProblems(value);
  if (problems.length > 0) throw new Error(`${file} exports no usable strategy: ${problems.join('; ')}`);
  const strategy = value as Strategy;
  checkByRunning(strategy, file);
  // Not spread: a class instance has its functions on the prototype, and they need their `this`.
  return {
    id: strategy.id,
    title: strategy.title,
    params: strategy.params,
    check: (params) => strategy.check?.(params) ?? [],
    prepare: (lines, params) => strategy.prepare(lines, params),
    ...(strategy.rules === undefined ? {} : { rules: (params: StrategyParams) => strategy.rules!(params) }),
    hash,
  };
}

async function contentOf(path: string, file: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code);
    throw new Error(`${file} cannot be read: ${reason}`, { cause: error });
  }
}

async function defaultExport(path: string, file: string, hash: string): Promise<unknown> {
  let module: Readonly<Record<string, unknown>>;
  try {
    // Node keeps modules by their address: the hash makes that of a changed file a new one.
    module = (await import(`${pathToFileURL(path).href}?${hash}`)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new Error(
      `${file} ${error instanceof SyntaxError ? 'does not parse' : 'fails to load'}: ${told(error, path)}`,
      {
        cause: error,
      },
    );
  }
  if (module.default === undefined) {
    const others = Object.keys(module);
    const found = others.length === 0 ? 'it exports nothing' : `it exports ${others.join(', ')}`;
    throw new Error(`${file} has no default export (${found}): write "export default ..."`);
  }
  return module.default;
}

async function made(exported: unknown, file: string): Promise<unknown> {
  if (typeof exported !== 'function') return exported;
  try {
    return await (exported as (kit: typeof toolkit) => unknown)(toolkit);
  } catch (error) {
    throw new Error(`${file}: its default function throws: ${told(error, file)}`, { cause: error });
  }
}

/** The message of an error, with the line where the file does not parse. */
function told(error: unknown, path: string): string {
  if (!(error instanceof Error)) return String(error);
  // The stack of a syntax error begins with the address of the line, `file:///folder/mine.mjs?...:12`.
  const line = error instanceof SyntaxError ? /^\S+\.mjs\S*?:(\d+)$/im.exec(error.stack ?? '') : null;
  return line === null ? error.message : `${error.message} (line ${line[1]} of ${path})`;
}

/** Prepares the strategy once with its defaults and looks at what it declares. */
function checkByRunning(strategy: Strategy, file: string): void {
  const required = strategy.params.filter((spec) => spec.default === null);
  const given = Object.fromEntries(required.map(({ name, min }) => [name, min]));
  const { params } = completeParams(strategy.params, given);
  const problems: unknown = strategy.check?.(params) ?? [];
  if (!Array.isArray(problems))
    throw new Error(`${file}: check has to return a list of problems, empty when all is well`);
  // Defaults are the user's promise; the least values of required parameters need not fit together.
  if (problems.length > 0 && required.length === 0) {
    const { field, message } = problems[0] as { field?: unknown; message?: unknown };
    throw new Error(`${file}: its own defaults do not pass its check: ${String(field)}: ${String(message)}`);
  }
  if (problems.length > 0) return;
  const lines = guarded(file, 'prepare', () => declaredLines(strategy, params));
  for (const spec of lines.values()) checkIndicators(spec, file);
  if (strategy.rules === undefined) return;
  const ofRules = guarded(file, 'rules', () => linesOfRules(strategy.rules!(params)));
  const odd = [...lines.keys(), ...ofRules.keys()].find((key) => lines.has(key) !== ofRules.has(key));
  if (odd !== undefined) {
    throw new Error(
      `${file}: prepare and rules are to be the same strategy, but only one of them reads ${odd}: make it with ruleStrategy`,
    );
  }
}

function guarded<T>(file: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${file}: ${what} throws: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function checkIndicators(spec: LineSpec, file: string): void {
  if (spec.kind === 'price') return;
  const { indicator, params, of } = spec;
  if (of !== undefined) checkIndicators(of, file);
  const registered = findIndicator(indicator.name);
  if (registered === indicator) return;
  if (registered !== undefined) {
    throw new Error(`${file}: there is an indicator "${indicator.name}" already: give your own another name`);
  }
  const fault = guarded(file, `its indicator ${lineKey(spec)}`, () => indicatorFault(indicator, params));
  if (fault !== null) throw new Error(`${file}: its indicator ${lineKey(spec)} ${fault}`);
}
