import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { capture, run } from './run.mjs';

const SOURCES = ['activities', 'adapters', 'api', 'bench', 'bin', 'db', 'domain', 'simulator', 'workers', 'workflows'];
const SETTINGS = [
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'tsconfig.node.json',
  'scripts/build.mjs',
];
/** What the compiler leaves alone and the running program reads from beside its code. */
const ASSETS = new Set(['.sql', '.html', '.css', '.json', '.js', '.py', '.txt', '.md']);
/** Everything but the tests, which the test command compiles for itself. */
const PROJECTS = ['domain', 'workflows', 'tsconfig.node.json'];
const BUNDLER = join('dist', 'workers', 'bundle.js');

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .toSorted();
}

const inputsOf = (root) => [
  ...SOURCES.flatMap((folder) => filesBelow(join(root, folder))),
  ...SETTINGS.map((file) => join(root, file)),
];

function digest(files, describe) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(describe(file)).update('\0');
  return hash.digest('hex');
}

/** Two digests of what the build reads: by size and time, cheap enough for every command, and by content, the one that counts. */
function stampsOf(root) {
  const files = inputsOf(root);
  return {
    quick: digest(files, (file) => {
      const { size, mtimeMs } = statSync(file);
      return `${size} ${mtimeMs}`;
    }),
    content: () =>
      digest(
        files.map((file) => relative(root, file)),
        (file) => readFileSync(join(root, file)),
      ),
  };
}

const stampFile = (root) => join(root, 'dist', '.build-stamp');

function writeStamp(root, { quick, content }) {
  writeFileSync(stampFile(root), JSON.stringify({ quick, content }));
}

/** Whether dist/ was built from the sources as they are now. */
export function isBuilt(root) {
  let built;
  try {
    built = JSON.parse(readFileSync(stampFile(root), 'utf8'));
  } catch {
    return false;
  }
  const { quick, content } = stampsOf(root);
  if (built.quick === quick) return true;
  // A checkout or a copy changes times and no content.
  if (built.content !== content()) return false;
  writeStamp(root, { quick, content: built.content });
  return true;
}

/** Removes what an earlier build wrote for sources that are gone: folders that load what they find must not find it. */
function removeOrphans(root) {
  for (const folder of SOURCES) {
    for (const file of filesBelow(join(root, 'dist', folder))) {
      const source = join(root, relative(join(root, 'dist'), file));
      const stem = source.replace(/(\.d\.ts|\.js)$/, '.ts');
      if (/\.(js|d\.ts)$/.test(file) && !existsSync(stem) && !existsSync(source)) rmSync(file);
    }
  }
}

function copyAssets(root) {
  for (const folder of SOURCES) {
    for (const file of filesBelow(join(root, folder))) {
      if (!ASSETS.has(extname(file)) || file.endsWith('tsconfig.json')) continue;
      const target = join(root, 'dist', relative(root, file));
      mkdirSync(dirname(target), { recursive: true });
      cpSync(file, target);
    }
  }
}

/** Builds dist/: compiled code, the files that the code reads beside itself, and the workflow bundle that all workers share. */
export async function build(root) {
  const { quick, content } = stampsOf(root);
  // Taken before the compiler reads: a change made meanwhile then leads to another build instead of being missed.
  const before = { quick, content: content() };
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [compiler, '-b', ...PROJECTS], { cwd: root });
  removeOrphans(root);
  copyAssets(root);
  if (!existsSync(join(root, BUNDLER))) throw new Error(`the build made no ${BUNDLER}: is workers/bundle.ts there?`);
  // The bundler tells at length what it put in; that is worth reading only when it fails.
  const { code, output } = await capture(process.execPath, [join(root, BUNDLER)], { cwd: root });
  if (code !== 0) throw new Error(`the workflow bundle could not be made:\n${output.trimEnd()}`);
  writeStamp(root, before);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await build(dirname(dirname(fileURLToPath(import.meta.url))));
}
