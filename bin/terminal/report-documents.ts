import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isReportData, type ReportData } from '../../domain/backtest/report/report-data.ts';
import { InvalidInput } from '../stack/failures.ts';
import { REPORT_DOCUMENT } from './backtest-files.ts';
import type { ApiClient } from './client.ts';

/** The report in a folder that `backtest run --out` has written. Throws `InvalidInput` when there is none, or none of this version. */
export async function readReport(folder: string): Promise<ReportData> {
  const file = join(folder, REPORT_DOCUMENT);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new InvalidInput(
      `--dir ${folder}: ${(error as Error).message}; give a folder that "backtest run --out" has written`,
    );
  });
  return checked(parsed(text), `--dir ${folder}: ${REPORT_DOCUMENT}`);
}

/** The report of a backtest that the platform keeps. */
export async function fetchReport(client: Pick<ApiClient, 'get'>, id: string): Promise<ReportData> {
  return checked(await client.get(`/v1/backtests/${encodeURIComponent(id)}/${REPORT_DOCUMENT}`), `backtest ${id}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function checked(document: unknown, what: string): ReportData {
  if (isReportData(document)) return document;
  throw new InvalidInput(`${what} is no report of this version: run the backtest again`);
}
