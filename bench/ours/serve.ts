import { createInterface } from 'node:readline';
import type { Candles } from '../../domain/market/candles.ts';
import { readBarFolder, writeDoubles } from '../bar-folder.ts';
import { peakMemoryBytes } from '../machine.ts';
import type { CaseAnswer, CaseRequest } from '../runner.ts';
import { caseOf } from './cases.ts';
import type { Work } from './prepared-case.ts';

/**
 * Runs our side of the workloads in a process of its own, the counterpart of `peers/serve.py`: one JSON document a line on stdin, one
 * answer a line on stdout. The clock runs around the work alone.
 */

const bars = new Map<string, Candles>();
const prepared = new Map<string, Work>();

for await (const line of createInterface({ input: process.stdin })) {
  const { id, ...request } = JSON.parse(line) as CaseRequest & { readonly id: number };
  let reply: CaseAnswer | { readonly error: string };
  try {
    reply = await answer(request);
  } catch (error) {
    reply = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.stdout.write(`${JSON.stringify({ id, ...reply })}\n`);
}

async function answer(request: CaseRequest): Promise<CaseAnswer> {
  const work = await preparedWork(request);
  const startedAt = performance.now();
  const rowsOf = await work();
  const elapsedMs = performance.now() - startedAt;
  if (request.out === undefined) return { elapsedMs, shape: null, peakBytes: peakMemoryBytes() };
  const { columns, values } = rowsOf();
  await writeDoubles(request.out, values);
  return { elapsedMs, shape: [values.length / columns, columns], peakBytes: peakMemoryBytes() };
}

async function preparedWork({ case: name, bars: folder, options }: CaseRequest): Promise<Work> {
  const key = JSON.stringify([name, folder, options]);
  const known = prepared.get(key);
  if (known !== undefined) return known;
  prepared.clear();
  if (!bars.has(folder)) {
    bars.clear();
    bars.set(folder, await readBarFolder(folder));
  }
  const made = await caseOf(name)(bars.get(folder)!, options);
  prepared.set(key, made);
  return made;
}
