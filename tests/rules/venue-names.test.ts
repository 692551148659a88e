import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Where no venue is special and paper is not told from live: the path of an order is one. */
const NEUTRAL = ['domain', 'workflows', 'activities', 'workers', 'api'];
/** Recorded lines and the exchange's filters have their maker's name; they belong to the simulated market. */
const WIRE_FORMATS = 'domain/matching/recorded/';
const VENUES = /binance|kraken|bybit|coinbase|kucoin|bitget|bitstamp|\b(okx|htx|gemini)\b/i;
/** A decision on the label; declaring or showing it is allowed. */
const LABEL_BRANCH = /(===?|!==?)\s*['"](paper|live)['"]|['"](paper|live)['"]\s*(===?|!==?)|case ['"](paper|live)['"]/;

const withoutComments = (code: string): string => code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

const files = NEUTRAL.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
);

const offenders = (pattern: RegExp, but: string): string[] =>
  files.filter(
    (file) => !file.startsWith(but) && pattern.test(withoutComments(readFileSync(join(ROOT, file), 'utf8'))),
  );

describe('one path for every venue, paper and live', () => {
  it('looks at files', () => expect(files.length).toBeGreaterThan(100));

  it('names no venue', () => expect(offenders(VENUES, WIRE_FORMATS)).toEqual([]));

  it('never decides on the label of an account', () => expect(offenders(LABEL_BRANCH, '-')).toEqual([]));
});
