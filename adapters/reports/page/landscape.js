// Scores over the parameters.
(() => {
  const { page } = globalThis;
  const { show, make, cell, fill } = page;
  const at = (id) => document.getElementById(id);

  const KINDS = [
    ['best', 'the best', 'Each cell: the best score over all other parameters.'],
    ['median', 'the median', 'Each cell: the middle of the scores over all other parameters.'],
    ['plateau', 'the plateau', 'Each cell: the best score of a neighbourhood, so a lonely peak is low.'],
  ];

  /** Heat maps of pairs of parameters, slices of single ones, and the highest score beside the best neighbourhood. */
  function fillLandscape(data) {
    const { heatMaps, slices } = data.result.pictures;
    if (heatMaps.length === 0) at('heat').remove();
    else {
      at('pair').append(...heatMaps.map(({ x, y }, i) => new Option(`${x.name} and ${y.name}`, String(i))));
      at('kind').append(...KINDS.map(([kind, title]) => new Option(title, kind)));
      // What the search ranked by is seen first.
      at('kind').value = data.ranksByPlateau ? 'plateau' : 'best';
      const redraw = () => {
        const i = Number(at('pair').value);
        const kind = at('kind').value;
        const tell = (words) => {
          at('reading').textContent = words;
        };
        at('kind-note').textContent = `${KINDS.find(([name]) => name === kind)[2]} Arrow keys walk the cells.`;
        tell('');
        page.drawHeatMap(at('map'), { map: heatMaps[i], kind, chosen: data.chosenCells[i], tell });
      };
      at('pair').addEventListener('change', redraw);
      at('kind').addEventListener('change', redraw);
      redraw();
    }
    const placeOf = ({ bestAt }, value, i) =>
      bestAt?.[i] == null || bestAt[i] === value
        ? show(value, 'size')
        : `from ${show(value, 'size')} (best at ${show(bestAt[i], 'size')})`;
    for (const slice of slices) {
      const axis = data.axes.find(({ name }) => name === slice.name);
      const drawn = page.slicePicture(slice, {
        cell: axis?.cell ?? null,
        chosen: axis?.chosen ?? null,
        label: `Scores over ${slice.name}`,
      });
      if (drawn === null) continue;
      const rows = slice.values.map((value, i) => [
        placeOf(slice, value, i),
        ...['best', 'median', 'plateau'].map((kind) => show(slice[kind][i], 'score')),
        show(slice.trials[i], 'count'),
      ]);
      const table = page.numbers([slice.name, 'best', 'median', 'plateau', 'trials'], rows);
      at('slices').append(make('div', [make('h3', slice.name), drawn, table]));
    }
    if (data.landscape === null) {
      at('ground').replaceWith(make('p', 'No combination has a score.', 'quiet'));
      return;
    }
    const { peak, plateau } = data.landscape;
    const line = (title, { params, own, plateau: around }) => {
      const named = Object.entries(params).map(([name, value]) => `${name} ${show(value, 'size')}`);
      return make('tr', [make('td', `${title}: ${named.join(', ')}`), cell(own, 'score'), cell(around, 'score')]);
    };
    fill(at('ground'), ['', 'its own score', 'its neighbourhood'], [line('peak', peak), line('plateau', plateau)]);
  }

  Object.assign(page, { fillLandscape });
})();
