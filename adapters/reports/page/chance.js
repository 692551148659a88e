// Whether the best is skill or chance.
(() => {
  const { page } = globalThis;
  const { show, make, cell, explained, fill } = page;
  const at = (id) => document.getElementById(id);
  const quiet = (text) => make('p', text, 'quiet');

  function histogramBlock(title, note, picture, { edges, counts }) {
    const rows = counts.map((count, i) => [
      `${show(edges[i], 'score')} to ${show(edges[i + 1], 'score')}`,
      show(count, 'count'),
    ]);
    return make('div', [make('h3', title), quiet(note), picture, page.numbers(['range', 'count'], rows)]);
  }

  function fillHistograms(place, { result, sharpeMarks }) {
    const { logits, sharpeRatios } = result.pictures;
    if (logits !== null) {
      const title = 'Ranks out of sample (logits)';
      const label = `${title}: probability of overfitting ${show(result.pbo, 'probability')}`;
      const picture = page.histogram(logits, {
        label,
        xTitle: 'logit of the rank that the best of one half has in the other',
        marks: [{ value: 0, name: `left of 0 is overfitting: ${show(result.pbo, 'probability')}` }],
        classOf: (_from, to) => (to <= 0 ? 'bar-a' : 'bar-b'),
      });
      place.append(
        histogramBlock(
          title,
          'A bar for each way to halve the time; left of 0 the best was below the middle.',
          picture,
          logits,
        ),
      );
    }
    if (sharpeRatios !== null) {
      const { best, expectedBest } = sharpeMarks;
      const marks = [
        ...(expectedBest === null
          ? []
          : [{ value: expectedBest, name: `best expected by chance ${show(expectedBest, 'ratio')}` }]),
        ...(best === null ? [] : [{ value: best, name: `best ${show(best, 'ratio')}` }]),
      ];
      const title = 'Annual Sharpe ratios of all trials';
      const picture = page.histogram(sharpeRatios, { label: title, xTitle: 'annual Sharpe ratio', marks });
      place.append(histogramBlock(title, 'Many trials make a good best one without any skill.', picture, sharpeRatios));
    }
  }

  function fillFacts(place, { facts }) {
    const groups = facts.map(({ title, rows }) => {
      const lines = rows.map((row) =>
        make('tr', [make('td', row.title), explained(row.value, row.format, row.reason)]),
      );
      return make('div', [make('h3', title), make('table', [make('tbody', lines)])]);
    });
    place.append(...groups);
  }

  const titles = { 'buy-and-hold': 'buying and holding', zero: 'not trading' };

  function fillSuperiority(place, { result }) {
    place.append(make('h3', "Is it better than a benchmark? (Hansen's SPA test)"));
    const missing = Object.entries(result.reasons).filter(([path]) => path.startsWith('spa.'));
    place.append(
      ...missing.map(([path, reason]) => quiet(`Not tested against ${titles[path.slice(4)] ?? path}: ${reason}.`)),
    );
    if (result.spa.length === 0) return;
    const rows = result.spa.map((each) =>
      make('tr', [
        make('td', titles[each.benchmark] ?? each.benchmark),
        cell(each.pValue, 'probability'),
        cell(each.lower, 'probability'),
        cell(each.upper, 'probability'),
        cell(each.statistic, 'ratio'),
        make('td', `${show(each.trials, 'count')}${each.sampled ? ' (sample)' : ''}`),
        cell(each.periods, 'count'),
        cell(each.draws, 'count'),
      ]),
    );
    const table = make('table');
    fill(table, ['benchmark', 'p-value', 'lower', 'upper', 'statistic', 'trials', 'periods', 'draws'], rows);
    const region = make('div', [table], 'scroll');
    region.tabIndex = 0;
    region.setAttribute('role', 'region');
    region.setAttribute('aria-label', 'Table of tests against benchmarks');
    place.append(
      quiet('Probability that the best of all looks so good when none is better than the benchmark.'),
      region,
    );
  }

  function fillChance(data) {
    fillHistograms(at('histograms'), data);
    fillFacts(at('facts'), data);
    fillSuperiority(at('superiority'), data);
  }

  Object.assign(page, { fillChance });
})();
