import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

let server: ChildProcess;
let url: string;
beforeAll(async () => {
  const entry = fileURLToPath(new URL('fakes/page-server.ts', import.meta.url));
  server = spawn(process.execPath, ['--import', 'tsx', entry], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // The loader of the routes looks for signs of a TypeScript runtime and does not know this one.
    env: { ...process.env, FASTIFY_AUTOLOAD_TYPESCRIPT: '1' },
  });
  [url] = (await once(createInterface({ input: server.stdout! }), 'line')) as [string];
}, 30_000);
afterAll(async () => {
  server.stdin?.end();
  if (server.exitCode === null) await once(server, 'exit');
});

it('serves the page and all it loads without a key and from here alone', async () => {
  const page = await fetch(`${url}/docs/`);
  const html = await page.text();
  expect(page.status).toBe(200);
  const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
  expect(loaded.length).toBeGreaterThan(3);
  for (const path of loaded) {
    const asset = new URL(path, page.url);
    expect(asset.origin).toBe(url);
    const answer = await fetch(asset);
    expect([answer.status, (await answer.arrayBuffer()).byteLength > 0]).toEqual([200, true]);
  }
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  const document = (await (await fetch(`${url}/docs/json`)).json()) as { paths: object };
  expect(Object.keys(document.paths)).toContain('/v1/executions');
});
