import { describe, expect, it } from '@jest/globals';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createHome, homeLayout } from '../../../bin/stack/home-layout.ts';
import { writeVenueFiles } from '../../../bin/stack/venue-files.ts';
import { DEFAULT_VENUES } from '../../../bin/stack/venue-specs.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const home = homeLayout(join(tempFolder(), 'home'));
createHome(home);
const place = { listen: '127.0.0.1', host: '127.0.0.1', portOf: () => 9123 };
const keyFile = join(home.credentials, 'sim.json');

function write() {
  writeVenueFiles(home, DEFAULT_VENUES, place);
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
  return { simulator: read(home.simulatorConfig), accounts: read(home.accounts), key: read(keyFile) };
}

describe('writeVenueFiles', () => {
  it('gives the simulator and the account the same address, and the simulator the key', () => {
    const { simulator, accounts, key } = write();
    expect(simulator.venues[0]).toMatchObject({ id: 'sim', host: '127.0.0.1', port: 9123, ...key });
    expect(accounts[0]).toMatchObject({
      id: 'sim',
      exchange: 'binance',
      rest: 'http://127.0.0.1:9123',
      label: 'paper',
      marketTime: 'wall',
    });
  });

  it('says in the account what is assumed, synthetic data first of all', () => {
    expect(write().accounts[0].assumptions).toEqual({
      feed: 'synthetic',
      synthetic: true,
      speed: 1,
      impact: { permanent: 0.25, halfLifeMs: 21_000 },
      latencyMs: 5,
    });
  });

  it('says in the account of a venue that replays candles whose time its market has, and what they are', () => {
    const feed = { kind: 'candles', file: '/files/F.csv', timeframe: '15m', stamp: 'open', zone: 'UTC' } as const;
    const rest = { columns: {}, resample: null, warmUpBars: 1, from: null, to: null, synthetic: true };
    writeVenueFiles(home, [{ ...DEFAULT_VENUES[0]!, feed: { ...feed, ...rest } }], place);
    expect(JSON.parse(readFileSync(home.accounts, 'utf8'))[0]).toMatchObject({
      label: 'paper',
      marketTime: 'candles',
      assumptions: { feed: 'candles F.csv', synthetic: true, speed: null, impact: null },
    });
  });

  it('keeps the key from start to start', () => {
    expect(write().key).toEqual(write().key);
  });

  it('keeps the key out of the accounts file', () => {
    const { accounts, key } = write();
    expect(accounts[0].credentialRef).toBe('sim');
    expect(JSON.stringify(accounts)).not.toContain(key.apiSecret);
  });

  it.each([home.simulatorConfig, home.accounts, keyFile])('lets only the owner read %s', (file) => {
    write();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
