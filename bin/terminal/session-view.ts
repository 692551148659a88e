import { listOf, tableOf } from './output.ts';

/** A session as the API shows it. */
export interface SessionView {
  readonly id: string;
  readonly workflowId: string;
  readonly status: 'running' | 'paused' | 'stopping' | 'stopped' | 'failed';
  readonly name: string;
  readonly venue: string;
  readonly label: string;
  readonly marketTime: string;
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly strategy: {
    readonly id?: string;
    readonly file?: string;
    readonly params: Readonly<Record<string, number>>;
  };
  readonly capital: string;
  readonly quote: string;
  readonly startBar: string;
  readonly lastBar: string | null;
  readonly nextBarClosesAt: string;
  readonly isOpen: boolean;
  readonly hoursChangeAt: string | null;
  readonly bars: number;
  readonly settled: boolean;
  readonly fillsTaken: number;
  readonly openOrders: number;
  readonly cash: number;
  readonly equity: number;
  readonly commission: number;
  readonly otherFees: Readonly<Record<string, string>>;
  readonly notes: readonly NoteView[];
  readonly positions: readonly PositionView[];
  readonly watched: readonly { readonly side: string; readonly quantity: string; readonly symbol: string }[];
  readonly stopMode: string | null;
  readonly block: { readonly reason: string; readonly problem: ProblemView; readonly since: string } | null;
  readonly problem: ProblemView | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

interface ProblemView {
  readonly code: string;
  readonly detail: string;
}

interface NoteView {
  readonly after: string | null;
  readonly symbol: string;
  readonly order: number | null;
  readonly code: string;
  readonly detail: string;
}

export interface PositionView {
  readonly symbol: string;
  readonly units: number;
  readonly entryPrice: number | null;
  readonly mark: number | null;
  readonly unrealised: number;
  readonly stopLoss: number | null;
  readonly takeProfit: number | null;
}

/** Whether the session can still change. */
export function isOver({ status }: Pick<SessionView, 'status'>): boolean {
  return status === 'stopped' || status === 'failed';
}

const money = (value: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Prices and lines of a strategy are shown to so many digits, amounts to so many: beyond them is what binary fractions leave. */
const PRICE_DIGITS = 9;
const UNIT_DIGITS = 12;

const shortened = (value: number | null, digits: number): number | null =>
  value === null ? null : Number(value.toPrecision(digits));
const price = (value: number | null): number | null => shortened(value, PRICE_DIGITS);
const units = (value: number): number | null => shortened(value, UNIT_DIGITS);

const nameOf = ({ strategy }: Pick<SessionView, 'strategy'>): string =>
  strategy.id ?? strategy.file?.split(/[/\\]/).at(-1) ?? '';

/** `2026-11-23 12:00:00` of an ISO time, in UTC. */
export const shortTime = (iso: string | null): string | null => iso && iso.slice(0, 19).replace('T', ' ');

const told = (problem: ProblemView | null): string | null => problem && `${problem.code}: ${problem.detail}`;

export function readableSession(view: SessionView): string {
  const params = Object.entries(view.strategy.params)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  const held = view.positions.filter((each) => each.units !== 0);
  const over = isOver(view);
  return [
    listOf([
      ['id', view.id],
      ['name', view.name],
      ['status', view.stopMode === null ? view.status : `${view.status} (${view.stopMode})`],
      ['strategy', `${nameOf(view)} (${params || 'no parameters'})`],
      ['market', `${view.symbols.join(', ')} in ${view.timeframe} bars at ${view.venue}, ${view.label}`],
      ['bars', `${view.bars} handled, the last opened ${shortTime(view.lastBar) ?? '– none yet'}`],
      [
        'next bar',
        over
          ? null
          : `closes ${shortTime(view.nextBarClosesAt)}${view.marketTime === 'candles' ? ' in the time of its candles' : ''}`,
      ],
      [
        'hours',
        over || view.hoursChangeAt === null
          ? null
          : `${view.isOpen ? 'open' : 'closed, nothing is opened'} until ${shortTime(view.hoursChangeAt)} UTC`,
      ],
      [
        'equity',
        `${money(view.equity)} ${view.quote}, of which ${money(view.cash)} cash; it began with ${view.capital}`,
      ],
      ['fees', `${money(view.commission)} ${view.quote}${otherFees(view)}`],
      [
        'orders',
        `${view.openOrders} open, ${view.watched.length} watched, ${view.settled ? 'all as wanted' : 'on their way'}`,
      ],
      [
        'blocked',
        over || view.block === null
          ? null
          : `${view.block.reason} since ${shortTime(view.block.since)}: ${view.block.problem.detail}`,
      ],
      [view.status === 'stopped' ? 'last problem' : 'problem', told(view.problem)],
      ['ended', shortTime(view.endedAt)],
      ['workflow', view.workflowId],
    ]),
    held.length === 0 ? '' : positionTable(held),
    view.notes.length === 0 ? '' : noteTable(view.notes),
  ].join('');
}

function otherFees({ otherFees: fees }: SessionView): string {
  const all = Object.entries(fees).map(([asset, fee]) => `${fee} ${asset}`);
  return all.length === 0 ? '' : `, and ${all.join(', ')} that no amount here has in it`;
}

function noteTable(notes: readonly NoteView[]): string {
  return tableOf(
    ['after bar (UTC)', 'symbol', 'order', 'note', 'detail'],
    notes.map((each) => [shortTime(each.after) ?? '–', each.symbol, each.order ?? '–', each.code, each.detail]),
  );
}

/** One line for whoever follows. */
export function sessionLine(view: SessionView): string {
  const held = view.positions.filter((each) => each.units !== 0).map((each) => `${units(each.units)} ${each.symbol}`);
  const blocked = view.block === null ? view.status : `${view.status}, entries blocked (${view.block.reason})`;
  const standing = isUnattended(view) ? `${view.status}, run by nobody (its workflow was ended)` : blocked;
  return `${standing}: ${view.bars} bars, last ${shortTime(view.lastBar) ?? '–'}, holds ${held.join(', ') || 'nothing'}, equity ${money(view.equity)} ${view.quote}, ${view.openOrders} open orders`;
}

/** Whether somebody has ended its workflow in Temporal: what else is said of it is how it stood then. */
function isUnattended({ problem }: SessionView): boolean {
  return problem?.code === 'WORKFLOW_ENDED';
}

function shortStatus(view: SessionView): string {
  if (isOver(view)) return view.status;
  if (isUnattended(view)) return `${view.status}, run by nobody`;
  return view.block === null ? view.status : `${view.status}, blocked: ${view.block.reason}`;
}

export function sessionTable(items: readonly SessionView[]): string {
  return tableOf(
    ['id', 'status', 'name', 'strategy', 'venue', 'symbols', 'bars', 'last bar (UTC)', 'equity'],
    items.map((each) => [
      each.id,
      shortStatus(each),
      each.name,
      nameOf(each),
      `${each.venue} (${each.label})`,
      each.symbols.join(', '),
      `${each.bars} of ${each.timeframe}`,
      shortTime(each.lastBar),
      `${money(each.equity)} ${each.quote}`,
    ]),
  );
}

export function positionTable(items: readonly PositionView[]): string {
  return tableOf(
    ['symbol', 'units', 'entry', 'mark', 'unrealised', 'stop', 'target'],
    items.map((each) => [
      each.symbol,
      units(each.units),
      price(each.entryPrice),
      price(each.mark),
      money(each.unrealised),
      price(each.stopLoss),
      price(each.takeProfit),
    ]),
  );
}

export interface DecisionView {
  readonly symbol: string;
  readonly bar: string;
  readonly closedAt: string;
  readonly decidedAt: string;
  readonly mode: string;
  readonly blocked: string | null;
  readonly close: number;
  readonly values: Readonly<Record<string, number | null>>;
  readonly signals: readonly {
    readonly action: string;
    readonly outcome: string;
    readonly reason: string | null;
    readonly orders: readonly number[];
  }[];
  readonly position: number;
  readonly equity: number;
}

/** Values of a strategy's lines are shown to so many digits. */
const VALUE_DIGITS = 7;

export function decisionTable(items: readonly DecisionView[]): string {
  return tableOf(
    ['bar (UTC)', 'symbol', 'close', 'lines', 'signals', 'position', 'equity'],
    items.map((each) => [
      shortTime(each.bar),
      each.symbol,
      each.close,
      Object.entries(each.values)
        .map(([name, value]) => `${name} ${value === null ? '–' : Number(value.toPrecision(VALUE_DIGITS))}`)
        .join(', '),
      signalsOf(each),
      units(each.position),
      money(each.equity),
    ]),
  );
}

function signalsOf({ signals, blocked }: DecisionView): string {
  if (signals.length === 0) return blocked === null ? '' : `not asked (${blocked})`;
  return signals
    .map(({ action, outcome, reason, orders }) => {
      const why = reason === null ? '' : ` (${reason})`;
      return `${action} ${outcome}${why}${orders.length === 0 ? '' : `: order ${orders.join(', ')}`}`;
    })
    .join('; ');
}

export interface TradeView {
  readonly number: number;
  readonly symbol: string;
  readonly size: number;
  readonly entryTime: string;
  readonly exitTime: string;
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly pnl: number;
  readonly commission: number;
  readonly exitReason: string;
}

export function tradeTable(items: readonly TradeView[]): string {
  return tableOf(
    ['#', 'symbol', 'units', 'entered (UTC)', 'at', 'left (UTC)', 'at', 'profit', 'fees', 'why'],
    items.map((each) => [
      each.number,
      each.symbol,
      units(each.size),
      shortTime(each.entryTime),
      price(each.entryPrice),
      shortTime(each.exitTime),
      price(each.exitPrice),
      money(each.pnl),
      money(each.commission),
      each.exitReason,
    ]),
  );
}

export interface OrderView {
  readonly order: number;
  readonly version: number;
  readonly symbol: string;
  readonly side: string;
  readonly kind: string;
  readonly purpose: string;
  readonly quantity: string;
  readonly limit: string | null;
  readonly stop: string | null;
  readonly bar: string | null;
  readonly state: string;
  readonly intended: string;
  readonly decisionMid: string | null;
  readonly filled: string;
  readonly price: string | null;
  readonly costToIntendedBps: string | null;
  readonly executionId: string;
  readonly executionStatus: string;
  readonly problem: ProblemView | null;
}

export function orderTable(items: readonly OrderView[]): string {
  return tableOf(
    ['order', 'bar (UTC)', 'what', 'state', 'intended', 'mid', 'filled', 'at', 'cost bps', 'execution'],
    items.map((each) => [
      `${each.order}.${each.version}`,
      shortTime(each.bar),
      `${each.purpose}: ${each.side} ${each.quantity} ${each.symbol}${each.stop === null ? '' : ` stop ${each.stop}`}`,
      each.problem === null ? `${each.state}, ${each.executionStatus}` : `${each.state}: ${each.problem.code}`,
      each.intended,
      each.decisionMid,
      each.filled,
      each.price,
      each.costToIntendedBps,
      each.executionId,
    ]),
  );
}

export interface EquityView {
  readonly bar: string;
  readonly equity: number;
  readonly cash: number;
}

export function equityTable(items: readonly EquityView[]): string {
  return tableOf(
    ['bar (UTC)', 'equity', 'cash'],
    items.map(({ bar, equity, cash }) => [shortTime(bar), money(equity), money(cash)]),
  );
}

export interface JournalView {
  readonly seq: number;
  readonly after: string | null;
  readonly kind: string;
  readonly recordedAt: string;
}

/** What an entry has beside its place and kind is shown as it is. */
const SHOWN_APART: readonly string[] = ['seq', 'after', 'kind', 'recordedAt'];

export function journalTable(items: readonly JournalView[]): string {
  return tableOf(
    ['#', 'after bar (UTC)', 'what', 'details'],
    items.map((entry) => [
      entry.seq,
      shortTime(entry.after),
      entry.kind,
      Object.entries(entry)
        .filter(([name]) => !SHOWN_APART.includes(name))
        .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(', '),
    ]),
  );
}
