import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';

/** Key and secret of an exchange account. They are reachable only by name: printing, serialising or spreading shows nothing. */
export class ApiCredentials {
  readonly #apiKey: string;
  readonly #apiSecret: string;

  constructor(apiKey: string, apiSecret: string) {
    this.#apiKey = apiKey;
    this.#apiSecret = apiSecret;
  }

  get apiKey(): string {
    return this.#apiKey;
  }

  get apiSecret(): string {
    return this.#apiSecret;
  }

  toJSON(): string {
    return '[redacted credentials]';
  }

  toString(): string {
    return '[redacted credentials]';
  }

  [inspect.custom](): string {
    return '[redacted credentials]';
  }
}

/** Finds credentials by the name that accounts refer to them with. */
export interface CredentialSource {
  /** @throws {CredentialError} when there are none under that name or they are kept too openly. */
  find(ref: string): Promise<ApiCredentials>;
}

/** Credentials are missing or unsafe; the message says what to do and never holds a secret. */
export class CredentialError extends Error {
  constructor(message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'CredentialError';
  }
}

/**
 * Credentials from the environment (`TRADEWIND_CREDENTIAL_<REF>` = `key:secret`, the ref in capitals, `-` as `_`), else from
 * `<home>/credentials/<ref>.json` = `{"apiKey","apiSecret"}`, which only its owner may read or write.
 */
export function credentialSource(home: string, env: Readonly<Record<string, string | undefined>>): CredentialSource {
  return {
    async find(ref) {
      if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(ref)) {
        throw new CredentialError(`credentialRef "${ref}" must be letters, digits and dashes`);
      }
      const variable = `TRADEWIND_CREDENTIAL_${ref.toUpperCase().replaceAll('-', '_')}`;
      const fromEnvironment = env[variable];
      if (fromEnvironment !== undefined && fromEnvironment !== '') return parsePair(fromEnvironment, variable);
      return readCredentialFile(join(home, 'credentials', `${ref}.json`), variable);
    },
  };
}

function parsePair(text: string, variable: string): ApiCredentials {
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1) throw new CredentialError(`${variable} must be "key:secret"`);
  return new ApiCredentials(text.slice(0, colon), text.slice(colon + 1));
}

async function readCredentialFile(path: string, variable: string): Promise<ApiCredentials> {
  let file;
  try {
    file = await open(path, 'r');
  } catch (cause) {
    throw new CredentialError(`no credentials: set ${variable} to "key:secret", or write ${path} with mode 600`, {
      cause,
    });
  }
  try {
    // Mode and content are read through one handle, so that the file checked is the file used.
    const mode = (await file.stat()).mode & 0o777;
    if ((mode & 0o077) !== 0) {
      throw new CredentialError(`${path} has mode ${mode.toString(8)}, others could read it: run chmod 600 "${path}"`);
    }
    return parseCredentialFile(await file.readFile('utf8'), path);
  } finally {
    await file.close();
  }
}

function parseCredentialFile(text: string, path: string): ApiCredentials {
  const wrong = new CredentialError(`${path} must hold {"apiKey": "…", "apiSecret": "…"}`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may be a secret.
    throw wrong;
  }
  if (typeof document !== 'object' || document === null) throw wrong;
  const { apiKey, apiSecret } = document as Record<string, unknown>;
  if (typeof apiKey !== 'string' || apiKey === '' || typeof apiSecret !== 'string' || apiSecret === '') throw wrong;
  return new ApiCredentials(apiKey, apiSecret);
}
