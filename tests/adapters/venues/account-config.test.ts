import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseAccounts, readAccountsFile } from '../../../adapters/venues/account-config.ts';

const SIM = {
  id: 'sim',
  exchange: 'binance',
  rest: 'http://127.0.0.1:9000/',
  credentialRef: 'sim',
  label: 'paper',
  consistencyMs: { recvWindow: 1000, apiTimeout: 1000, margin: 2000 },
  assumptions: {
    feed: { kind: 'synthetic', seed: 7 },
    synthetic: true,
    speed: 1,
    impact: { permanent: 0.25, halfLifeMs: 21_000 },
    latencyMs: 5,
  },
};

test('an account of the file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tradewind-accounts-'));
  const path = join(folder, 'accounts.json');
  await writeFile(path, JSON.stringify([SIM]));
  expect(await readAccountsFile(path)).toEqual([
    {
      ...SIM,
      rest: 'http://127.0.0.1:9000',
      marketTime: 'wall',
      consistencyMs: { recvWindowMs: 1000, apiTimeoutMs: 1000, marginMs: 2000 },
    },
  ]);
  await rm(folder, { recursive: true });
});

test('an account of a venue that replays candles', () => {
  expect(parseAccounts([{ ...SIM, marketTime: 'candles' }], 'f')).toMatchObject([{ marketTime: 'candles' }]);
});

test('a live account has no address of its own and assumes nothing', () => {
  const live = { ...SIM, id: 'main', rest: null, label: 'live', assumptions: null };
  expect(parseAccounts([live], 'f')).toMatchObject([{ rest: null, label: 'live', assumptions: null }]);
});

test.each([
  [{ id: 'Sim 1' }, 'account 1: field "id" is "Sim 1"'],
  [{ exchange: 7 }, 'field "exchange" is 7'],
  [{ rest: 'ftp://x' }, 'field "rest" is "ftp://x"'],
  [{ credentialRef: '../x' }, 'field "credentialRef" is "../x"'],
  [{ label: 'demo' }, 'field "label" is "demo"; it must be one of "paper", "live"'],
  [{ marketTime: 'bars' }, 'field "marketTime" is "bars"; it must be one of "wall", "candles"'],
  [{ consistencyMs: 2000 }, 'field "consistencyMs" is 2000; it must be an object'],
  [{ consistencyMs: { ...SIM.consistencyMs, recvWindow: 60_001 } }, 'field "recvWindow" is 60001'],
  [{ consistencyMs: { recvWindow: 1000, apiTimeout: 1000 } }, 'field "margin" is missing'],
  [{ assumptions: { ...SIM.assumptions, synthetic: 'yes' } }, 'field "synthetic" is "yes"; it must be true or false'],
  [{ assumptions: { ...SIM.assumptions, speed: -1 } }, 'field "speed" is -1'],
])('a wrong field is named with its value: %j', (change, message) => {
  expect(() => parseAccounts([{ ...SIM, ...change }], 'accounts.json')).toThrow(message);
});

test('ids are unique', () => {
  expect(() => parseAccounts([SIM, SIM], 'accounts.json')).toThrow('two accounts have the id "sim"');
});

test.each([
  [{}, 'must hold a list'],
  [['sim'], 'account 1 is "sim"; it must be an object'],
])('a document of another form: %j', (document, message) => {
  expect(() => parseAccounts(document, 'accounts.json')).toThrow(message);
});

test('a file that is missing or no JSON', async () => {
  await expect(readAccountsFile('/nowhere/accounts.json')).rejects.toThrow('/nowhere/accounts.json cannot be read');
  await expect(readAccountsFile(import.meta.filename)).rejects.toThrow('is not JSON');
});
