// Puts the report together from the document in the page.
(() => {
  const { page } = globalThis;
  const { show, tone, make } = page;
  const data = JSON.parse(document.getElementById('data').textContent);
  const at = (id) => document.getElementById(id);

  at('title').textContent = data.title;
  at('subtitle').textContent = data.subtitle;
  const several = data.runs.length > 1;
  const ownNotes = ({ name, notes }) => notes.map((note) => (several ? `${name}: ${note}` : note));
  at('notes').append(...[...data.notes, ...data.runs.flatMap(ownNotes)].map((note) => make('li', note)));
  if (several) at('runs').append(...data.runs.map(({ name, about }) => make('li', [make('b', name), ` ${about}`])));
  else at('runs').remove();
  for (const { title, name, format, coloured } of data.tiles) {
    const value = data.runs[0].metrics[name];
    at('tiles').append(
      make('div', [make('b', show(value, format), coloured ? tone(value) : ''), make('span', title)], 'tile'),
    );
  }

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
