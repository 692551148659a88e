// What all charts over time share.
(() => {
  const { make } = globalThis.page;
  const { createChart, PriceScaleMode } = globalThis.LightweightCharts;

  // Colours that people with colour blindness tell apart (Okabe and Ito), the same for a run in every chart.
  const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
  const BENCHMARK = '#8a8f98';

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
      // As wide in all, so that charts above one another have the same times above one another.
      rightPriceScale: { borderColor: css('--line'), minimumWidth: 76 },
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

  /** Keeps two charts on the same stretch of time. */
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

  /** A piece of line with its name. */
  function legendEntry(name, colour, borderStyle) {
    const swatch = make('i');
    swatch.style.borderColor = colour;
    swatch.style.borderTopStyle = borderStyle;
    return make('span', [swatch, document.createTextNode(name)]);
  }

  /** A checkbox that makes a chart's scale logarithmic. */
  function logSwitch(box, own) {
    box.addEventListener('change', () => {
      const mode = box.checked ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal;
      own.priceScale('right').applyOptions({ mode });
    });
  }

  Object.assign(globalThis.page, { css, chart, points, link, legendEntry, logSwitch, COLOURS, BENCHMARK });
})();
