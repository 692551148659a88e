import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { renderReport } from '../../adapters/reports/render-report.ts';
import { joinReports, MOST_RUNS } from '../../domain/backtest/report/join-reports.ts';
import { InvalidInput } from '../stack/failures.ts';
import { openClient } from '../terminal/client.ts';
import { type CommonOptions, print, withCommonOptions } from '../terminal/output.ts';
import { fetchReport, readReport } from '../terminal/report-documents.ts';

interface ReportOptions extends CommonOptions {
  readonly dir: readonly string[];
  readonly out: string;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Adds `tradewind backtest report`: one page of one backtest, or of up to six side by side, kept by the platform or in folders. */
export function registerReport(backtest: Command): void {
  withCommonOptions(
    backtest.command('report [id...]').description('one HTML page with up to six backtests side by side'),
  )
    .option('--dir <folder>', 'a folder written by `backtest run --out`; may be given several times', collect, [])
    .requiredOption('--out <file>', 'where the page goes')
    .action(async (ids: readonly string[], _own, command: Command) => {
      const options = command.optsWithGlobals<ReportOptions>();
      refuseCount(ids.length + options.dir.length);
      const documents = await Promise.all(options.dir.map(readReport));
      if (ids.length > 0) {
        const client = openClient(options);
        documents.unshift(...(await Promise.all(ids.map((id) => fetchReport(client, id)))));
      }
      const report = joinReports(documents);
      await write(options.out, await renderReport(report));
      const document = { file: options.out, runs: report.runs.map(({ name }) => name), notes: report.notes };
      print(options, document, () => [options.out, ...document.runs, ...document.notes].join('\n  ').concat('\n'));
    });
}

function refuseCount(count: number): void {
  if (count > 0 && count <= MOST_RUNS) return;
  const given = count === 0 ? 'none is given' : `${count} are given`;
  throw new InvalidInput(`give 1 to ${MOST_RUNS} backtests, by id or with --dir: ${given}`);
}

async function write(file: string, html: string): Promise<void> {
  try {
    await writeFile(file, html);
  } catch (error) {
    throw new InvalidInput(`--out ${file} cannot be written: ${(error as Error).message}`);
  }
}
