import { parseArgs } from 'node:util';
import { readConfig, type VenueConfig } from './config.ts';
import { VenueServer } from './venue-server.ts';

/** Runs the venues of a configuration file until SIGTERM or SIGINT: `main --config FILE`. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  if (values.config === undefined) throw new Error('say which venues to run: --config FILE');
  const configs = readConfig(values.config);
  const servers: VenueServer[] = [];
  for (const config of configs) servers.push(await startVenue(config));
  const drain = () => {
    Promise.all(servers.map((server) => server.close())).then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', drain);
  process.once('SIGINT', drain);
  console.log(`tradewind:ready ${JSON.stringify({ venues: servers.map(({ addresses }) => addresses) })}`);
}

async function startVenue(config: VenueConfig): Promise<VenueServer> {
  const log = (message: string) => console.log(`[${config.id}] ${message}`);
  log(describe(config));
  return VenueServer.start(config, { log, onFailure: fail });
}

function describe(config: VenueConfig): string {
  const symbols = config.markets.map(({ symbol }) => symbol).join(', ');
  const { feed } = config;
  if (feed.kind === 'synthetic')
    return `SYNTHETIC market of ${symbols} (seed ${feed.seed}): generated prices, no real market`;
  if (feed.kind === 'candles') {
    const origin = feed.synthetic ? 'SYNTHETIC candles' : 'candles';
    return `${origin} of ${symbols} from ${feed.file}, bar by bar as they are released`;
  }
  if (feed.kind === 'relay') {
    const origin = config.sourceAddress ?? feed.exchange;
    return `relay of the ${feed.synthetic ? 'SYNTHETIC' : 'public'} market of ${symbols} from ${feed.source ?? origin}`;
  }
  return `replay of ${symbols} from ${feed.files.join(', ')} at speed ${feed.speed}`;
}

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

main().catch(fail);
