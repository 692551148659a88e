import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { planRun } from '../../bin/chaos/plan.ts';
import { parseTargets, VENUE_FAULTS } from '../../bin/chaos/targets.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** A file of `tests/` without its ending, and beginnings of titles in it: `` `integration/stack`: "is healthy", "is shown" ``. */
const CITATION = /`([a-z0-9-]+(?:\/[a-z0-9-]+)+)`: ("[^"\n]+"(?:, "[^"\n]+")*)/g;
/** A command that shows it on a running stack. */
const CHAOS = /`tradewind chaos ([^`]+)`/g;
/** Above the cells that must name what shows their row. */
const HEAD = 'shown by';

interface Cited {
  readonly document: string;
  readonly file: string;
  readonly title: string;
}

const documents = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const textOf = (document: string): string => readFileSync(join(ROOT, document), 'utf8');

function citationsIn(document: string, text: string): readonly Cited[] {
  return [...text.matchAll(CITATION)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ document, file, title })),
  );
}

/** Why there is no such test; `null` where there is. */
function wantingOf({ file, title }: Cited): string | null {
  const path = ['.test.ts', '.ts'].map((ending) => join(ROOT, 'tests', file + ending)).find((each) => existsSync(each));
  if (path === undefined) return `there is no file tests/${file}.test.ts`;
  const source = readFileSync(path, 'utf8').replaceAll("\\'", "'");
  const literal = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // The title of a suite or a case, also of a case out of a table: `it('…'`, `it.each(…)('…'`, `['…', …`, `name: '…'`.
  return new RegExp(`(?:\\(|\\[|name:)\\s*['"\`]${literal}`).test(source) ? null : `no title begins with "${title}"`;
}

/** Rows of tables with that last column which name neither a test nor a command. */
function unshownRows(text: string): readonly string[] {
  const unshown: string[] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) inside = false;
    else if (line.endsWith(`| ${HEAD} |`)) inside = true;
    else if (inside && !/^[|\- ]+$/.test(line)) {
      const cell = line.split(' | ').at(-1) ?? '';
      if (!new RegExp(CITATION.source).test(cell) && !new RegExp(CHAOS.source).test(cell)) unshown.push(line);
    }
  }
  return unshown;
}

/** The value of an option in the words of a command. */
const optionOf = (words: string, name: string): string | undefined => new RegExp(`--${name} (\\S+)`).exec(words)?.[1];

describe('what the documents say', () => {
  it('names files and titles of tests that there are', () => {
    const cited = documents.flatMap((document) => citationsIn(document, textOf(document)));
    expect(cited.length).toBeGreaterThan(50);
    const wanting = cited.flatMap((each) => {
      const problem = wantingOf(each);
      return problem === null ? [] : [`${each.document}: tests/${each.file}: ${problem}`];
    });
    expect(wanting).toEqual([]);
  });

  it('names in every row of a table of outages what shows it', () => {
    expect(textOf('docs/operations.md')).toContain(`| ${HEAD} |`);
    expect(documents.flatMap((document) => unshownRows(textOf(document)).map((row) => `${document}: ${row}`))).toEqual(
      [],
    );
  });

  it('names chaos that strikes whom it names', () => {
    const commands = documents.flatMap((document) =>
      [...textOf(document).matchAll(CHAOS)].map(([, words = '']) => words),
    );
    const aimed = commands.filter((words) => words.includes('--targets'));
    expect(aimed.length).toBeGreaterThan(3);
    for (const words of aimed) {
      const targets = parseTargets(optionOf(words, 'targets') ?? '');
      const plan = {
        seed: Number(optionOf(words, 'seed')),
        targets,
        faultsPerRun: Number(optionOf(words, 'faults-per-run') ?? 5),
        executions: 1,
        sessions: 0,
        lengthMs: 20_000,
      };
      const struck = planRun(plan, 1).strikes.map((strike) => (strike.kind === 'fault' ? VENUE_FAULTS : strike.target));
      expect([words, [...new Set(struck)].sort()]).toEqual([words, [...targets].sort()]);
    }
  });
});

describe('a document that names', () => {
  const wanting = (text: string): readonly (string | null)[] => citationsIn('docs/a.md', text).map(wantingOf);

  it('a test that there is passes', () => {
    expect(wanting('`rules/named-tests`: "a document that names", "a test that there"')).toEqual([null, null]);
  });

  it('a file that is gone, or another title, does not', () => {
    expect(wanting('`rules/gone`: "anything"')).toEqual(['there is no file tests/rules/gone.test.ts']);
    expect(wanting('`rules/named-tests`: "never written"')).toEqual(['no title begins with "never written"']);
  });

  it('nothing in a row that must does not', () => {
    const table = `| what | ${HEAD} |\n|---|---|\n| a | it is so |\n| b | \`rules/named-tests\`: "a test that there is passes" |\n`;
    expect(unshownRows(table)).toEqual(['| a | it is so |']);
  });
});
