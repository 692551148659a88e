import { resolve } from 'node:path';
import {
  ConfigError,
  type Environment,
  optional,
  required,
  type ServerAddresses,
  serverAddresses,
} from '../adapters/config.ts';

export interface ApiConfig extends ServerAddresses {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly accountsFile: string;
  readonly adminKeyFile: string;
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new ConfigError(`TRADEWIND_API_PORT is "${text}": give a port from 0 to 65535`);
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
  };
}
