import type { FieldProblem } from '../parameters/param-spec.ts';
import { partChanges, type StrategyPart } from '../strategies/strategy-part.ts';
import { isObject } from './spec/fields.ts';
import type { BacktestSpec } from './spec/spec.ts';

/** Rises whenever the same input may give other trades, so that an old manifest is not replayed as if nothing had changed. */
export const ENGINE_VERSION = '1.1.0';

const KIND = 'tradewind-backtest';

/** Bars that a run was made of. */
export interface DataIdentity {
  readonly symbol: string;
  readonly timeframe: string;
  /** SHA-256 of symbol, timeframe and bars, hex. */
  readonly hash: string;
  readonly bars: number;
}

/** All that a run's trades depend on. Running it again gives the same trades hash. */
export interface BacktestManifest {
  readonly kind: typeof KIND;
  readonly engineVersion: string;
  /** Bit-equal results are promised within one major version of Node. */
  readonly nodeMajor: number;
  readonly data: readonly DataIdentity[];
  /** SHA-256 of the user's strategy file, with what it imports, or of orders, hex; `null` for a strategy of the registry. */
  readonly strategyHash: string | null;
  /** That file and what it imports; absent where it imports nothing. */
  readonly strategyParts?: readonly StrategyPart[];
  readonly spec: BacktestSpec;
  readonly seed: number;
}

/** What a run turned out to be made of. */
export type RunIdentity = Pick<BacktestManifest, 'data' | 'strategyHash' | 'strategyParts' | 'nodeMajor'>;

export function manifestOf(spec: BacktestSpec, identity: RunIdentity): BacktestManifest {
  return {
    kind: KIND,
    engineVersion: ENGINE_VERSION,
    nodeMajor: identity.nodeMajor,
    data: identity.data,
    strategyHash: identity.strategyHash,
    ...(identity.strategyParts === undefined ? {} : { strategyParts: identity.strategyParts }),
    spec,
    seed: spec.seed,
  };
}

/** Whether a document says that it is a manifest. */
export function isManifest(document: unknown): document is Readonly<Record<string, unknown>> {
  return isObject(document) && document['kind'] === KIND;
}

type ParsedManifest =
  | { readonly ok: true; readonly manifest: BacktestManifest }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Checks the identities in a manifest. Its `spec` is checked by whoever reads specs. */
export function parseManifest(document: Readonly<Record<string, unknown>>): ParsedManifest {
  const problems: FieldProblem[] = [];
  const check = (field: string, holds: boolean, message: string): void => {
    if (!holds) problems.push({ field, value: document[field] ?? null, message: `not that of a manifest: ${message}` });
  };
  const isHash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
  const { data } = document;
  check('engineVersion', typeof document['engineVersion'] === 'string', 'give the version as text');
  check('nodeMajor', Number.isSafeInteger(document['nodeMajor']), 'give a whole number');
  check(
    'data',
    Array.isArray(data) && data.every((item) => isObject(item) && isHash(item['hash'])),
    'give a list of {symbol, timeframe, hash, bars}',
  );
  check(
    'strategyHash',
    document['strategyHash'] === null || isHash(document['strategyHash']),
    'give a SHA-256 in hex, or null',
  );
  const parts = document['strategyParts'] ?? [];
  check(
    'strategyParts',
    Array.isArray(parts) && parts.every(isPart),
    'give a list of {name, version}, or leave it out',
  );
  check('spec', isObject(document['spec']), 'give a backtest spec');
  const seed = isObject(document['spec']) ? (document['spec']['seed'] ?? null) : null;
  check('seed', document['seed'] === seed, 'it differs from that of its spec');
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, manifest: document as unknown as BacktestManifest };
}

function isPart(value: unknown): boolean {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['version'] === 'string';
}

/** Why a run made of `found` is no replay of `expected`: one problem for each difference. */
export function replayProblems(expected: BacktestManifest, found: RunIdentity): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const differ = (field: string, wanted: unknown, now: unknown, what: string): void => {
    if (wanted === now) return;
    problems.push({ field, value: wanted, message: `${what}: it is now ${JSON.stringify(now ?? null)}` });
  };
  differ('engineVersion', expected.engineVersion, ENGINE_VERSION, 'the engine is another than that of the manifest');
  differ('nodeMajor', expected.nodeMajor, found.nodeMajor, 'the manifest was made with another major version of Node');
  differ('data', expected.data.length, found.data.length, 'the number of data sets differs');
  for (const [i, { hash, symbol }] of expected.data.entries()) {
    differ(`data.${i}.hash`, hash, found.data[i]?.hash, `the bars of ${symbol} are not those of the manifest`);
  }
  const changes = partChanges('it', expected.strategyParts ?? [], found.strategyParts ?? []);
  const other = `the strategy is not that of the manifest (${changes})`;
  differ('strategyHash', expected.strategyHash, found.strategyHash, other);
  return problems;
}
