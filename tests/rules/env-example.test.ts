import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { problemCodes } from '../../api/problem-codes.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const FOLDERS = [
  'activities',
  'adapters',
  'api',
  'bench',
  'bin',
  'examples',
  'scripts',
  'simulator',
  'tests/helpers',
  'workers',
];
/** Ours, and those of the two servers that the platform stands on. */
const NAME = /\b(?:TRADEWIND_[A-Z0-9_]+|TEMPORAL_[A-Z_]+|DATABASE_URL)/g;
/** `whole('STREAMS', …)` in the API's settings reads `TRADEWIND_API_STREAMS`. */
const API_SETTING = /\bwhole\('([A-Z_]+)'/g;

/** Names that the code reads, as literals or by their last part. */
function readByTheCode(): Set<string> {
  const sources = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mjs)$/.test(name))
      .map((name) => read(join(folder, name))),
  );
  const literals = sources.flatMap((source) =>
    [...source.matchAll(/['"`.$]\{?([A-Z][A-Z0-9_]+)/g)].map(([, name = '']) => name),
  );
  const ours = literals.filter((name) => new RegExp(`^(?:${NAME.source})$`).test(name));
  const api = [...read('api/config.ts').matchAll(API_SETTING)].map(([, name]) => `TRADEWIND_API_${name}`);
  const compose = [...read('docker-compose.yml').matchAll(/\$\{(TRADEWIND_\w+)/g)].map(([, name = '']) => name);
  return new Set([...ours, ...api, ...compose].filter((name) => !(name in problemCodes) && name !== 'TRADEWIND_API_'));
}

describe('.env.example', () => {
  const explained = new Set(
    [...read('.env.example').matchAll(new RegExp(`^(?:# )?(${NAME.source})(?:<REF>)?=`, 'gm'))].map(
      ([, name = '']) => name,
    ),
  );
  const used = readByTheCode();

  it('names every variable that the code reads', () => {
    expect(used.size).toBeGreaterThan(30);
    expect([...used].filter((name) => !explained.has(name))).toEqual([]);
  });

  it('names no other', () => {
    expect([...explained].filter((name) => !used.has(name))).toEqual([]);
  });
});
