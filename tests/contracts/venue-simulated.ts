import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ApiCredentials } from '../../adapters/credentials/credentials.ts';
import type { VenueAccountConfig } from '../../adapters/venues/account-config.ts';
import { openMarketReader } from '../../adapters/venues/market-reader.ts';
import { openVenueAccount } from '../../adapters/venues/venue-account.ts';
import type { ContractVenue } from './venue-contract.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const READY = 'tradewind:ready ';

/** Runs the simulated exchange as a process of its own and lends it to the contract. */
export async function startSimulatedVenue(): Promise<ContractVenue> {
  const folder = await mkdtemp(join(tmpdir(), 'tradewind-contract-'));
  const config = join(folder, 'config.json');
  const venue = {
    id: 'sim',
    protocol: 'binance-spot',
    feed: { kind: 'synthetic', seed: 11 },
    markets: [{ symbol: 'BTC/USDT', tick: '0.01', lot: '0.00001', minNotional: '5' }],
    latencyMs: 5,
    makerBps: 10,
    takerBps: 10,
    impact: { permanent: 0.25, halfLifeMs: 21_000 },
    balances: { USDT: '1000000', BTC: '20' },
    port: 0,
    journal: join(folder, 'journal'),
    apiKey: 'contract-key',
    apiSecret: 'contract-secret',
  };
  await writeFile(config, JSON.stringify({ venues: [venue] }), { mode: 0o600 });
  const child = spawn(process.execPath, ['--import', 'tsx', 'simulator/main.ts', '--config', config], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { rest, admin } = await addressesOf(child);
  const account: VenueAccountConfig = {
    id: 'sim',
    exchange: 'binance',
    rest,
    credentialRef: 'sim',
    label: 'paper',
    consistencyMs: { recvWindowMs: 1000, apiTimeoutMs: 1000, marginMs: 2000 },
    assumptions: null,
  };
  const credentials = { find: () => Promise.resolve(new ApiCredentials(venue.apiKey, venue.apiSecret)) };
  return {
    symbol: 'BTC/USDT',
    // The simulated exchange's default.
    stopOrderLimit: 5,
    instrument: {
      symbol: 'BTC/USDT',
      base: 'BTC',
      quote: 'USDT',
      tick: '0.01',
      lot: '0.00001',
      minQuantity: '0.00001',
      maxQuantity: '9000',
      minNotional: '5',
    },
    openAccount: (clock) => openVenueAccount(account, { clock, credentials }),
    openReader: (clock) => openMarketReader(account, { clock }),
    async breakNextSend(kind) {
      const body = JSON.stringify({ endpoint: 'order.create', kind, count: 1 });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${admin}/faults`, { method: 'POST', body, headers });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async sendsSeen(clientOrderId) {
      const ledger = (await (await fetch(`${admin}/ledger`)).json()) as { requests: { [field: string]: unknown }[] };
      return ledger.requests.filter(
        (each) => each['endpoint'] === 'order.create' && each['clientOrderId'] === clientOrderId,
      ).length;
    },
    async close() {
      const ended = new Promise((resolve) => {
        child.once('exit', resolve);
      });
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** The addresses that the process prints once it serves. */
function addressesOf(child: ChildProcess): Promise<{ rest: string; admin: string }> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the simulator ended with code ${code} before it served`)));
    if (child.stdout === null) throw new Error('the simulator has no output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith(READY)) return;
      const { venues } = JSON.parse(line.slice(READY.length)) as { venues: { rest: string; admin: string }[] };
      const [first] = venues;
      if (first === undefined) reject(new Error('the simulator serves no venue'));
      else resolve(first);
    });
  });
}
