import type { SessionGlance } from '../../domain/session/commands.ts';

const SECONDS_BELOW_MS = 60_000;
const DATE_FROM_MS = 86_400_000;

/** "bar 14:05": what an operator reads beside the activity that waits for it. In UTC, by opening time; "first bar" before there is any. */
export function barSummary(lastBar: number | null, barMs: number): string {
  if (lastBar === null) return 'first bar';
  const text = new Date(lastBar + barMs).toISOString();
  if (barMs >= DATE_FROM_MS) return `bar ${text.slice(0, 10)}`;
  return `bar ${text.slice(11, barMs < SECONDS_BELOW_MS ? 19 : 16)}`;
}

/** The Temporal UI puts no room between columns: without this the longest name runs into its text. */
const GAP = '\u00A0\u00A0';

/** How a session stands as a short markdown table, for the Temporal UI. */
export function detailsTable({ status, problem, facts }: Pick<SessionGlance, 'status' | 'problem' | 'facts'>): string {
  const rows: SessionGlance['facts'] = [['status', status], ...facts, ['problem', problem ?? 'none']];
  const lines = rows.map(([name, text]) => `| ${name}${GAP} | ${text.replaceAll('|', '/').replaceAll('\n', ' ')} |`);
  return ['| | |', '|---|---|', ...lines].join('\n');
}
