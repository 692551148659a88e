// Small pictures drawn by hand: histograms, scores along one parameter, intervals, values from fold to fold.
(() => {
  const { make, show, head } = globalThis.page;
  const SPACE = 'http://www.w3.org/2000/svg';

  function draw(name, attributes, children = []) {
    const element = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    element.append(...children);
    return element;
  }

  const text = (x, y, content, attributes = {}) => draw('text', { x, y, ...attributes }, [content]);

  /** A picture that is told in words as well. */
  function picture(width, height, label, children) {
    return draw(
      'svg',
      { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label },
      children,
    );
  }

  /** The numbers of a picture as a table that opens on demand. */
  function numbers(titles, rows) {
    const lines = rows.map((row) =>
      make(
        'tr',
        row.map((each) => make('td', each)),
      ),
    );
    const region = make('div', [make('table', [head(titles), make('tbody', lines)])], 'scroll');
    region.tabIndex = 0;
    region.setAttribute('role', 'region');
    region.setAttribute('aria-label', `Numbers: ${titles.join(', ')}`);
    return make('details', [make('summary', 'numbers'), region]);
  }

  /** About five round numbers between two. */
  function ticks(low, high) {
    const span = high - low;
    if (!(span > 0)) return [low];
    const rough = span / 5;
    const unit = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((each) => each * unit).find((each) => each >= rough);
    const first = Math.ceil(low / step);
    const count = Math.floor(high / step) - first + 1;
    return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  }

  const WIDTH = 580;
  const HEIGHT = 240;
  const MARGIN = { left: 54, right: 14, top: 30, bottom: 42 };

  const scaleOf = (low, high, from, to) => (value) => from + ((value - low) / (high - low || 1)) * (to - from);

  function frame(xTicks, yTicks, x, y, xTitle) {
    const bottom = HEIGHT - MARGIN.bottom;
    return [
      ...yTicks.flatMap((value) => [
        draw('line', { x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y(value), y2: y(value), class: 'grid' }),
        text(MARGIN.left - 6, y(value) + 4, show(value, 'size'), { 'text-anchor': 'end' }),
      ]),
      draw('line', { x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: bottom, y2: bottom, class: 'axis' }),
      ...xTicks.map(([value, label]) => text(x(value), bottom + 16, label, { 'text-anchor': 'middle' })),
      text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 6, xTitle, { 'text-anchor': 'middle' }),
    ];
  }

  /**
   * Counts as bars. `marks` are named values on the axis, `classOf` tells the class of the bar between two edges.
   */
  function histogram({ edges, counts }, { label, xTitle, marks = [], classOf = () => 'bar-b' }) {
    const values = [...edges, ...marks.map(({ value }) => value)];
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const x = scaleOf(low, high, MARGIN.left, WIDTH - MARGIN.right);
    const y = scaleOf(0, Math.max(1, ...counts), HEIGHT - MARGIN.bottom, MARGIN.top);
    const bars = counts.map((count, i) => {
      const [from, to] = [edges[i], edges[i + 1]];
      const name = `${show(from, 'score')} to ${show(to, 'score')}: ${show(count, 'count')}`;
      const gap = x(to) - x(from) > 4 ? 1 : 0;
      return draw(
        'rect',
        {
          x: x(from),
          y: y(count),
          width: Math.max(1, x(to) - x(from) - gap),
          height: Math.max(0, y(0) - y(count)),
          class: classOf(from, to),
        },
        [draw('title', {}, [name])],
      );
    });
    const lines = marks.flatMap(({ value, name }, i) => {
      const isRight = x(value) > WIDTH * 0.6;
      const at = { 'text-anchor': isRight ? 'end' : 'start', class: 'mark' };
      return [
        draw('line', { x1: x(value), x2: x(value), y1: MARGIN.top - 14, y2: y(0), class: 'mark' }),
        text(x(value) + (isRight ? -5 : 5), 13 + 15 * i, name, at),
      ];
    });
    const xTicks = ticks(low, high).map((value) => [value, show(value, 'size')]);
    return picture(WIDTH, HEIGHT, label, [
      ...frame(xTicks, ticks(0, Math.max(1, ...counts)), x, y, xTitle),
      ...bars,
      ...lines,
    ]);
  }

  const KINDS = [
    ['best', 'line-a'],
    ['median', 'line-b'],
    ['plateau', 'line-c'],
  ];

  /** Scores along one parameter; values stand side by side however far apart they are. `cell` is the chosen one's place. */
  function slicePicture(slice, { cell, chosen, label }) {
    const { name, values } = slice;
    const all = KINDS.flatMap(([kind]) => slice[kind]).filter((value) => value !== null);
    if (all.length === 0) return null;
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const room = (high - low || Math.abs(high) || 1) * 0.05;
    const x = scaleOf(0, Math.max(1, values.length - 1), MARGIN.left + 8, WIDTH - MARGIN.right - 8);
    const y = scaleOf(low - room, high + room, HEIGHT - MARGIN.bottom, MARGIN.top);
    const every = Math.ceil(values.length / 10);
    const xTicks = values.map((value, i) => [i, show(value, 'size')]).filter(([i]) => i % every === 0);
    // Of a single parameter a cell is one combination: its median is its best.
    const isMedianTold = slice.median.some((value, i) => value !== slice.best[i]);
    const kinds = KINDS.filter(([kind]) => kind !== 'median' || isMedianTold);
    const lines = kinds.flatMap(([kind, className], k) => {
      let path = '';
      slice[kind].forEach((value, i) => {
        if (value === null) return;
        const isStart = i === 0 || slice[kind][i - 1] === null;
        path += `${isStart ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
      });
      const dots = slice[kind].flatMap((value, i) =>
        value === null
          ? []
          : [draw('circle', { cx: x(i), cy: y(value), r: values.length > 60 ? 1.5 : 3, class: className })],
      );
      const at = MARGIN.left + 8 + 110 * k;
      return [
        draw('path', { d: path, class: className }),
        ...dots,
        draw('line', { x1: at, x2: at + 22, y1: 10, y2: 10, class: className }),
        text(at + 28, 14, kind),
      ];
    });
    const mark =
      cell === null
        ? []
        : [
            draw('line', { x1: x(cell), x2: x(cell), y1: MARGIN.top - 8, y2: HEIGHT - MARGIN.bottom, class: 'mark' }),
            text(WIDTH - MARGIN.right, 14, `dashed: chosen, ${show(chosen ?? values[cell], 'size')}`, {
              'text-anchor': 'end',
            }),
          ];
    return picture(WIDTH, HEIGHT, label, [
      ...frame(xTicks, ticks(low - room, high + room), x, y, name),
      ...lines,
      ...mark,
    ]);
  }

  /** An interval on a line with 0, its middle, and another figure to compare with. All ratios. */
  function intervalPicture({ low, high, middle, other, otherName, label }) {
    const [width, height] = [600, 84];
    const ends = [low, high, 0, middle, ...(other === null ? [] : [other])];
    const [least, most] = [Math.min(...ends), Math.max(...ends)];
    const x = scaleOf(least, most, 40, width - 40);
    const percent = (value) => show(value, 'percent');
    const level = 40;
    const parts = [
      draw('line', { x1: 20, x2: width - 20, y1: level, y2: level, class: 'axis' }),
      draw('line', { x1: x(0), x2: x(0), y1: level - 11, y2: level + 16, class: 'axis' }),
      draw('rect', { x: x(low), y: level - 7, width: Math.max(2, x(high) - x(low)), height: 14, class: 'bar-b' }),
      draw('circle', { cx: x(middle), cy: level, r: 6, class: 'middle' }),
      text(x(low), level + 30, percent(low), { 'text-anchor': 'middle' }),
      text(x(high), level + 30, percent(high), { 'text-anchor': 'middle' }),
      text(x(middle), level - 16, `expected ${percent(middle)}`, { 'text-anchor': 'middle' }),
    ];
    const isFree = [low, high].every((value) => Math.abs(x(value) - x(0)) > 60);
    if (isFree) parts.push(text(x(0), level + 30, '0', { 'text-anchor': 'middle' }));
    if (other !== null) {
      const anchor = x(other) > width * 0.7 ? 'end' : x(other) < width * 0.3 ? 'start' : 'middle';
      parts.push(
        draw('path', { d: `M${x(other)} ${level - 9}l6 9l-6 9l-6 -9z`, class: 'other' }),
        text(x(other), level + 44, `${otherName} ${percent(other)}`, { 'text-anchor': anchor }),
      );
    }
    return picture(width, height + 6, label, parts);
  }

  /** Chosen values from fold to fold, between the ends of the parameter's range. */
  function stepsPicture(values, { min, max, label }) {
    const [width, height] = [220, 34];
    const x = scaleOf(0, Math.max(1, values.length - 1), 6, width - 6);
    const y = scaleOf(min, max, height - 6, 6);
    let path = '';
    values.forEach((value, i) => {
      if (value === null) return;
      path += `${i === 0 || values[i - 1] === null ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    });
    const dots = values.flatMap((value, i) =>
      value === null ? [] : [draw('circle', { cx: x(i), cy: y(value), r: 3, class: 'line-a' })],
    );
    const edges = [6, height - 6].map((level) =>
      draw('line', { x1: 0, x2: width, y1: level, y2: level, class: 'grid' }),
    );
    return picture(width, height, label, [...edges, draw('path', { d: path, class: 'line-a' }), ...dots]);
  }

  Object.assign(globalThis.page, { numbers, histogram, slicePicture, intervalPicture, stepsPicture });
})();
