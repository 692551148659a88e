import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { isObject } from '../../domain/backtest/spec/fields.ts';
import { isOrdersText } from '../../domain/backtest/spec/spec.ts';
import { InvalidInput } from '../stack/failures.ts';

/** Reads the JSON document of an option, `-` for standard input. Throws `InvalidInput` that names option and file. */
export async function readJsonFile(option: string, path: string): Promise<unknown> {
  let content: string;
  try {
    content = path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    throw new InvalidInput(`${option} ${path} cannot be read: ${(error as Error).message}`);
  }
  try {
    // Editors of some systems begin a file with a mark of its byte order.
    return JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new InvalidInput(`${option} ${path} is not JSON: ${(error as Error).message}`);
  }
}

/**
 * A backtest spec, or a manifest, from a file. Paths in it are relative to that file and come back absolute, since whoever runs it stands
 * elsewhere. What is no spec is left as it is: its problems are told by whoever reads specs.
 */
export async function readSpecFile(path: string): Promise<unknown> {
  const document = await readJsonFile('--spec', path);
  const folder = path === '-' ? process.cwd() : dirname(resolve(path));
  const absolute = (value: unknown): unknown =>
    typeof value === 'string' && value !== '' ? resolve(folder, value) : value;
  const isManifest = isObject(document) && isObject(document['spec']) && document['kind'] !== undefined;
  return isManifest ? { ...document, spec: withPaths(document['spec'], absolute) } : withPaths(document, absolute);
}

function withPaths(spec: unknown, absolute: (value: unknown) => unknown): unknown {
  if (!isObject(spec)) return spec;
  const { data, strategy } = spec;
  return {
    ...spec,
    ...(data === undefined
      ? {}
      : { data: Array.isArray(data) ? data.map((one) => withFile(one, absolute)) : withFile(data, absolute) }),
    ...(strategy === undefined ? {} : { strategy: withOrders(withFile(strategy, absolute), absolute) }),
  };
}

function withFile(value: unknown, absolute: (path: unknown) => unknown): unknown {
  return isObject(value) && value['file'] !== undefined ? { ...value, file: absolute(value['file']) } : value;
}

function withOrders(value: unknown, absolute: (path: unknown) => unknown): unknown {
  if (!isObject(value) || typeof value['orders'] !== 'string' || isOrdersText(value['orders'])) return value;
  return { ...value, orders: absolute(value['orders']) };
}
