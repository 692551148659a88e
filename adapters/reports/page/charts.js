// Equity, underwater and candles.
(() => {
  const { make, show } = globalThis.page;
  const { createChart, createSeriesMarkers, LineSeries, AreaSeries, CandlestickSeries, PriceScaleMode } =
    globalThis.LightweightCharts;

  // Colours that people with colour blindness tell apart (Okabe and Ito), the same for a run in every chart.
  const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
  const BENCHMARK = '#8a8f98';
  const MOST_MARKERS = 4000;
  const FIRST_SHOWN = 6;

  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function chart(id) {
    return createChart(document.getElementById(id), {
      autoSize: true,
      // Not the browser's own: some name one that Intl refuses, and a report reads the same everywhere.
      localization: { locale: 'en-US' },
      layout: { background: { color: css('--ground') }, textColor: css('--ink') },
      grid: { vertLines: { color: css('--line') }, horzLines: { color: css('--line') } },
      // All of the line fits at first, however many points it has.
      timeScale: { timeVisible: true, minBarSpacing: 0.01, borderColor: css('--line') },
      rightPriceScale: { borderColor: css('--line') },
    });
  }

  /** Points of a line in the chart's own form: seconds, each once. */
  function points({ times, values }, scale) {
    const out = [];
    for (let i = 0; i < times.length; i++) {
      const time = Math.floor(times[i] / 1000);
      const point = { time, value: scale(values[i]) };
      if (out.length > 0 && out.at(-1).time >= time) out[out.length - 1] = { ...point, time: out.at(-1).time };
      else out.push(point);
    }
    return out;
  }

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
      const swatch = make('i');
      swatch.style.borderColor = colour;
      swatch.style.borderTopStyle = lineStyle === 0 ? 'solid' : 'dashed';
      legend.append(make('span', [swatch, document.createTextNode(name)]));
    }
    if (several) legend.append(make('span', 'growth of 100', 'quiet'));
    document.getElementById('log').addEventListener('change', ({ target }) => {
      const mode = target.checked ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal;
      together.priceScale('right').applyOptions({ mode });
    });
    link(together, below);
    together.timeScale().fitContent();
    below.timeScale().fitContent();
  }

  function link(one, other) {
    const follow = (from, to) =>
      from.timeScale().subscribeVisibleTimeRangeChange(() => {
        const range = from.timeScale().getVisibleRange();
        const seen = to.timeScale().getVisibleRange();
        if (range && (!seen || range.from !== seen.from || range.to !== seen.to)) to.timeScale().setVisibleRange(range);
      });
    follow(one, other);
    follow(other, one);
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
    });
    const markers = createSeriesMarkers(series, []);
    let shown = null;
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
        markers.setMarkers(markersOf(run, candles));
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
