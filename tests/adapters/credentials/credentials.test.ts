import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ApiCredentials, credentialSource } from '../../../adapters/credentials/credentials.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tradewind-credentials-'));
  await mkdir(join(home, 'credentials'));
});

afterEach(async () => {
  await rm(home, { recursive: true });
});

async function write(ref: string, text: string, mode: number): Promise<string> {
  const path = join(home, 'credentials', `${ref}.json`);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

const pairOf = ({ apiKey, apiSecret }: ApiCredentials) => [apiKey, apiSecret];

describe('credentials by reference', () => {
  test('come from the environment first; the secret may hold colons', async () => {
    await write('binance-main', '{"apiKey":"file","apiSecret":"file"}', 0o600);
    const source = credentialSource(home, { TRADEWIND_CREDENTIAL_BINANCE_MAIN: 'key:se:cret' });
    expect(pairOf(await source.find('binance-main'))).toEqual(['key', 'se:cret']);
  });

  test('come from a file that only its owner may use', async () => {
    await write('sim', '{"apiKey":"k","apiSecret":"s"}', 0o600);
    expect(pairOf(await credentialSource(home, {}).find('sim'))).toEqual(['k', 's']);
  });

  test.each([0o644, 0o640, 0o604, 0o660, 0o777])('are refused from a file with mode %o', async (mode) => {
    const path = await write('sim', '{"apiKey":"k","apiSecret":"s"}', mode);
    await expect(credentialSource(home, {}).find('sim')).rejects.toThrow(`run chmod 600 "${path}"`);
  });

  test('that are nowhere: the error names both places', async () => {
    const find = credentialSource(home, {}).find('other');
    await expect(find).rejects.toThrow(/TRADEWIND_CREDENTIAL_OTHER.*credentials\/other\.json/);
  });

  test.each(['../../etc/passwd', '', 'a/b', '.hidden'])('are not looked for under %j', async (ref) => {
    await expect(credentialSource(home, {}).find(ref)).rejects.toThrow('letters, digits and dashes');
  });

  test.each(['not json with hunter2', '{"apiKey":"k"}', '{"apiKey":"","apiSecret":"hunter2"}', '[]', 'null'])(
    'in the wrong form (%s) are refused without quoting them',
    async (text) => {
      await write('sim', text, 0o600);
      const error: unknown = await credentialSource(home, {})
        .find('sim')
        .catch((each: unknown) => each);
      expect(String(error)).toContain('must hold {"apiKey"');
      expect(inspect(error)).not.toContain('hunter2');
    },
  );

  test.each(['nocolon-hunter2', ':hunter2', 'hunter2:'])('in the environment in the wrong form', async (text) => {
    const find = credentialSource(home, { TRADEWIND_CREDENTIAL_SIM: text }).find('sim');
    await expect(find).rejects.toThrow('TRADEWIND_CREDENTIAL_SIM must be "key:secret"');
  });
});

test('printing, serialising and copying credentials shows nothing of them', () => {
  const credentials = new ApiCredentials('the-key', 'the-secret');
  const texts = [
    JSON.stringify({ credentials }),
    inspect({ credentials }, { showHidden: true }),
    String(credentials),
    JSON.stringify(Object.entries(credentials)),
    inspect(Object.assign({}, credentials)),
  ];
  for (const text of texts) expect(text).not.toMatch(/the-key|the-secret/);
});
