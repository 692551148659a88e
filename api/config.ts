import { resolve } from 'node:path';
import {
  ConfigError,
  type Environment,
  optional,
  required,
  type ServerAddresses,
  serverAddresses,
} from '../adapters/config.ts';
import type { DurationMs } from '../domain/market/decimal.ts';
import { type ApiSettings, DEFAULT_SETTINGS } from './settings.ts';

const DAY_MS: DurationMs = 86_400_000;

/** A setting that is a whole number: how it is called, what holds without it, and what it may be. */
interface WholeSetting {
  readonly variable: string;
  readonly otherwise: number;
  readonly least: number;
  readonly most: number;
}

export interface ApiConfig extends ServerAddresses {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly accountsFile: string;
  readonly adminKeyFile: string;
  readonly settings: ApiSettings;
  /** Older events are forgotten. */
  readonly eventsKeptMs: DurationMs;
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new ConfigError(`TRADEWIND_API_PORT is "${text}": give a port from 0 to 65535`);
}

function wholeOf(env: Environment, { variable, otherwise, least, most }: WholeSetting): number {
  const text = optional(env, variable, String(otherwise));
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value;
  throw new ConfigError(`${variable} is "${text}": give a whole number from ${least} to ${most}`);
}

function settingsOf(env: Environment): ApiSettings {
  const { requestsPerMinute, wrongKeysPerMinute, streams, follow } = DEFAULT_SETTINGS;
  const whole = (name: string, otherwise: number, least: number, most: number): number =>
    wholeOf(env, { variable: `TRADEWIND_API_${name}`, otherwise, least, most });
  return {
    requestsPerMinute: whole('REQUESTS_PER_MINUTE', requestsPerMinute, 10, 10_000_000),
    wrongKeysPerMinute,
    streams: {
      perKey: whole('STREAMS_PER_KEY', streams.perKey, 1, 500),
      inAll: whole('STREAMS', streams.inAll, 1, 500),
    },
    follow: { ...follow, lifeMs: 1000 * whole('STREAM_LIFE_S', follow.lifeMs / 1000, 1, 86_400) },
  };
}

/** The API's settings from the environment. Throws a `ConfigError` that names the variable. */
export function apiConfig(env: Environment): ApiConfig {
  return {
    ...serverAddresses(env),
    // Loopback unless somebody decides otherwise: whoever reaches the API and has a key can trade.
    host: optional(env, 'TRADEWIND_API_HOST', '127.0.0.1'),
    port: portOf(optional(env, 'TRADEWIND_API_PORT', '0')),
    accountsFile: required(env, 'TRADEWIND_ACCOUNTS', 'the path of the venue accounts file'),
    adminKeyFile: resolve(optional(env, 'TRADEWIND_HOME', '.tradewind'), 'admin.key'),
    settings: settingsOf(env),
    eventsKeptMs:
      DAY_MS * wholeOf(env, { variable: 'TRADEWIND_EVENTS_KEEP_DAYS', otherwise: 90, least: 1, most: 36_500 }),
  };
}
