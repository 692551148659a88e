import { describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importScript } from '../helpers/script.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const { isInstalled } = await importScript<{ readonly isInstalled: (root: string) => boolean }>('install.mjs');

const folder = tempFolder();
type Packages = Readonly<Record<string, unknown>>;

const WANTED: Packages = {
  '': { name: 'project' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/for-another-system': { version: '1.0.0', integrity: 'sha512-b', optional: true },
};
const INSTALLED: Packages = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };

/** A project with a lock file, and with what npm notes of its own installation. */
function project(wanted: Packages, installed: Packages | null): string {
  const root = mkdtempSync(join(folder, 'project-'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: wanted }));
  if (installed !== null) {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
  }
  return root;
}

describe('isInstalled', () => {
  it('is false without node_modules', () => {
    expect(isInstalled(project(WANTED, null))).toBe(false);
  });

  it('is true when npm has installed what the lock file asks for on this system', () => {
    expect(isInstalled(project(WANTED, INSTALLED))).toBe(true);
  });

  it('is false when a package has another version, other content, or is missing', () => {
    const other = { version: '1.0.1', integrity: 'sha512-a' };
    const tampered = { version: '1.0.0', integrity: 'sha512-x' };
    for (const installed of [{ 'node_modules/a': other }, { 'node_modules/a': tampered }, {}]) {
      expect(isInstalled(project(WANTED, installed))).toBe(false);
    }
  });

  it('is false again when the lock file changes after a positive answer', () => {
    const root = project(WANTED, INSTALLED);
    expect(isInstalled(root)).toBe(true);
    const newer = { ...WANTED, 'node_modules/a': { version: '2.0.0', integrity: 'sha512-c' } };
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: newer }));
    expect(isInstalled(root)).toBe(false);
  });

  it('is false when an installation broke off before npm noted it', () => {
    const root = project(WANTED, INSTALLED);
    rmSync(join(root, 'node_modules', '.package-lock.json'));
    expect(isInstalled(root)).toBe(false);
  });

  it('is false for an installation that was made on another system', () => {
    const root = project(WANTED, INSTALLED);
    writeFileSync(join(root, 'node_modules', '.tradewind-install'), 'beos-m68k 0123');
    expect(isInstalled(root)).toBe(false);
  });
});
