import { listOf, tableOf } from './output.ts';

/** An execution as the API shows it; money as decimal text. */
export interface ExecutionView {
  readonly id: string;
  readonly workflowId: string;
  readonly status: 'running' | 'paused' | 'completed' | 'cancelled' | 'expired' | 'failed';
  readonly algo: string;
  readonly venue: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly filled: string;
  readonly residual: string;
  readonly limit: string | null;
  readonly params: Readonly<Record<string, string | number>>;
  readonly amendments: readonly {
    readonly number: number;
    readonly at: string;
    readonly quantity: string;
    readonly endAt: string;
    readonly limit: string | null;
  }[];
  readonly startAt: string;
  readonly endAt: string;
  readonly decision: string;
  readonly owner: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly problem: { readonly code: string; readonly detail: string } | null;
}

export interface SliceView {
  readonly n: number;
  readonly dueAt: string;
  readonly sentAt: string | null;
  readonly latenessMs: number | null;
  readonly target: string;
  readonly quantity: string;
  readonly filled: string;
  readonly avgPrice: string | null;
  readonly clientOrderIds: readonly string[];
  readonly note: string | null;
}

export interface FillView {
  readonly tradeId: string;
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly slice: number;
  readonly price: string;
  readonly quantity: string;
  readonly fee: string;
  readonly feeAsset: string;
  readonly maker: boolean;
  readonly at: string;
}

/** Whether the execution can still change. */
export function isOver({ status }: Pick<ExecutionView, 'status'>): boolean {
  return status !== 'running' && status !== 'paused';
}

/** The rest is in the answer of the API. */
const AMENDMENTS_SHOWN = 5;

/** `12:00:05.123` of an ISO time, in UTC. */
const clockTime = (iso: string | null): string | null => iso && iso.slice(11, 23);

export function readableExecution(view: ExecutionView): string {
  return listOf([
    ['id', view.id],
    ['status', view.status],
    ['order', `${view.side} ${view.quantity} ${view.symbol} on ${view.venue} by ${view.algo}`],
    ['filled', `${view.filled}, residual ${view.residual}`],
    ['limit', view.limit ?? 'none'],
    [
      'parameters',
      Object.entries(view.params)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ],
    ['window', `${view.startAt} to ${view.endAt}`],
    ...amendmentLines(view.amendments),
    ['decision mid', view.decision],
    ['ended', view.endedAt],
    ['problem', view.problem && `${view.problem.code}: ${view.problem.detail}`],
    ['workflow', view.workflowId],
  ]);
}

/** The last amendments, one a line; what was before them is counted. */
function amendmentLines(amendments: ExecutionView['amendments']): [name: string, value: string | null][] {
  if (amendments.length === 0) return [['amended', null]];
  const shown = amendments.slice(-AMENDMENTS_SHOWN);
  const before = amendments.length - shown.length;
  const lines = shown.map(
    ({ at, quantity, endAt, limit }) => `${at} to ${quantity} until ${endAt}, limit ${limit ?? 'none'}`,
  );
  if (before > 0) lines.unshift(`${before} before these`);
  return lines.map((line, index) => [index === 0 ? 'amended' : '', line]);
}

export function executionTable(items: readonly ExecutionView[]): string {
  return tableOf(
    ['id', 'status', 'algo', 'venue', 'symbol', 'side', 'quantity', 'filled', 'created'],
    items.map((each) => [
      each.id,
      each.status,
      each.algo,
      each.venue,
      each.symbol,
      each.side,
      each.quantity,
      each.filled,
      each.createdAt,
    ]),
  );
}

export function sliceTable(items: readonly SliceView[]): string {
  return tableOf(
    ['slice', 'due (UTC)', 'late ms', 'target', 'sent', 'filled', 'avg price', 'note'],
    items.map((each) => [
      each.n,
      clockTime(each.dueAt),
      each.latenessMs,
      each.target,
      each.quantity,
      each.filled,
      each.avgPrice,
      each.note ?? '',
    ]),
  );
}

export function fillTable(items: readonly FillView[]): string {
  return tableOf(
    ['slice', 'trade', 'order', 'price', 'quantity', 'fee', 'maker', 'at (UTC)'],
    items.map((each) => [
      each.slice,
      each.tradeId,
      each.orderId,
      each.price,
      each.quantity,
      `${each.fee} ${each.feeAsset}`,
      each.maker,
      clockTime(each.at),
    ]),
  );
}
