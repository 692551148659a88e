// Puts the report together from the document in the page.
(() => {
  const { page } = globalThis;
  const { show, tone, make, explained, fill } = page;
  const data = JSON.parse(document.getElementById('data').textContent);
  const at = (id) => document.getElementById(id);

  at('title').textContent = data.title;
  at('subtitle').textContent = data.subtitle;
  const several = data.runs.length > 1;

  /** Notes of the runs: what all of them say stands there once. */
  function runNotes() {
    const numbers = new Map();
    data.runs.forEach(({ notes }, i) => {
      for (const note of notes) numbers.set(note, [...(numbers.get(note) ?? []), i + 1]);
    });
    return [...numbers].map(([note, runs]) => {
      if (!several) return note;
      if (runs.length === data.runs.length) return `all runs: ${note}`;
      return `run${runs.length > 1 ? 's' : ''} ${runs.join(', ')}: ${note}`;
    });
  }

  at('notes').append(...[...data.notes, ...runNotes()].map((note) => make('li', note)));
  if (several) at('runs').append(...data.runs.map(({ name, about }) => make('li', [make('b', name), ` ${about}`])));
  else at('runs').remove();

  /** Key figures: tiles of one run, a table of several. */
  function fillTiles(place) {
    if (!several) {
      place.append(
        ...data.tiles.map(({ title, name, format, coloured }) => {
          const value = data.runs[0].metrics[name];
          return make(
            'div',
            [make('b', show(value, format), coloured ? tone(value) : ''), make('span', title)],
            'tile',
          );
        }),
      );
      return;
    }
    const lines = [...data.runs, ...(data.benchmark === null ? [] : [data.benchmark])];
    const rows = lines.map(({ name, metrics, reasons }, i) =>
      make('tr', [
        make('td', i < data.runs.length ? `${i + 1}. ${name}` : name),
        ...data.tiles.map((each) => explained(metrics[each.name], each.format, reasons[each.name], each.coloured)),
      ]),
    );
    const table = make('table', null, 'wrapped');
    fill(table, ['run', ...data.tiles.map(({ title }) => title)], rows);
    place.className = 'scroll';
    place.removeAttribute('id');
    place.tabIndex = 0;
    place.setAttribute('role', 'region');
    place.setAttribute('aria-label', 'Table of key figures');
    place.append(table);
  }

  fillTiles(at('tiles'));
  page.drawEquity(data, at('legend'));
  page.fillMetrics(at('metrics'), data);
  page.fillMonths(at('months'), data.runs);

  const candles = page.candleChart();
  const fillTrades = page.tradeTable(at('trades'), (trade) => {
    if (at('symbol').value !== trade.symbol) {
      at('symbol').value = trade.symbol;
      drawCandles();
    }
    candles.goTo(trade);
    at('candles').scrollIntoView({ behavior: 'smooth', block: 'center' });
  });

  function drawCandles() {
    const run = data.runs[Number(at('run').value)];
    const own = run.candles.find(({ symbol }) => symbol === at('symbol').value);
    candles.draw(run, own);
    const joined = own.barsPerCandle > 1 ? ` Each candle is ${own.barsPerCandle} bars of ${run.timeframe}.` : '';
    const listed =
      run.trades.length < run.tradeCount
        ? ` The first ${run.trades.length} of ${run.tradeCount} trades are listed.`
        : '';
    at('candle-note').textContent = `Arrows are entries, squares are exits.${joined}${listed}`;
  }

  function showRun() {
    const run = data.runs[Number(at('run').value)];
    at('symbol').replaceChildren(...run.candles.map(({ symbol }) => new Option(symbol, symbol)));
    at('symbol').hidden = run.candles.length < 2;
    drawCandles();
    fillTrades(run.trades);
    page.fillRisk(at('risk'), run);
    page.fillBreakdowns(at('breakdowns'), run);
    page.fillDrawdowns(at('drawdowns'), run);
  }

  at('run').replaceChildren(...data.runs.map(({ name }, i) => new Option(name, String(i))));
  at('run').hidden = !several;
  at('run').addEventListener('change', showRun);
  at('symbol').addEventListener('change', drawCandles);
  showRun();

  for (const { name, manifest } of data.runs) {
    if (several) at('manifests').append(make('h3', name));
    at('manifests').append(make('pre', JSON.stringify(manifest, null, 2)));
  }
})();
