import { beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importScript, ROOT } from '../helpers/script.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const { build, isBuilt } = await importScript<{
  readonly build: (root: string) => Promise<void>;
  readonly isBuilt: (root: string) => boolean;
}>('build.mjs');

const root = tempFolder();
const inProject = (file: string) => join(root, file);

function write(file: string, content: string): void {
  mkdirSync(dirname(inProject(file)), { recursive: true });
  writeFileSync(inProject(file), content);
}

/** The compiler settings of this project over a few small sources. */
beforeAll(async () => {
  const settings = ['package-lock.json', 'tsconfig.base.json', 'tsconfig.json', 'tsconfig.node.json'];
  for (const file of [...settings, 'domain/tsconfig.json', 'workflows/tsconfig.json', 'scripts/build.mjs']) {
    cpSync(join(ROOT, file), inProject(file));
  }
  write('package.json', '{"type":"module"}');
  symlinkSync(join(ROOT, 'node_modules'), inProject('node_modules'));
  write('domain/lot.ts', 'export const lot = 1;\n');
  write('workflows/index.ts', "export { lot } from '../domain/lot.ts';\n");
  write('api/routes/old/index.ts', 'export const route = 1;\n');
  write('db/migrations/0001_first.sql', 'select 1;\n');
  write(
    'workers/bundle.ts',
    "import { writeFileSync } from 'node:fs';\nwriteFileSync('dist/workflow-bundle.js', '');\n",
  );
  await build(root);
}, 60_000);

describe('the build', () => {
  it('compiles, copies what the code reads beside itself, and makes the workflow bundle', () => {
    const made = ['domain/lot.js', 'workflows/index.js', 'db/migrations/0001_first.sql', 'workflow-bundle.js'];
    expect(made.filter((file) => !existsSync(inProject(join('dist', file))))).toEqual([]);
  });

  it('is fresh afterwards', () => {
    expect(isBuilt(root)).toBe(true);
  });

  it('stays fresh when files only get new times, as a checkout gives them', () => {
    utimesSync(inProject('domain/lot.ts'), new Date(), new Date());
    expect(isBuilt(root)).toBe(true);
  });

  it.each(['domain/lot.ts', 'db/migrations/0001_first.sql', 'package-lock.json'])(
    'is stale when %s changes',
    (file) => {
      const before = readFileSync(inProject(file), 'utf8');
      writeFileSync(inProject(file), `${before}\n`);
      expect(isBuilt(root)).toBe(false);
      writeFileSync(inProject(file), before);
      expect(isBuilt(root)).toBe(true);
    },
  );

  it('is stale when a file is added', () => {
    write('domain/tick.ts', 'export const tick = 1;\n');
    expect(isBuilt(root)).toBe(false);
    rmSync(inProject('domain/tick.ts'));
  });

  it('removes what it once made from a source that is gone', async () => {
    rmSync(inProject('api/routes/old'), { recursive: true });
    await build(root);
    expect(existsSync(inProject('dist/api/routes/old/index.js'))).toBe(false);
  }, 60_000);

  it('fails, and is not fresh, when a source does not compile', async () => {
    write('domain/lot.ts', "export const lot: number = 'one';\n");
    await expect(build(root)).rejects.toThrow('exit code');
    expect(isBuilt(root)).toBe(false);
  }, 60_000);
});
