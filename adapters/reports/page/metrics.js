// The table of all metrics.
(() => {
  const { make, head, cell, NONE } = globalThis.page;

  /** A table for each family of metrics; why a metric is not defined is its tooltip. A family of which no column has anything is left out. */
  function metricTables(place, metricGroups, columns) {
    const valueOf = (row, { metrics, reasons }) => {
      const own = cell(metrics[row.name], row.format);
      if (own.textContent === NONE) own.title = reasons[row.name] ?? 'not measured';
      return own;
    };
    const rowOf = (row) => {
      const label = make('td', row.title);
      label.title = `${row.name}: ${row.definition}`;
      return make('tr', [label, ...columns.map((column) => valueOf(row, column))]);
    };
    const isKnown = ({ name }) => columns.some(({ metrics, reasons }) => name in metrics || name in reasons);
    // Side by side only while two fit.
    place.classList.toggle('wide', columns.length > 2);
    const heads = columns.map(({ title }) => title);
    place.replaceChildren(
      ...metricGroups
        .map(({ title, rows }) => ({ title, rows: rows.filter(isKnown) }))
        .filter(({ rows }) => rows.length > 0)
        .map(({ title, rows }) => make('table', [head([title, ...heads]), make('tbody', rows.map(rowOf))])),
    );
  }

  Object.assign(globalThis.page, { metricTables });
})();
