import type { Command } from 'commander';
import { openClient, type Page } from '../terminal/client.ts';
import { type CommonOptions, listOf, print, tableOf, withCommonOptions } from '../terminal/output.ts';

interface KeyView {
  readonly name: string;
  readonly role: string;
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly revokedAt: string | null;
  readonly revokedBy: string | null;
}

/** Adds `tradewind keys`: who may use the API. */
export function register(program: Command): void {
  const keys = program.command('keys').description('who may use the API');
  withCommonOptions(keys.command('create').description('make a key; it is shown this once'))
    .requiredOption('--name <name>', 'what it is called; what it starts is kept under this name')
    .requiredOption('--role <role>', 'viewer, operator, trader or admin; each may do what those before it may')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { name: string; role: string }>();
      const { name, role } = options;
      const created = await openClient(options).post<KeyView & { readonly key: string }>('/v1/keys', { name, role });
      print(options, created, () =>
        listOf([
          ['name', created.name],
          ['role', created.role],
          ['key', created.key],
        ]),
      );
    });
  withCommonOptions(keys.command('list').description('all keys, revoked ones too')).action(
    async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const page = await openClient(options).get<Page<KeyView>>('/v1/keys');
      print(options, page, () => keyTable(page.items));
    },
  );
  withCommonOptions(keys.command('revoke <name>').description('from now on the key opens nothing')).action(
    async (name: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const revoked = await openClient(options).delete<KeyView>(`/v1/keys/${encodeURIComponent(name)}`);
      print(options, revoked, () => keyTable([revoked]));
    },
  );
}

function keyTable(keys: readonly KeyView[]): string {
  return tableOf(
    ['name', 'role', 'made', 'by', 'revoked', 'by'],
    keys.map(({ name, role, createdAt, createdBy, revokedAt, revokedBy }) => [
      name,
      role,
      createdAt,
      createdBy ?? 'admin.key',
      revokedAt,
      revokedBy,
    ]),
  );
}
