// Scores over two parameters as a grid of cells.
(() => {
  const { make, show } = globalThis.page;

  // Viridis: its lightness rises evenly, so it reads the same without colour vision and in print.
  const VIRIDIS = [
    [68, 1, 84],
    [72, 40, 120],
    [62, 74, 137],
    [49, 104, 142],
    [38, 130, 142],
    [31, 158, 137],
    [53, 183, 121],
    [109, 205, 89],
    [180, 222, 44],
    [253, 231, 37],
  ];
  const MOST_WITH_TEXT = 16;
  const LABELS = 14;
  const KINDS = ['best', 'median', 'plateau'];

  const rgb = (colour) => `rgb(${colour.join(', ')})`;

  function colourAt(share) {
    const at = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
    const from = Math.min(VIRIDIS.length - 2, Math.floor(at));
    return VIRIDIS[from].map((low, i) => Math.round(low + (VIRIDIS[from + 1][i] - low) * (at - from)));
  }

  /** Black or white, whichever is easier to read: one of them always has a contrast above 4.5. */
  function inkOn(colour) {
    const [r, g, b] = colour.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000000' : '#ffffff';
  }

  /** Ends of the scale. A few very bad cells would leave one colour for all others, so the low end is the 5 % quantile of many. */
  function rangeOf(rows) {
    const values = rows
      .flat()
      .filter((value) => value !== null)
      .toSorted((a, b) => a - b);
    if (values.length === 0) return null;
    const low = values.length < 40 ? values[0] : values[Math.floor(values.length * 0.05)];
    return { low, high: values.at(-1), isCut: low > values[0] };
  }

  function legend({ low, high, isCut }) {
    const bar = make('i', null, 'scale');
    bar.style.background = `linear-gradient(to right, ${VIRIDIS.map(rgb).join(', ')})`;
    const from = `${isCut ? '≤ ' : ''}${show(low, 'score')}`;
    const parts = [make('span', from), bar, make('span', show(high, 'score'))];
    const none = make('i', null, 'swatch none');
    const chosen = make('i', null, 'swatch chosen');
    return [...parts, none, make('span', 'no score'), chosen, make('span', 'chosen combination')];
  }

  /**
   * Draws a heat map into `place`. Arrow keys move from cell to cell; the cell under focus or mouse is told in words by `tell`.
   *
   * @param chosen column and row of the chosen combination, or null.
   */
  function drawHeatMap(place, { map, kind, chosen, tell }) {
    const { x, y } = map;
    const range = rangeOf(map[kind]);
    const isDense = x.values.length > MOST_WITH_TEXT;
    const every = isDense ? Math.ceil(x.values.length / LABELS) : 1;
    const everyRow = Math.ceil(y.values.length / 20);
    const sentence = (column, row) => {
      const scores = KINDS.map((each) => `${each} ${show(map[each][row][column], 'score')}`).join(', ');
      const isChosen = chosen !== null && chosen[0] === column && chosen[1] === row;
      // A cell of many values is named by those of its best combination.
      const [ofX, ofY] = map.bestAt?.[row][column] ?? [x.values[column], y.values[row]];
      return `${x.name} ${ofX}, ${y.name} ${ofY}: ${scores}${isChosen ? ' (chosen)' : ''}`;
    };
    const cells = [];
    const cellAt = (column, row) => {
      const value = map[kind][row][column];
      const cell = make('td', show(value, 'score'));
      cell.setAttribute('role', 'gridcell');
      cell.tabIndex = -1;
      if (value === null) cell.className = 'none';
      else {
        const colour = colourAt(range.high === range.low ? 1 : (value - range.low) / (range.high - range.low));
        cell.style.background = rgb(colour);
        cell.style.color = inkOn(colour);
      }
      if (chosen !== null && chosen[0] === column && chosen[1] === row) cell.classList.add('chosen');
      const words = sentence(column, row);
      cell.title = words;
      cell.addEventListener('mouseenter', () => tell(words));
      cell.addEventListener('focus', () => tell(words));
      cells.push({ cell, column, row });
      return cell;
    };
    // Every second label of many goes where the page is narrow.
    const nameOf = (place, step) =>
      place % step !== 0 ? 'hushed' : isDense && place % (2 * step) !== 0 ? 'second' : '';
    const label = (value, place, step) => make('th', value, nameOf(place, step));
    // The smallest value of y is at the bottom, as in a chart.
    const order = y.values.map((_value, row) => row).toReversed();
    const rows = order.map((row) => {
      const own = label(y.values[row], row, everyRow);
      own.scope = 'row';
      return make('tr', [own, ...x.values.map((_value, column) => cellAt(column, row))]);
    });
    const foot = make('tr', [
      make('td', `${y.name} ↑ · ${x.name} →`, 'corner'),
      ...x.values.map((value, column) => label(value, column, every)),
    ]);
    const table = make('table', [make('tbody', rows), make('tfoot', [foot])], `heat${isDense ? ' dense' : ''}`);
    table.setAttribute('role', 'grid');
    table.setAttribute('aria-label', `${kind} score over ${x.name} and ${y.name}`);
    walkable(table, cells, chosen);
    place.replaceChildren(
      table,
      make('div', range === null ? [make('span', 'no cell has a score')] : legend(range), 'scale-row'),
    );
  }

  /** One cell at a time takes part in the tab order; arrows move to its neighbours. */
  function walkable(table, cells, chosen) {
    const at = new Map(cells.map(({ cell, column, row }) => [`${column} ${row}`, cell]));
    let here = chosen ?? [0, 0];
    const start = at.get(here.join(' '));
    if (start) start.tabIndex = 0;
    const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    table.addEventListener('keydown', (event) => {
      const move = MOVES[event.key];
      if (move === undefined) return;
      event.preventDefault();
      const next = at.get(`${here[0] + move[0]} ${here[1] + move[1]}`);
      if (next === undefined) return;
      at.get(here.join(' ')).tabIndex = -1;
      here = [here[0] + move[0], here[1] + move[1]];
      next.tabIndex = 0;
      next.focus();
    });
  }

  Object.assign(globalThis.page, { drawHeatMap });
})();
