import type { Command } from 'commander';
import { InvalidInput } from '../stack/failures.ts';
import { type ApiClient, openClient } from '../terminal/client.ts';
import { type EventView, followEvents, type ResetView } from '../terminal/follow-events.ts';
import { type CommonOptions, withCommonOptions } from '../terminal/output.ts';

const PAGE = 1000;

interface EventsOptions extends CommonOptions {
  readonly follow?: boolean;
  readonly from?: string;
  readonly subject?: string;
  readonly kind?: string;
}

/** Adds `tradewind events`: what has happened, and what happens. */
export function register(program: Command): void {
  withCommonOptions(program.command('events').description('what has happened, one line an event'))
    .option('--follow', 'go on with what happens; without --from begin now')
    .option('--from <id>', 'only events behind this id (default: from the oldest that is kept)')
    .option('--subject <id>', 'only events about this: an execution, a backtest, a halt, a venue …')
    .option('--kind <kind>', 'only events of this kind, "order.ended", or of a family, "order.*"')
    .addHelpText('after', '\nWith --json each event is one JSON document on a line of its own.')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<EventsOptions>();
      const { follow, from, subject, kind } = options;
      if (from !== undefined && !/^\d{1,15}$/.test(from))
        throw new InvalidInput(`--from is "${from}": give the id of an event, a whole number`);
      const query = { after: from === undefined ? undefined : Number(from), subject, kind };
      const client = openClient(options);
      for await (const event of follow === true ? followEvents(client, query) : pastEvents(client, query))
        process.stdout.write(options.json === true ? `${JSON.stringify(event)}\n` : readable(event));
    });
}

async function* pastEvents(
  client: ApiClient,
  { after, subject, kind }: { after: number | undefined; subject: string | undefined; kind: string | undefined },
): AsyncGenerator<EventView> {
  for (let next: string | number | null = after ?? 0; next !== null;) {
    const page: { readonly items: readonly EventView[]; readonly next: string | null } = await client.get(
      '/v1/events/history',
      { after: next, subject, kind, limit: PAGE },
    );
    yield* page.items;
    next = page.next;
  }
}

function readable(event: EventView | ResetView): string {
  if ('reset' in event) {
    const { reason, asked, goesOnAfter } = event.reset;
    return `… events behind ${asked} are not all there (${reason}); going on behind ${goesOnAfter}\n`;
  }
  return `${event.id}  ${event.at}  ${event.kind}  ${event.subject}  ${JSON.stringify(event.payload)}\n`;
}
