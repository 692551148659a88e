import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { importScript } from '../helpers/script.ts';

interface FileToRun {
  readonly path: string;
  readonly duration?: number;
}

interface Sequencer {
  sort(files: readonly FileToRun[]): readonly FileToRun[];
}

const { default: LongestFirst, LONGEST } = await importScript<{
  readonly default: new (options: object) => Sequencer;
  readonly LONGEST: Readonly<Record<string, number>>;
}>('longest-first.mjs');

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const pathOf = (name: string): string => join(ROOT, 'tests', `${name}.test.ts`);

/** What jest knows of a file in a checkout where nothing has run yet: its size. */
function untimed(name: string, bytes = 1): FileToRun {
  const config = { rootDir: ROOT, cacheDirectory: join(ROOT, 'nowhere'), id: 'x', cache: false };
  return Object.assign(
    { path: pathOf(name) },
    { context: { config, hasteFS: { getSize: (path: string) => (path === pathOf(name) ? bytes : 0) } } },
  );
}

describe('the order of the test files of a run', () => {
  const sequencer = new LongestFirst({ contexts: [] });
  const orderOf = (files: readonly FileToRun[]): readonly string[] => sequencer.sort(files).map(({ path }) => path);

  it('starts the longest first, however small, and the others by size', () => {
    const files = [
      untimed('domain/small', 10),
      untimed('integration/stack', 10),
      untimed('domain/large', 1_000),
      untimed('integration/janitor', 10),
    ];
    expect(orderOf(files)).toEqual(
      ['integration/janitor', 'integration/stack', 'domain/large', 'domain/small'].map(pathOf),
    );
  });

  it('is known of files that are there', () => {
    expect(Object.keys(LONGEST).filter((name) => !existsSync(pathOf(name)))).toEqual([]);
  });
});
