const short = (time) => new Date(time).toISOString().slice(5, 16).replace('T', ' ');
const money = (amount) => (amount === undefined ? null : amount.toFixed(2));

/** Trades of a session and of its backtest, in pairs, side by side. */
export function tradeTable(tableOf, session, backtest) {
  const rows = Array.from({ length: Math.max(session.length, backtest.length) }, (_, i) => {
    const [own, other] = [session[i], backtest[i]];
    const { entryTime, exitTime, size } = own ?? other;
    return [
      i + 1,
      short(entryTime),
      short(exitTime),
      size,
      ...both(own?.entryPrice, other?.entryPrice),
      ...both(own?.exitPrice, other?.exitPrice),
      ...both(money(own?.pnl), money(other?.pnl)),
      ...both(own?.exitReason, other?.exitReason),
    ];
  });
  return tableOf(
    [
      '#',
      'in (UTC)',
      'out (UTC)',
      'units',
      'bought at',
      'backtest',
      'sold at',
      'backtest',
      'profit',
      'backtest',
      'why',
      'backtest',
    ],
    rows,
  );
}

const both = (own, other) => [own ?? null, other ?? null];
