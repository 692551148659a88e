import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { isExecutable } from '../../bin/stack/cached-program.ts';

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Runs as root and in containers, and asks nobody on the network for anything of its own. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens a headless Chromium: the one of the system, else the one that an npm package brings. Close it in `afterAll`. */
export async function openBrowser(): Promise<Browser> {
  const system = systemChromium();
  if (system !== null) return chromium.launch({ executablePath: system, args: FLAGS });
  const { default: packaged } = await import('@sparticuz/chromium');
  // Not with the package's own arguments: its single process, made for small machines, ends when a page is closed.
  return chromium.launch({ executablePath: await packaged.executablePath(), args: FLAGS });
}

function systemChromium(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const places = SYSTEM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return places.find(isExecutable) ?? null;
}
