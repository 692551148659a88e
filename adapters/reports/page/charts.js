// Equity, underwater and candles.
(() => {
  const { make, show, css, chart, points, link, legendEntry, logSwitch, COLOURS, BENCHMARK } = globalThis.page;
  const { createSeriesMarkers, LineSeries, AreaSeries, CandlestickSeries } = globalThis.LightweightCharts;

  const MOST_MARKERS = 4000;
  const FIRST_SHOWN = 6;
  /** More words beside markers than this lie on top of one another. */
  const MOST_WORDS = 12;

  /** Lines of all runs. Several runs are shown as growth of 100, so that different capitals compare. */
  function drawEquity(data, legend) {
    const together = chart('equity');
    const below = chart('underwater');
    const several = data.runs.length > 1 || data.benchmark !== null;
    const lines = [
      ...data.runs.map((run, i) => ({ name: run.name, colour: COLOURS[i], lineStyle: 0, ...run })),
      ...(data.benchmark === null ? [] : [{ colour: BENCHMARK, lineStyle: 2, ...data.benchmark }]),
    ];
    for (const { name, colour, lineStyle, equity, underwater, initialCash } of lines) {
      const scale = several ? (value) => (value / initialCash) * 100 : (value) => value;
      const options = { color: colour, lineStyle, lineWidth: 2, priceLineVisible: false };
      together.addSeries(LineSeries, options).setData(points(equity, scale));
      below
        .addSeries(AreaSeries, {
          lineColor: colour,
          lineStyle,
          lineWidth: 1,
          topColor: 'transparent',
          bottomColor: lines.length === 1 ? `${colour}66` : 'transparent',
          priceLineVisible: false,
          priceFormat: { type: 'custom', formatter: (value) => show(value, 'percentValue'), minMove: 0.01 },
        })
        .setData(points(underwater, (value) => -value * 100));
      legend.append(legendEntry(name, colour, lineStyle === 0 ? 'solid' : 'dashed'));
    }
    if (several) legend.append(make('span', 'growth of 100', 'quiet'));
    logSwitch(document.getElementById('log'), together);
    link(together, below);
    together.timeScale().fitContent();
    below.timeScale().fitContent();
  }

  /** The first open time of the candle that holds an instant: markers must lie on candles. */
  function candleAt(times, at) {
    let low = 0;
    let high = times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (times[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return Math.floor(times[low] / 1000);
  }

  function entryMarker(trade, times) {
    const long = trade.size > 0;
    return {
      time: candleAt(times, trade.entryTime),
      position: long ? 'belowBar' : 'aboveBar',
      shape: long ? 'arrowUp' : 'arrowDown',
      color: css('--accent'),
      text: long ? 'long' : 'short',
    };
  }

  function exitMarker(trade, times) {
    return {
      time: candleAt(times, trade.exitTime),
      position: trade.size > 0 ? 'aboveBar' : 'belowBar',
      shape: 'square',
      color: trade.pnl > 0 ? css('--gain') : css('--loss'),
      text: trade.exitReason,
    };
  }

  function markersOf({ trades, openTrades }, { symbol, times }) {
    const own = (list) => list.filter((trade) => trade.symbol === symbol);
    const closed = own(trades).slice(0, MOST_MARKERS / 2);
    return [
      ...closed.flatMap((trade) => [entryMarker(trade, times), exitMarker(trade, times)]),
      ...own(openTrades).map((trade) => entryMarker(trade, times)),
    ].sort((a, b) => a.time - b.time);
  }

  /** The candle chart; `draw` shows one symbol of one run, `goTo` moves it to a trade. */
  function candleChart() {
    const own = chart('candles');
    const series = own.addSeries(CandlestickSeries, {
      upColor: '#009e73',
      downColor: '#d55e00',
      wickUpColor: '#009e73',
      wickDownColor: '#d55e00',
      borderVisible: false,
      // The last close of all says nothing of the trades that are looked at, and its tag would lie on their words.
      lastValueVisible: false,
      priceLineVisible: false,
    });
    const markers = createSeriesMarkers(series, []);
    let shown = null;
    let all = [];
    let isWorded = null;

    /** Words beside the markers only while there is room for them. */
    function label() {
      const range = own.timeScale().getVisibleRange();
      const seen = range === null ? all : all.filter(({ time }) => time >= range.from && time <= range.to);
      const hasRoom = seen.length <= MOST_WORDS;
      if (hasRoom === isWorded) return;
      isWorded = hasRoom;
      markers.setMarkers(hasRoom ? all : all.map(({ text: _text, ...marker }) => marker));
    }
    own.timeScale().subscribeVisibleTimeRangeChange(label);

    return {
      draw(run, candles) {
        shown = candles;
        series.setData(
          candles.times.map((time, i) => ({
            time: Math.floor(time / 1000),
            open: candles.open[i],
            high: candles.high[i],
            low: candles.low[i],
            close: candles.close[i],
          })),
        );
        all = markersOf(run, candles);
        isWorded = null;
        label();
        // The last few trades, large enough to read.
        const last = run.trades.filter(({ symbol }) => symbol === candles.symbol).slice(-FIRST_SHOWN);
        if (last.length > 0) this.goTo({ entryTime: last[0].entryTime, exitTime: last.at(-1).exitTime });
        else own.timeScale().fitContent();
      },
      goTo(trade) {
        const bar = (at) => shown.times.findIndex((time) => Math.floor(time / 1000) === candleAt(shown.times, at));
        const [from, to] = [bar(trade.entryTime), bar(trade.exitTime)];
        const room = Math.max(20, (to - from) * 0.15);
        own.timeScale().setVisibleLogicalRange({ from: from - room, to: to + room });
      },
    };
  }

  Object.assign(globalThis.page, { drawEquity, candleChart });
})();
