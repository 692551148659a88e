// Puts the report of a search together from the document in the page.
(() => {
  const { page } = globalThis;
  const { show, make, cell, fill } = page;
  const data = JSON.parse(document.getElementById('data').textContent);
  const { result } = data;
  const at = (id) => document.getElementById(id);

  const names = data.axes.map(({ name }) => name);
  const quiet = (text) => make('p', text, 'quiet');

  function tile(title, value, format, tone = '') {
    return make('div', [make('b', show(value, format), tone), make('span', title)], 'tile');
  }

  function verdictPart({ title, passed, value, interval, reason, threshold, meaning }) {
    const known =
      interval === null
        ? show(value, 'probability')
        : `${show(interval.low, 'percent')} … ${show(interval.high, 'percent')}`;
    const isKnown = value !== null || interval !== null;
    const tone = passed ? 'gain' : 'loss';
    const figure = make('b', `${passed ? '✓' : '✗'} ${isKnown ? known : 'not known'}`, tone);
    const state = make('span', `${passed ? 'passed' : 'failed'}: ${threshold}${reason === null ? '' : ` (${reason})`}`);
    return make('li', [make('span', title, 'name'), figure, state, make('span', meaning, 'meaning')], tone);
  }

  at('title').textContent = data.title;
  at('subtitle').textContent = data.subtitle;
  at('sentence').textContent = result.sentence;
  at('verdict').classList.toggle('believable', result.believable);
  at('parts').append(...data.verdict.map(verdictPart));
  at('notes').append(...result.notes.map((note) => make('li', note)));

  function fillBest() {
    at('objective').textContent = `Chosen by: ${data.objective}.`;
    const { best, walkForward, prediction } = result;
    if (best === null) {
      at('params').replaceWith(quiet(`There is none: ${result.reasons.best ?? 'no combination has a score'}.`));
      at('figures').remove();
      return;
    }
    const { metrics } = best;
    at('params').append(
      ...names.map((name) => {
        const own = tile(name, best.params[name], 'size');
        own.classList.add('param');
        return own;
      }),
      tile('score', best.score, 'score'),
    );
    at('figures').append(
      tile('total return, in sample', metrics.totalReturn, 'percent', page.tone(metrics.totalReturn)),
      tile('Sharpe ratio, in sample', metrics.sharpeRatio, 'ratio', page.tone(metrics.sharpeRatio)),
      tile('max drawdown, in sample', metrics.maxDrawdown, 'percent'),
      tile('closed trades, in sample', metrics.trades, 'count'),
      tile('total return, walk-forward', walkForward?.totalReturn, 'percent', page.tone(walkForward?.totalReturn)),
      tile('efficiency, walk-forward', walkForward?.efficiency, 'percent', page.tone(walkForward?.efficiency)),
      tile(
        `expected, next ${prediction?.horizonDays ?? '–'} days`,
        prediction?.expected,
        'percent',
        page.tone(prediction?.expected),
      ),
      tile('trials counted', result.sharpe?.trials ?? result.tried + result.earlierTrials, 'count'),
    );
  }

  function fillPrediction(place) {
    const { prediction, reasons } = result;
    if (prediction === null)
      return place.append(quiet(`There is no prediction: ${reasons.prediction ?? 'not known'}.`));
    const { low, high, expected, inSample, basis, confidence, horizonDays } = prediction;
    const basisText = {
      'walk-forward': 'the daily mean of the walk-forward, where each choice met fresh data',
      deflated: 'the in-sample mean, less what the best of so many worthless trials shows',
    };
    const words =
      `With ${Math.round(confidence * 100)} % confidence the next ${horizonDays} days return between ` +
      `${show(low, 'percent')} and ${show(high, 'percent')}; expected are ${show(expected, 'percent')}. It rests on ${basisText[basis]}.`;
    const other = { other: inSample, otherName: 'at the in-sample mean', label: words };
    place.append(make('p', words), page.intervalPicture({ low, high, middle: expected, ...other }));
  }

  function fillTop(table) {
    if (result.top.length === 0) return table.replaceWith(quiet('No combination has a score.'));
    const rows = result.top.map((trial, i) =>
      make('tr', [
        make('td', i + 1),
        cell(trial.index, 'count'),
        ...names.map((name) => cell(trial.params[name], 'size')),
        cell(trial.score, 'score'),
        ...data.columns.map(({ name, format }) => cell(trial.metrics[name], format, name.endsWith('Return'))),
      ]),
    );
    fill(table, ['', 'number', ...names, 'score', ...data.columns.map(({ title }) => title)], rows);
  }

  fillBest();
  fillPrediction(at('prediction'));
  page.fillLandscape(data);
  page.fillWalkForward(data);
  page.fillChance(data);
  fillTop(at('top'));
  if (data.metrics.length === 0) at('all-metrics').remove();
  else page.metricTables(at('metrics'), data.metricGroups, data.metrics);
  const reasons = Object.entries(result.reasons);
  if (reasons.length === 0) at('unknown').remove();
  else
    fill(
      at('reasons'),
      ['figure', 'why not'],
      reasons.map(([path, reason]) => make('tr', [make('td', path), make('td', reason, 'words')])),
    );
  at('manifest').textContent = JSON.stringify(data.manifest, null, 2);
})();
