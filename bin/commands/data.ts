import { readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { InvalidInput } from '../stack/failures.ts';
import { type ApiClient, openClient, type Page } from '../terminal/client.ts';
import {
  datasetTable,
  type DatasetView,
  type DownloadView,
  readableDataset,
  readableDownload,
} from '../terminal/dataset-view.ts';
import { isPassing, JobFailed } from '../terminal/errors.ts';
import { type CommonOptions, print, say, withCommonOptions } from '../terminal/output.ts';

const POLL_MS = 500;
/** How long an API that does not answer is waited for: a restart takes seconds. */
const PATIENCE_MS = 120_000;

interface ImportOptions extends CommonOptions {
  readonly symbol: string;
  readonly timeframe: string;
  readonly stamp: string;
  readonly columns?: string;
  readonly zone?: string;
  readonly calendar?: string;
  readonly dropDuplicates?: string;
}

interface ResampleOptions extends CommonOptions {
  readonly timeframe: string;
  readonly calendar?: string;
}

interface DownloadOptions extends CommonOptions {
  readonly venue: string;
  readonly symbol: string;
  readonly timeframe: string;
  readonly from: string;
  readonly to?: string;
  readonly key?: string;
  readonly wait: boolean;
}

/** Adds `tradewind data`: data sets of bars through the API. */
export function register(program: Command): void {
  const data = program
    .command('data')
    .description('bars for backtests: import files, download from venues, resample, list, delete');
  registerImport(data);
  withCommonOptions(data.command('list').description('data sets, newest first'))
    .option('--symbol <symbol>', 'only those of this symbol')
    .option('--timeframe <timeframe>', 'only those of this timeframe')
    .option('--limit <n>', 'how many', '100')
    .option('--cursor <text>', 'the "next" of the page before')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & Record<string, string>>();
      const { json: _json, home: _home, ...query } = options;
      const page = await openClient(options).get<Page<DatasetView>>('/v1/datasets', query as Record<string, string>);
      print(options, page, () => datasetTable(page.items));
    });
  withCommonOptions(data.command('show <id>').description('one data set')).action(
    async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const view = await openClient(options).get<DatasetView>(`/v1/datasets/${encodeURIComponent(id)}`);
      print(options, view, () => readableDataset(view));
    },
  );
  withCommonOptions(data.command('delete <id>').description('delete a data set with its bars; results stay')).action(
    async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const view = await openClient(options).delete<DatasetView>(`/v1/datasets/${encodeURIComponent(id)}`);
      print(
        options,
        { ...view, deleted: true },
        () => `deleted ${view.datasetId}: ${view.rows} bars of ${view.symbol}\n`,
      );
    },
  );
  registerResample(data);
  registerDownload(data);
}

function registerImport(data: Command): void {
  withCommonOptions(data.command('import <file>').description('import a CSV file of bars, plain or gzip'))
    .requiredOption('--symbol <symbol>', 'what was traded, for example BTC/USDT')
    .requiredOption('--timeframe <timeframe>', 'the length of a bar, for example 1m')
    .addOption(
      new Option('--stamp <stamp>', 'what the stamps of the file are: the open or the close of a bar')
        .choices(['open', 'close'])
        .makeOptionMandatory(),
    )
    .option(
      '--columns <mapping>',
      'which column is which, timestamp=date,volume=volume_contracts; by number without a header',
    )
    .option('--zone <zone>', 'the clock of stamps without an offset: America/New_York or -05:00 (default: UTC)')
    .option('--calendar <name|file>', 'when bars are expected: 24/7 (default), us-equities, forex, or a JSON file')
    .addOption(
      new Option('--drop-duplicates <kind>', 'drop repeated rows: only identical ones can be').choices(['identical']),
    )
    .action(async (file: string, _own, command: Command) => {
      const options = command.optsWithGlobals<ImportOptions>();
      checkFile(file);
      const { symbol, timeframe, stamp, columns, zone, calendar } = options;
      const view = await openClient(options).upload<DatasetView>(
        '/v1/datasets',
        {
          symbol,
          timeframe,
          stamp,
          columns,
          zone,
          calendar: calendar === undefined ? undefined : calendarText(calendar),
          duplicates: options.dropDuplicates === undefined ? undefined : 'drop-identical',
        },
        { path: file, type: file.endsWith('.gz') ? 'application/gzip' : 'text/csv' },
      );
      print(options, view, () => readableDataset(view));
    });
}

function registerResample(data: Command): void {
  withCommonOptions(
    data.command('resample <id>').description('make bars of a longer timeframe, a data set of their own'),
  )
    .requiredOption('--timeframe <timeframe>', 'a whole multiple of that of the data set, for example 1h')
    .option('--calendar <name|file>', 'when bars are expected (default: as in the data set)')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<ResampleOptions>();
      const { timeframe, calendar } = options;
      const body = { timeframe, ...(calendar === undefined ? {} : { calendar: calendarText(calendar) }) };
      const path = `/v1/datasets/${encodeURIComponent(id)}/resample`;
      const view = await openClient(options).postAndWait<DatasetView>(path, body);
      print(options, view, () => readableDataset(view));
    });
}

function checkFile(path: string): void {
  try {
    if (statSync(path).isFile()) return;
  } catch (error) {
    throw new InvalidInput(`${path} cannot be read: ${(error as Error).message}`);
  }
  throw new InvalidInput(`${path} is no file`);
}

/** A calendar is a name that the API knows, or a file with a description. */
function calendarText(given: string): string {
  if (!given.endsWith('.json')) return given;
  try {
    return JSON.stringify(JSON.parse(readFileSync(given, 'utf8')));
  } catch (error) {
    throw new InvalidInput(`--calendar ${given} cannot be read as JSON: ${(error as Error).message}`);
  }
}

function registerDownload(data: Command): void {
  withCommonOptions(data.command('download').description('download candles of a venue into a data set'))
    .requiredOption('--venue <id>', 'the venue account')
    .requiredOption('--symbol <symbol>', 'the unified symbol, for example BTC/USDT')
    .requiredOption('--timeframe <timeframe>', 'the length of a bar, for example 1m')
    .requiredOption('--from <time>', 'the open of the first bar, ISO 8601')
    .option('--to <time>', 'the end, ISO 8601 (default: the last bar that has closed)')
    .option('--key <key>', 'idempotency key: the same key and request start one download, however often it is sent')
    .option('--wait', 'wait until it has ended and print the data set; exit code 6 unless it completed (default)', true)
    .option('--no-wait', 'do not wait: print the download as it begins')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<DownloadOptions>();
      const client = openClient(options);
      const { venue, symbol, timeframe, from, to } = options;
      const body = { venue, symbol, timeframe, from, to };
      const started = await client.start<DownloadView>('/v1/datasets/downloads', body, options.key);
      if (!options.wait) return print(options, started, () => readableDownload(started));
      const ended = await untilEnded(client, started);
      if (ended.datasetId === null) {
        print(options, ended, () => readableDownload(ended));
        throw new JobFailed(`the download is ${ended.status}`);
      }
      const stored = await client.get<DatasetView>(`/v1/datasets/${ended.datasetId}`);
      const dataset = { ...stored, notes: [...ended.notes, ...stored.notes] };
      print(options, dataset, () => readableDataset(dataset));
    });
  onDownload(data, 'download-show <id>', 'one download with its progress', async (client, id, options) => {
    const view = await client.get<DownloadView>(pathOf(id));
    print(options, view, () => readableDownload(view));
  });
  onDownload(data, 'download-cancel <id>', 'end a download and remove its bars', async (client, id, options) => {
    const view = await client.post<DownloadView>(`${pathOf(id)}/cancel`, {});
    print(options, view, () => readableDownload(view));
  });
}

const pathOf = (id: string): string => `/v1/datasets/downloads/${encodeURIComponent(id)}`;

function onDownload(
  data: Command,
  name: string,
  description: string,
  work: (client: ApiClient, id: string, options: CommonOptions) => Promise<void>,
): void {
  withCommonOptions(data.command(name).description(description)).action(async (id: string, _own, command: Command) => {
    const options = command.optsWithGlobals<CommonOptions>();
    await work(openClient(options), id, options);
  });
}

/** The download once it has ended; outlives a restart of the API. */
async function untilEnded(client: ApiClient, started: DownloadView): Promise<DownloadView> {
  let view = started;
  let said = '';
  let answeredAt = performance.now();
  while (view.status === 'running') {
    const line = `${view.status}: ${(view.progress * 100).toFixed(1)} %, ${view.rows} bars`;
    if (line !== said) say(line);
    said = line;
    await delay(POLL_MS);
    try {
      view = await client.get<DownloadView>(pathOf(view.id));
      answeredAt = performance.now();
    } catch (error) {
      if (!isPassing(error) || performance.now() - answeredAt > PATIENCE_MS) throw error;
    }
  }
  return view;
}
