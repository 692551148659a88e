import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const BESIDE_REPOSITORY = join(REPOSITORY, '../shared/data');

/** The folder of the test data: `TRADEWIND_TEST_DATA`, else the one beside the repository, else `null`. */
export function testDataFolder(): string | null {
  const named = process.env.TRADEWIND_TEST_DATA;
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`TRADEWIND_TEST_DATA is "${named}", which does not exist`);
    return named;
  }
  return existsSync(BESIDE_REPOSITORY) ? BESIDE_REPOSITORY : null;
}

/** Absolute path of one file of the test data. Throws when there is no test data or no such file. */
export function testData(path: string): string {
  const folder = testDataFolder();
  if (folder === null) throw new Error('no test data: set TRADEWIND_TEST_DATA to its folder');
  const file = join(folder, path);
  if (!existsSync(file)) throw new Error(`the test data in "${folder}" has no "${path}"`);
  return file;
}

/**
 * A `describe` whose tests need the test data. Without it they are skipped and the reason is printed; with
 * `TRADEWIND_REQUIRE_DATA=1` they fail instead.
 */
export function describeWithData(name: string, tests: () => void): void {
  if (testDataFolder() !== null) {
    // oxlint-disable-next-line jest/valid-describe-callback -- the tests are the caller's
    describe(`${name}`, tests);
  } else if (process.env.TRADEWIND_REQUIRE_DATA === '1') {
    describe(`${name}`, () => {
      it('has the test data that TRADEWIND_REQUIRE_DATA=1 asks for', () => {
        expect(testDataFolder()).not.toBeNull();
      });
    });
  } else {
    process.stderr.write(`skipped "${name}": no test data in TRADEWIND_TEST_DATA or ${BESIDE_REPOSITORY}\n`);
    // Not `describe.skip(name, tests)`: it runs the body, which may read the data that is missing.
    describe(`${name}`, () => {
      // oxlint-disable-next-line jest/no-disabled-tests, jest/expect-expect -- skipping is what this helper is for
      it.skip('needs the test data', () => undefined);
    });
  }
}
