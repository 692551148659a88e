import type { StackRecord } from './stack-record.ts';

/** The addresses of a stack in a box, as lines for people. */
export function addressBox(record: StackRecord): string {
  const rows: [string, string][] = [
    ['API', record.api ?? 'not up'],
    ['API docs', record.api === null ? 'not up' : `${record.api}/docs`],
    ['Temporal UI', record.temporal.ui ?? `that of ${record.temporal.address}`],
    ['Temporal', `${record.temporal.address} from ${record.temporal.source}`],
    ['Postgres', record.postgres],
    ...record.venues.map(({ id, protocol, rest }): [string, string] => [
      `Venue ${id}`,
      `${rest} (${protocol}, simulated)`,
    ]),
    ['Home', record.home],
    ['Admin key', record.adminKeyFile],
  ];
  const label = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `${name.padEnd(label)}  ${value}`);
  const width = Math.max(...lines.map((line) => line.length));
  const title = record.ready ? ' Tradewind is ready ' : ' Tradewind is not ready ';
  return [
    `┌─${title}${'─'.repeat(Math.max(0, width - title.length))}─┐`,
    ...lines.map((line) => `│ ${line.padEnd(width)} │`),
    `└${'─'.repeat(width + 2)}┘`,
    '',
  ].join('\n');
}
