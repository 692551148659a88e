/** Names and texts as a markdown table: the static details of a workflow in the Temporal UI. */
export function detailsTable(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, value]) => `| ${name} | ${value.replaceAll('|', '/')} |`);
  return ['| | |', '|---|---|', ...lines].join('\n');
}
