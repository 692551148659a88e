/** The Temporal UI puts no room between columns: without this the longest name runs into its text. */
const GAP = '\u00A0\u00A0';

/** Names and texts as a markdown table: the static details of a workflow in the Temporal UI. */
export function detailsTable(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, value]) => `| ${name}${GAP} | ${value.replaceAll('|', '/').replaceAll('\n', ' ')} |`);
  return ['| | |', '|---|---|', ...lines].join('\n');
}
