import { problemCodes } from './problem-codes.ts';

/** `docs/errors.md`: every problem code with its status and remedy, by status. */
export function problemTable(): string {
  const rows = Object.entries(problemCodes)
    .toSorted(([a, { status: first }], [b, { status: second }]) => first - second || (a < b ? -1 : 1))
    .map(([code, { status, title, remedy }]) => `| \`${code}\` | ${status} | ${title} | ${remedy} |`);
  return `# Problem codes

Every error of the API is a problem document ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)):
\`{type, title, status, detail, code, errors: [{field, value, message}]}\`. \`code\` is stable; \`detail\` and \`message\` are for people.
Made from \`api/problem-codes.ts\` by \`npx tsx api/print-problem-table.ts > docs/errors.md\`.

| code | status | meaning | what to do |
|---|---|---|---|
${rows.join('\n')}

The command line prints the same document and adds codes of its own: \`INVALID_INPUT\` (exit code 2), \`NOT_FOUND\` (3), \`CONFLICT\` (4),
\`NO_STACK\` (5), and \`NO_ANSWER\` (1): the API did not answer in time, or went away. A start may have been accepted all the same; the message has
the key under which to repeat it.
`;
}
