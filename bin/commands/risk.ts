import type { Command } from 'commander';
import { Conflict, InvalidInput, NotFound } from '../stack/failures.ts';
import { type ApiClient, openClient, type Page } from '../terminal/client.ts';
import { type CommonOptions, print, tableOf, withCommonOptions } from '../terminal/output.ts';
import { registerReconciliations } from './reconciliations.ts';

interface HaltView {
  readonly id: string;
  readonly scope: 'all' | 'venue' | 'symbol';
  readonly target: string | null;
  readonly reason: string;
  readonly setBy: string;
  readonly setAt: string;
  readonly liftedBy: string | null;
  readonly liftedAt: string | null;
  readonly liftReason: string | null;
}

interface LimitsView {
  readonly venue: string;
  readonly limits: {
    readonly quoteRates: Readonly<Record<string, string>> | null;
    readonly maxOrderNotional: string | null;
    readonly maxOpenNotional: string | null;
    readonly allowedSymbols: 'all' | readonly string[] | null;
    readonly maxOrdersPer10s: number | null;
    readonly maxOrdersPerMinute: number | null;
    readonly collarBps: string | null;
    readonly maxQuoteAgeMs: number | null;
  } | null;
  readonly used: {
    readonly openNotional: Readonly<Record<string, string>>;
    readonly ordersLast10s: number;
    readonly ordersLastMinute: number;
  };
}

interface HaltOptions extends CommonOptions {
  readonly venue?: string;
  readonly symbol?: string;
  readonly reason: string;
}

/** Adds `tradewind risk`: stop trading, allow it again, see what is stopped and what was found on the accounts. */
export function register(program: Command): void {
  const risk = program.command('risk').description('stop trading and allow it again; what others do on our accounts');
  withCommonOptions(risk.command('halt').description('stop trading on everything, a venue or a symbol'))
    .option('--venue <id>', 'only on this venue account')
    .option('--symbol <symbol>', 'only this symbol')
    .requiredOption('--reason <text>', 'why; it is kept')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<HaltOptions>();
      const halt = await openClient(options).post<HaltView>('/v1/halts', haltBody(options));
      print(options, halt, () => haltTable([halt]));
    });
  withCommonOptions(risk.command('resume [halt]').description('lift a halt: by its id, or the only one in force'))
    .requiredOption('--reason <text>', 'why it may be lifted; it is kept')
    .action(async (id: string | undefined, _own, command: Command) => {
      const options = command.optsWithGlobals<HaltOptions>();
      const client = openClient(options);
      const halt = await lift(client, id ?? (await onlyHalt(client)), options.reason);
      print(options, halt, () => haltTable([halt]));
    });
  withCommonOptions(risk.command('show').description('the halts in force, and the limits of each venue account'))
    .option('--all', 'also those that have been lifted')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { all?: boolean }>();
      const client = openClient(options);
      const page = await haltsOf(client, options.all !== true);
      const { items: limits } = await client.get<Page<LimitsView>>('/v1/limits');
      print(options, { ...page, limits }, () => `${haltsText(page)}\n${limits.map(limitsTable).join('\n')}`);
    });
  registerReconciliations(risk);
}

function haltsText({ items, next }: Page<HaltView>): string {
  if (items.length === 0) return 'no halt is in force\n';
  return haltTable(items) + (next === null ? '' : `and more, which GET /v1/halts?cursor=${next} lists\n`);
}

/** The limits of one account: what is set, and how much of it is used now. */
function limitsTable({ venue, limits, used }: LimitsView): string {
  if (limits === null) return `${venue}: no worker has owned the account yet, so its limits are not known\n`;
  const open = Object.entries(used.openNotional).map(([quote, amount]) => `${amount} ${quote}`);
  const { allowedSymbols: symbols } = limits;
  return tableOf(
    ['venue', 'limit', 'set to', 'used'],
    [
      [
        venue,
        'quote currencies at',
        Object.entries(limits.quoteRates ?? {})
          .map((pair) => pair.join('='))
          .join(', ') || null,
        null,
      ],
      [venue, 'largest order, quote', limits.maxOrderNotional, null],
      [venue, 'open notional, quote', limits.maxOpenNotional, open.length === 0 ? '0' : open.join(', ')],
      [venue, 'symbols', symbols === 'all' ? 'all that the venue lists' : (symbols?.join(', ') ?? null), null],
      [venue, 'orders within 10 s', text(limits.maxOrdersPer10s), String(used.ordersLast10s)],
      [venue, 'orders within a minute', text(limits.maxOrdersPerMinute), String(used.ordersLastMinute)],
      [venue, 'price collar, bps', limits.collarBps, null],
      [venue, 'age of a quote, ms', text(limits.maxQuoteAgeMs), null],
    ],
  );
}

function text(value: number | null): string | null {
  return value === null ? null : String(value);
}

function haltBody({ venue, symbol, reason }: HaltOptions): Record<string, unknown> {
  if (venue !== undefined && symbol !== undefined) {
    throw new InvalidInput('give either --venue or --symbol, not both: a halt has one scope');
  }
  if (venue !== undefined) return { scope: 'venue', target: venue, reason };
  if (symbol !== undefined) return { scope: 'symbol', target: symbol, reason };
  return { scope: 'all', reason };
}

function haltsOf(client: ApiClient, activeOnly: boolean): Promise<Page<HaltView>> {
  return client.get('/v1/halts', { active: activeOnly ? 'true' : undefined });
}

function lift(client: ApiClient, id: string, reason: string): Promise<HaltView> {
  return client.post(`/v1/halts/${encodeURIComponent(id)}/lift`, { reason });
}

async function onlyHalt(client: ApiClient): Promise<string> {
  const { items } = await haltsOf(client, true);
  const [first, ...others] = items;
  if (first === undefined) throw new NotFound('no halt is in force');
  if (others.length > 0)
    throw new Conflict(`${items.length} halts are in force: name one of ${items.map(({ id }) => id).join(', ')}`);
  return first.id;
}

function haltTable(items: readonly HaltView[]): string {
  return tableOf(
    ['id', 'scope', 'target', 'reason', 'set by', 'set at', 'lifted'],
    items.map((each) => [
      each.id,
      each.scope,
      each.target,
      each.reason,
      each.setBy,
      each.setAt,
      each.liftedAt && `${each.liftedAt}: ${each.liftReason}`,
    ]),
  );
}
