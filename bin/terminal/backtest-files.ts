import { constants, createWriteStream } from 'node:fs';
import { access, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { equityCsv, tradesCsv } from '../../adapters/backtests/csv-files.ts';
import { partsInMemory, reportIn } from '../../adapters/backtests/parts.ts';
import { renderReport } from '../../adapters/reports/render-report.ts';
import type { BacktestOutput } from '../../adapters/ports/backtest-store.ts';
import { InvalidInput } from '../stack/failures.ts';
import type { ApiClient } from './client.ts';

/** What a report is made of, so that it can be put beside others later. */
export const REPORT_DOCUMENT = 'report.json';

/** Files of a backtest that the API gives. */
const KEPT = ['trades.csv', 'equity.csv', 'report.html', REPORT_DOCUMENT] as const;

/** The folder of `--out`, made when it is not there. Throws `InvalidInput` when it cannot be made or written to. */
export async function openFolder(folder: string): Promise<void> {
  try {
    await makeFolder(resolve(folder));
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new InvalidInput(`--out ${folder} cannot be written to: ${(error as Error).message}`);
  }
}

/** Makes a folder and what is missing above it, one by one: Node's own recursion never ends on file systems such as /proc. */
async function makeFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return;
  if (found !== null) throw new Error(`${path} is no folder`);
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    // Somebody else made it meanwhile.
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Writes the files of a run that happened here. */
export async function writeOutput(folder: string, id: string, { result, parts }: BacktestOutput): Promise<void> {
  const readPart = partsInMemory(parts);
  const report = reportIn(parts);
  const document = { id, status: 'completed', ...result };
  await Promise.all([
    pipeline(Readable.from(tradesCsv(readPart)), createWriteStream(join(folder, 'trades.csv'))),
    pipeline(
      Readable.from(equityCsv(readPart, result.manifest.spec.broker.cash)),
      createWriteStream(join(folder, 'equity.csv')),
    ),
    renderReport(report).then((html) => writeFile(join(folder, 'report.html'), html)),
    writeFile(join(folder, REPORT_DOCUMENT), JSON.stringify(report)),
    writeDocuments(folder, document),
  ]);
}

/** Fetches the files of a backtest that the platform ran. */
export async function fetchOutput(
  folder: string,
  client: Pick<ApiClient, 'download'>,
  view: { readonly id: string; readonly manifest?: unknown },
): Promise<void> {
  const address = `/v1/backtests/${encodeURIComponent(view.id)}`;
  for (const name of KEPT) await client.download(`${address}/${name}`, join(folder, name));
  await writeDocuments(folder, view);
}

async function writeDocuments(folder: string, result: object & { readonly manifest?: unknown }): Promise<void> {
  const json = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;
  await writeFile(join(folder, 'manifest.json'), json(result.manifest));
  await writeFile(join(folder, 'result.json'), json(result));
}
