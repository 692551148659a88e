/** The environment of a process lacks something or holds something unusable; the message names the variable. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that must be set. */
export function required(env: Environment, name: string, meaning: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new ConfigError(`${name} is not set: give ${meaning}`);
  return value;
}

/** A variable with a default. */
export function optional(env: Environment, name: string, fallback: string): string {
  const value = env[name];
  return value === undefined || value === '' ? fallback : value;
}

/** Where the processes find the servers that they share. */
export interface ServerAddresses {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
}

export function serverAddresses(env: Environment): ServerAddresses {
  return {
    databaseUrl: required(
      env,
      'DATABASE_URL',
      'the address of the Postgres database, postgres://user:password@host:port/name',
    ),
    temporalAddress: required(env, 'TEMPORAL_ADDRESS', 'host:port of the Temporal server'),
    temporalNamespace: optional(env, 'TEMPORAL_NAMESPACE', 'default'),
  };
}
