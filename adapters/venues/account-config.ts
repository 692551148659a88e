import { readFile } from 'node:fs/promises';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { ConsistencyTimes } from '../ports/venue.ts';
import { FieldReader } from './field-reader.ts';

/** What a simulated venue assumes about its market; shown beside every result that was made there. */
export interface VenueAssumptions {
  /** What the prices come from, e.g. `synthetic` or the names of the recordings. */
  readonly feed: unknown;
  readonly synthetic: boolean;
  readonly speed: number | null;
  readonly impact: { readonly permanent: number; readonly halfLifeMs: DurationMs } | null;
  readonly latencyMs: DurationMs | null;
}

/** One account at one venue: an entry of the accounts file. */
export interface VenueAccountConfig {
  readonly id: string;
  /** The ccxt exchange id, e.g. `binance`. */
  readonly exchange: string;
  /** Base address that replaces the exchange's own, e.g. `http://127.0.0.1:9000`; `null` for the exchange itself. */
  readonly rest: string | null;
  /** Name under which the key and secret are found; never the secret itself. */
  readonly credentialRef: string;
  readonly label: 'paper' | 'live';
  /** `candles` of a venue that replays recorded ones: its market has their time, its server the time of the clock; `wall` unless given. */
  readonly marketTime?: 'wall' | 'candles';
  readonly consistencyMs: ConsistencyTimes;
  readonly assumptions: VenueAssumptions | null;
}

/** The accounts file, or one of its fields, cannot be used; the message names field, value and what to do. */
export class AccountsFileError extends Error {
  constructor(message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'AccountsFileError';
  }
}

/**
 * Reads the venue accounts of a home from a JSON file.
 * @throws {AccountsFileError} naming the file, the entry and the field that cannot be used.
 */
export async function readAccountsFile(path: string): Promise<readonly VenueAccountConfig[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new AccountsFileError(`${path} cannot be read: start the stack once, or set TRADEWIND_ACCOUNTS to the file`, {
      cause,
    });
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new AccountsFileError(`${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
  return parseAccounts(document, path);
}

/**
 * Checks a parsed accounts document.
 * @param source what the document is called in error messages, e.g. its path
 */
export function parseAccounts(document: unknown, source: string): readonly VenueAccountConfig[] {
  if (!Array.isArray(document)) throw new AccountsFileError(`${source} must hold a list of venue accounts`);
  const accounts = document.map((entry: unknown, index) => parseAccount(entry, `${source}: account ${index + 1}`));
  const seen = new Set<string>();
  for (const { id } of accounts) {
    if (seen.has(id)) throw new AccountsFileError(`${source}: two accounts have the id "${id}"; give each its own`);
    seen.add(id);
  }
  return accounts;
}

function parseAccount(entry: unknown, where: string): VenueAccountConfig {
  const fields = new FieldReader(entry, where, (message) => new AccountsFileError(message));
  const consistency = fields.object('consistencyMs');
  return {
    id: fields.matching('id', /^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and dashes, at most 40'),
    exchange: fields.matching('exchange', /^[a-z0-9]+$/, 'a ccxt exchange id such as "binance"'),
    rest: fields.isNull('rest') ? null : restAddress(fields),
    credentialRef: fields.matching('credentialRef', /^[A-Za-z0-9][A-Za-z0-9-]*$/, 'letters, digits and dashes'),
    label: fields.oneOf('label', ['paper', 'live']),
    marketTime: fields.isNull('marketTime') ? 'wall' : fields.oneOf('marketTime', ['wall', 'candles']),
    consistencyMs: {
      recvWindowMs: consistency.duration('recvWindow', 1, 60_000),
      apiTimeoutMs: consistency.duration('apiTimeout', 0, 3_600_000),
      marginMs: consistency.duration('margin', 0, 3_600_000),
    },
    assumptions: fields.isNull('assumptions') ? null : parseAssumptions(fields.object('assumptions')),
  };
}

function restAddress(fields: FieldReader): string {
  const text = fields.matching('rest', /^https?:\/\/[^\s?#]+$/, 'an address such as "http://127.0.0.1:9000", or null');
  return text.replace(/\/+$/, '');
}

function parseAssumptions(fields: FieldReader): VenueAssumptions {
  const impact = fields.isNull('impact') ? null : fields.object('impact');
  return {
    feed: fields.raw('feed'),
    synthetic: fields.boolean('synthetic'),
    speed: fields.isNull('speed') ? null : fields.number('speed', 0),
    impact: impact && { permanent: impact.number('permanent', 0), halfLifeMs: impact.number('halfLifeMs', 0) },
    latencyMs: fields.isNull('latencyMs') ? null : fields.number('latencyMs', 0),
  };
}
