import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly restart?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
}

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build !== undefined);

/**
 * What the images of others read, from their documentation: Postgres's image, Temporal's server template (`docker.go` in
 * temporalio/temporal), its SQL tool and its UI.
 */
const FOREIGN_VARIABLES: Readonly<Record<string, string>> = {
  postgres: 'POSTGRES_USER POSTGRES_DB POSTGRES_PASSWORD',
  'temporalio/server':
    'DB DB_PORT POSTGRES_SEEDS POSTGRES_USER POSTGRES_PWD BIND_ON_IP NUM_HISTORY_SHARDS DYNAMIC_CONFIG_FILE_PATH',
  'temporalio/ui': 'TEMPORAL_ADDRESS TEMPORAL_DISABLE_NEWS_FETCH',
  // These two run our scripts: what the scripts read, and SQL_PASSWORD, which temporal-sql-tool takes from the environment.
  'temporalio/admin-tools': 'DB DB_PORT POSTGRES_SEEDS POSTGRES_USER SQL_PASSWORD TEMPORAL_ADDRESS TEMPORAL_NAMESPACE',
};

/** All source of the processes as one text. */
function sourceText(): string {
  const folders = ['activities', 'adapters', 'api', 'bin', 'simulator', 'workers'];
  return folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    )
    .filter((file) => file.endsWith('.ts'))
    .map(read)
    .join('\n');
}

function imageName(image: string): string {
  return image.slice(0, image.lastIndexOf(':'));
}

describe('docker-compose.yml', () => {
  it('has every process of the platform and what it stands on', () => {
    const wanted =
      'postgres temporal-schema temporal temporal-init temporal-ui migrate simulator worker-venue worker-trading api';
    expect(services.map(([name]) => name)).toEqual(expect.arrayContaining(wanted.split(' ')));
  });

  it.each(services)('pins the image of %s to a version', (_name, { image }) => {
    expect(image).toMatch(/^[\w./-]+:\d+\.\d+[\w.-]*$/);
  });

  it.each(ours)('builds %s from the Dockerfile of the repository', (_name, { build }) => {
    expect(existsSync(join(ROOT, build?.context ?? '', build?.dockerfile ?? ''))).toBe(true);
  });

  it.each(ours)('runs in %s a program that is in the source', (_name, { command = [] }) => {
    const [node, entry = ''] = command;
    expect(node).toBe('node');
    expect(entry).toMatch(/^dist\/.*\.js$/);
    expect(existsSync(join(ROOT, entry.replace(/^dist\//, '').replace(/\.js$/, '.ts')))).toBe(true);
  });

  it.each(ours)('gives %s only variables that the code reads', (_name, { environment = {} }) => {
    const source = sourceText();
    const unread = Object.keys(environment).filter(
      (name) => !source.includes(`'${name}'`) && !source.includes(`env.${name}`),
    );
    expect(unread).toEqual([]);
  });

  it.each(services.filter(([, { build }]) => build === undefined))(
    'gives %s only variables that its image reads',
    (_name, service) => {
      const known = (FOREIGN_VARIABLES[imageName(service.image)] ?? '').split(' ');
      expect(Object.keys(service.environment ?? {}).filter((name) => !known.includes(name))).toEqual([]);
    },
  );

  it.each(services)(
    'mounts into %s only files of the repository and named volumes',
    (_name, { volumes = [], command = [] }) => {
      const mounts = volumes.map((volume) => volume.split(':') as [string, string]);
      for (const [source] of mounts) {
        expect(source.startsWith('./') ? existsSync(join(ROOT, source)) : source in compose.volumes).toBe(true);
      }
      const script = command.find((word) => word.endsWith('.sh'));
      if (script === undefined) return;
      const [from, to] = mounts.find(([, target]) => script.startsWith(target)) ?? ['', ''];
      expect(existsSync(join(ROOT, script.replace(to, from)))).toBe(true);
    },
  );

  it.each(services)('waits in %s for states that the other services reach', (_name, { depends_on = {} }) => {
    for (const [name, { condition }] of Object.entries(depends_on)) {
      const other = compose.services[name];
      expect(other).toBeDefined();
      if (condition === 'service_healthy') expect(other?.healthcheck).toBeDefined();
      // A service that is started again when it has ended well never completes.
      else expect([condition, other?.restart]).toEqual(['service_completed_successfully', 'on-failure:5']);
    }
  });

  it('has no circle of services that wait for one another', () => {
    const settled = new Set<string>();
    const visit = (name: string, path: readonly string[]): void => {
      expect(path).not.toContain(name);
      if (settled.has(name)) return;
      for (const needed of Object.keys(compose.services[name]?.depends_on ?? {})) visit(needed, [...path, name]);
      settled.add(name);
    };
    for (const [name] of services) visit(name, []);
    expect(settled.size).toBe(services.length);
  });

  it.each(services)('has no secret of %s in clear', (_name, { environment = {} }) => {
    const secrets = Object.entries(environment).flatMap(([name, value]) => {
      if (/PASSWORD|PWD|SECRET|TOKEN|_KEY$/.test(name)) return [value];
      return /:\/\/[^:@/]+:(.*)@/.exec(value)?.[1] ?? [];
    });
    expect(secrets.filter((value) => !/^\$\{\w+:\?[^}]+\}$/.test(value))).toEqual([]);
  });

  it('names every variable that it wants in .env.example', () => {
    const wanted = [...text.matchAll(/\$\{(\w+)/g)].map((match) => match[1]);
    const example = read('.env.example');
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((name) => !new RegExp(`^${name}=`, 'm').test(example))).toEqual([]);
  });

  it.each(services)('publishes ports of %s on loopback alone', (_name, { ports = [] }) => {
    expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
  });

  it.each(services.filter(([, { restart }]) => restart === 'unless-stopped'))(
    'lets %s drain for longer than any worker takes',
    (name, service) => {
      // Nothing to drain in a page server.
      if (name === 'temporal-ui') return;
      // workers/run-worker.ts: 30 s for activities to end, 10 s more until they are dropped.
      expect(Number.parseInt(service.stop_grace_period ?? '0', 10)).toBeGreaterThanOrEqual(60);
    },
  );

  it('keeps the database in a named volume', () => {
    expect(compose.services['postgres']?.volumes).toEqual(['postgres:/var/lib/postgresql/data']);
  });

  it('decides the number of history shards, which can never change', () => {
    expect(compose.services['temporal']?.environment?.['NUM_HISTORY_SHARDS']).toMatch(/^\d+$/);
  });

  it('keeps closed workflows for 30 days', () => {
    expect(read('deploy/temporal/create-namespace.sh')).toContain('--retention 30d');
  });
});

describe('deploy/Dockerfile', () => {
  const dockerfile = read('deploy/Dockerfile');

  it('runs as another user than root', () => {
    expect(dockerfile.trim().split('\n').at(-1)).toBe('USER node');
  });

  it('starts from pinned images', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    expect(bases).toEqual(['node:20.20.2-bookworm-slim', 'node:20.20.2-bookworm-slim']);
  });

  it('copies every folder that the build reads', () => {
    const build = /const SOURCES = \[([^\]]*)\]/.exec(read('scripts/build.mjs'))?.[1] ?? '';
    const folders = [...build.matchAll(/'(\w+)'/g)].map((match) => match[1]);
    expect(folders.length).toBeGreaterThan(5);
    expect(folders.filter((folder) => !dockerfile.includes(`COPY ${folder} ./${folder}\n`))).toEqual([]);
  });
});
