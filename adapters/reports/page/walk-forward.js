// What came of choices on the time after them.
(() => {
  const { page } = globalThis;
  const { css, chart, points, legendEntry, logSwitch, make, show, cell, explained, fill, COLOURS, BENCHMARK } = page;
  const { createSeriesMarkers, LineSeries } = globalThis.LightweightCharts;

  /** The last point at or before an instant, in seconds: markers must lie on points. */
  function pointAt(line, at) {
    const found = line.findLast(({ time }) => time * 1000 <= at);
    return (found ?? line[0]).time;
  }

  /** Draws the line beside the benchmark as growth of 100, with a mark where each fold's trial begins. */
  function drawWalkForward(id, legend, box, { equity, benchmark, folds }) {
    const own = chart(id);
    const add = (line, name, color, lineStyle) => {
      const series = own.addSeries(LineSeries, { color, lineStyle, lineWidth: 2, priceLineVisible: false });
      const first = line.values[0];
      const drawn = points(line, (value) => (value / first) * 100);
      series.setData(drawn);
      legend.append(legendEntry(name, color, lineStyle === 0 ? 'solid' : 'dashed'));
      return { series, drawn };
    };
    add(benchmark, 'holding', BENCHMARK, 2);
    const { series, drawn } = add(equity, 'walk-forward', COLOURS[0], 0);
    if (drawn.length > 0) {
      const marks = folds.map((time, i) => ({
        time: pointAt(drawn, time),
        position: 'inBar',
        shape: 'circle',
        color: css('--warm'),
        text: String(i + 1),
      }));
      createSeriesMarkers(series, marks);
    }
    legend.append(make('span', 'growth of 100; numbered dots begin a fold', 'quiet'));
    logSwitch(box, own);
    // All of it: the scale has the times of both lines, more than either alone.
    own.timeScale().fitContent();
  }

  const at = (id) => document.getElementById(id);
  const paramText = ({ axes }, params) => axes.map(({ name }) => `${name} ${show(params[name], 'size')}`).join(', ');

  function fillWalkForward(data) {
    const { walkForward, pictures, reasons } = data.result;
    if (walkForward === null) {
      at('walk').append(
        make('p', `There is no walk-forward: ${reasons.walkForward ?? 'none was asked for'}.`, 'quiet'),
      );
      for (const id of ['walk-legend', 'walk-log', 'walk-chart', 'walk-tables']) at(id).remove();
      return;
    }
    const { totalReturn, interval, returns, efficiency } = walkForward;
    const share =
      efficiency === null ? `not defined (${reasons['walkForward.efficiency']})` : show(efficiency, 'percent');
    const range =
      interval === null
        ? `no interval: ${reasons['walkForward.interval'] ?? 'not known'}`
        : `${Math.round(interval.confidence * 100)} % interval ${show(interval.low, 'percent')} to ${show(interval.high, 'percent')}`;
    at('walk').append(
      make(
        'p',
        `Choices tried on the time after them returned ${show(totalReturn, 'percent')} in ${show(returns, 'count')} daily returns (${range}). ` +
          `Efficiency, the annual return in trials over that where choices were made: ${share}.`,
      ),
    );
    if (pictures.walkForward === null) for (const id of ['walk-legend', 'walk-log', 'walk-chart']) at(id).remove();
    else drawWalkForward('walk-chart', at('walk-legend'), at('walk-log').firstElementChild, pictures.walkForward);
    fillFolds(data, walkForward.folds);
    fillStability(data, walkForward);
  }

  const day = (iso) => iso.slice(0, 10);
  const minute = (iso) => iso.slice(0, 16).replace('T', ' ');
  /** Days where they tell the parts apart, else minutes. */
  const spanWriter = (folds) => {
    const isShort = folds.some((fold) => day(fold.testFrom) === day(fold.testTo));
    const write = isShort ? minute : day;
    return (from, to) => make('td', `${write(from)} … ${write(to)}`);
  };

  function fillFolds(data, folds) {
    const span = spanWriter(folds);
    const columns = data.columns.filter(({ name }) =>
      ['totalReturn', 'sharpeRatio', 'maxDrawdown', 'trades'].includes(name),
    );
    const rows = folds.map((fold, i) => {
      const why = (field) => data.result.reasons[`walkForward.folds.${i}.${field}`];
      return make('tr', [
        make('td', i + 1),
        span(fold.trainFrom, fold.trainTo),
        span(fold.testFrom, fold.testTo),
        make('td', fold.params === null ? 'none' : paramText(data, fold.params), 'words'),
        explained(fold.trainScore, 'score', why('params')),
        ...columns.map(({ name, format }) =>
          explained(
            fold.testMetrics?.[name],
            format,
            why(`testMetrics.${name}`) ?? why('params'),
            name === 'totalReturn',
          ),
        ),
        explained(fold.efficiency, 'percent', why('efficiency') ?? why('params')),
      ]);
    });
    const heads = ['fold', 'chosen on', 'tried on', 'choice', 'score in sample'];
    fill(at('folds'), [...heads, ...columns.map(({ title }) => `trial: ${title}`), 'efficiency'], rows);
    at('folds')
      .querySelectorAll('thead th:nth-child(4)')
      .forEach((each) => each.classList.add('words'));
  }

  function fillStability(data, { stability }) {
    const rows = stability.map(({ name, values, moved, spread, modeShare }) => {
      const { min, max } = data.axes.find((axis) => axis.name === name);
      const written = values.map((value) => show(value, 'size')).join(', ');
      const picture = page.stepsPicture(values, { min, max, label: `${name} from fold to fold: ${written}` });
      return make('tr', [
        make('td', name),
        make('td', [picture]),
        make('td', written, 'words'),
        cell(moved, 'percent'),
        cell(spread, 'percent'),
        cell(modeShare, 'percent'),
      ]);
    });
    const heads = [
      'parameter',
      'between the ends of its range',
      'values',
      'mean move',
      'spread',
      'most frequent value',
    ];
    fill(at('stability'), heads, rows);
    at('stability')
      .querySelectorAll('thead th:nth-child(3)')
      .forEach((each) => each.classList.add('words'));
  }

  Object.assign(page, { fillWalkForward });
})();
