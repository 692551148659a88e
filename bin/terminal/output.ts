import Table from 'cli-table3';
import type { Command } from 'commander';
import { visible } from './visible.ts';

/** Options that every command has which talks to a stack. */
export interface CommonOptions {
  readonly home?: string;
  readonly json?: boolean;
}

/** Adds `--json`, and `--home` where the command needs a stack. */
export function withCommonOptions(command: Command, needs: 'stack' | 'nothing' = 'stack'): Command {
  if (needs === 'stack') {
    command.option('--home <folder>', 'home of the stack (default: TRADEWIND_HOME, else .tradewind in the project)');
  }
  return command.option('--json', 'print one JSON document');
}

/** Writes a result: the document with `--json`, else its readable form. */
export function print(options: CommonOptions, document: unknown, readable: () => string): void {
  process.stdout.write(options.json === true ? `${JSON.stringify(document, null, 2)}\n` : readable());
}

/** Writes one line for people; stdout stays free for the result. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

type Cell = string | number | boolean | null | undefined;

const text = (cell: Cell): string => (cell === null || cell === undefined ? '–' : visible(String(cell)));

/** Rows under headings. */
export function tableOf(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  // No line between rows: twice as many slices fit on a screen.
  const chars = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
  const table = new Table({ head: [...head], style: { head: [], border: [] }, chars });
  for (const row of rows) table.push(row.map(text));
  return `${table.toString()}\n`;
}

/** Names with their values, one a line. */
export function listOf(entries: readonly (readonly [name: string, value: Cell])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${text(value)}\n`).join('');
}
