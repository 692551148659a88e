// Everything that is a table.
(() => {
  const { show, minute, day, make, head, cell, metricTables } = globalThis.page;
  const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const ROWS_PER_PAGE = 100;

  /** A column for each run, and the benchmark's. */
  function fillMetrics(place, { runs, benchmark, metricGroups }) {
    const titleOf = (_run, i) => (runs.length === 1 ? 'strategy' : `run ${i + 1}`);
    const columns = runs.map((run, i) => ({ ...run, title: titleOf(run, i) }));
    if (benchmark !== null) columns.push({ ...benchmark, title: 'benchmark (no costs)' });
    metricTables(place, metricGroups, columns);
  }

  /** Returns of the months as a heatmap: a row for each year, with the year's return. */
  function fillMonths(place, runs) {
    place.replaceChildren(
      ...runs.flatMap(({ name, years }) => {
        const all = years.flatMap(({ months }) => months.filter((ratio) => ratio !== null));
        const strongest = Math.max(0.0001, ...all.map(Math.abs));
        const rows = years.map(({ year, months, returnRatio }) => {
          const cells = months.map((ratio) => {
            const box = make('td', ratio === null ? '' : show(ratio, 'percent'));
            if (ratio !== null) box.style.background = shade(ratio / strongest);
            return box;
          });
          return make('tr', [make('td', year), ...cells, cell(returnRatio, 'percent', true)]);
        });
        const table = make('table', [head(['', ...MONTHS, 'year']), make('tbody', rows)], 'months');
        return runs.length > 1 ? [make('h3', name), table] : [table];
      }),
    );
  }

  /** Blue for a gain, orange for a loss, stronger with its size; readable on light and dark ground. */
  const shade = (strength) =>
    strength >= 0 ? `rgba(0, 114, 178, ${0.55 * strength})` : `rgba(213, 94, 0, ${-0.55 * strength})`;

  /** More rows than this scroll by themselves. */
  const MOST_ROWS = 12;

  function scrolled(table, label) {
    const box = make('div', [table], 'tall');
    box.tabIndex = 0;
    box.setAttribute('role', 'region');
    box.setAttribute('aria-label', label);
    return box;
  }

  function fillBreakdowns(place, { breakdowns }) {
    place.className = 'columns';
    place.replaceChildren(
      ...breakdowns
        .filter(({ rows }) => rows.length > 1)
        .map(({ title, rows }) => {
          const lines = rows.map((row) =>
            make('tr', [
              make('td', row.key === '' ? 'none' : row.key),
              cell(row.trades, 'count'),
              cell(row.pnl, 'money', true),
              cell(row.winRate, 'percent'),
              cell(row.meanReturnRatio, 'percent', true),
            ]),
          );
          const table = make('table', [head(['', 'trades', 'net', 'won', 'mean']), make('tbody', lines)]);
          return make('div', [make('h3', title), rows.length > MOST_ROWS ? scrolled(table, title) : table]);
        }),
    );
    if (place.childElementCount === 0) place.append(make('p', 'There are too few trades to break down.', 'quiet'));
  }

  /** How intervals were found. */
  const METHODS = { bca: 'BCa bootstrap', normal: 'normal', 'block-bootstrap': 'days in blocks' };

  function fillRisk(place, { intervals, monteCarlo }) {
    const parts = [];
    if (intervals.length > 0) {
      const rows = intervals.map((each) =>
        make('tr', [
          make('td', each.title),
          cell(each.estimate, each.format),
          make('td', `${show(each.low, each.format)} … ${show(each.high, each.format)}`),
          make('td', METHODS[each.method] ?? '', 'words'),
        ]),
      );
      const title = `${intervals[0].level * 100} % confidence intervals`;
      const table = make('table', [head(['', 'measured', 'interval', 'method']), make('tbody', rows)]);
      parts.push(make('div', [make('h3', title), table]));
    }
    for (const { title, rows } of monteCarlo) {
      const lines = rows.map((row) => make('tr', [make('td', row.title), make('td', show(row.value, row.format))]));
      parts.push(make('div', [make('h3', title), make('table', [make('tbody', lines)])]));
    }
    place.className = 'columns';
    place.replaceChildren(...parts);
    if (parts.length === 0) place.append(make('p', 'There are too few trades to say.', 'quiet'));
  }

  function fillDrawdowns(table, { drawdowns }) {
    const rows = drawdowns.map((each) =>
      make('tr', [
        make('td', day(each.peakTime)),
        make('td', day(each.troughTime)),
        make('td', each.recoveryTime === null ? 'not yet' : day(each.recoveryTime)),
        cell(each.depth, 'percent'),
        cell(each.ms, 'duration'),
      ]),
    );
    table.replaceChildren(head(['peak', 'trough', 'regained', 'depth', 'length']), make('tbody', rows));
  }

  /** What it is sorted by, its head, its cell. */
  const TRADE_COLUMNS = [
    ['symbol', 'symbol', (trade) => make('td', trade.symbol, 'words')],
    ['size', 'size', (trade) => cell(trade.size, 'size')],
    ['entryTime', 'entry', (trade) => make('td', minute(trade.entryTime))],
    ['exitTime', 'exit', (trade) => make('td', minute(trade.exitTime))],
    ['entryPrice', 'entry price', (trade) => cell(trade.entryPrice, 'price')],
    ['exitPrice', 'exit price', (trade) => cell(trade.exitPrice, 'price')],
    ['pnl', 'profit', (trade) => cell(trade.pnl, 'money', true)],
    ['returnRatio', 'return', (trade) => cell(trade.returnRatio, 'percent', true)],
    ['mae', 'MAE', (trade) => cell(trade.mae, 'percent')],
    ['mfe', 'MFE', (trade) => cell(trade.mfe, 'percent')],
    ['bars', 'bars', (trade) => cell(trade.exitBar - trade.entryBar, 'count')],
    ['exitReason', 'exit by', (trade) => make('td', trade.exitReason, 'words')],
    ['tag', 'tag', (trade) => make('td', trade.tag ?? '', 'words')],
  ];

  const keyOf = (trade, name) => (name === 'bars' ? trade.exitBar - trade.entryBar : trade[name]);

  /** The trade table: sorted by its heads, filtered by exit reason, a page at a time. `onPick` gets the trade of a clicked row. */
  function tradeTable(table, onPick) {
    let all = [];
    let order = { name: 'entryTime', down: false };
    let first = 0;
    const reason = document.getElementById('reason');
    const visible = () => {
      const kept = all.filter((trade) => reason.value === '' || trade.exitReason === reason.value);
      const sign = order.down ? -1 : 1;
      const compare = (a, b) => (a < b ? -sign : a > b ? sign : 0);
      return kept.toSorted((a, b) => compare(keyOf(a, order.name) ?? '', keyOf(b, order.name) ?? ''));
    };
    // Nobody has to look at an empty column.
    const columns = () => TRADE_COLUMNS.filter(([name]) => name !== 'tag' || all.some(({ tag }) => tag));
    const heads = () =>
      columns().map(([name, title]) => {
        const arrow = order.down ? ' ↓' : ' ↑';
        const button = make('button', order.name === name ? title + arrow : title);
        button.type = 'button';
        button.addEventListener('click', () => {
          order = { name, down: order.name === name && !order.down };
          draw(0);
        });
        return make('th', [button]);
      });
    function draw(from) {
      const trades = visible();
      first = Math.max(0, Math.min(from, trades.length - 1));
      const rows = trades.slice(first, first + ROWS_PER_PAGE).map((trade) => {
        const row = make(
          'tr',
          columns().map(([, , write]) => write(trade)),
        );
        const values = Object.entries(trade.entryValues);
        if (values.length > 0)
          row.title = values.map(([name, value]) => `${name} = ${show(value, 'price')}`).join('\n');
        row.addEventListener('click', () => onPick(trade));
        return row;
      });
      table.replaceChildren(make('thead', [make('tr', heads())]), make('tbody', rows));
      const last = Math.min(first + ROWS_PER_PAGE, trades.length);
      document.getElementById('page').textContent =
        trades.length === 0 ? 'none' : `${first + 1}–${last} of ${trades.length}`;
    }
    reason.addEventListener('change', () => draw(0));
    document.getElementById('earlier').addEventListener('click', () => draw(first - ROWS_PER_PAGE));
    document.getElementById('later').addEventListener('click', () => {
      if (first + ROWS_PER_PAGE < visible().length) draw(first + ROWS_PER_PAGE);
    });
    return (trades) => {
      all = trades;
      const reasons = [...new Set(trades.map(({ exitReason }) => exitReason))].toSorted((a, b) => a.localeCompare(b));
      reason.replaceChildren(new Option('all exits', ''), ...reasons.map((each) => new Option(each, each)));
      draw(0);
    };
  }

  Object.assign(globalThis.page, {
    fillMetrics,
    fillMonths,
    fillBreakdowns,
    fillRisk,
    fillDrawdowns,
    tradeTable,
  });
})();
