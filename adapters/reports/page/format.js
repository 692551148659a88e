// How numbers and times are written, and the few elements that all parts of the page are made of.
(() => {
  const NONE = '–';

  const group = (value, digits) =>
    value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);

  const minute = (ms) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

  const formats = {
    // What would round to nothing keeps two digits: the mean return of a minute is small and not 0.
    percent: (value) =>
      value !== 0 && Math.abs(value) < 0.0001
        ? `${Number((value * 100).toPrecision(2))} %`
        : `${group(value * 100, Math.abs(value) < 10 ? 2 : 0)} %`,
    percentValue: (value) => `${group(value, 2)} %`,
    money: (value) => group(value, 2),
    ratio: (value) => group(value, Math.abs(value) < 100 ? 3 : Number.isInteger(value) ? 0 : 1),
    count: (value) => group(value, Number.isInteger(value) ? 0 : 1),
    duration: (ms) => {
      const hours = ms / 3_600_000;
      if (hours < 1) return `${group(ms / 60_000, 0)} min`;
      return hours < 72 ? `${group(hours, 1)} h` : `${group(hours / 24, 1)} d`;
    },
    price: (value) => String(Number(value.toPrecision(9))),
    time: (value) => minute(value),
    size: (value) => String(Number(value.toPrecision(8))),
    // Four digits that count, wherever they are.
    score: (value) => {
      const digits = 3 - Math.floor(Math.log10(Math.abs(value) || 1));
      return group(value, Math.min(12, Math.max(0, digits)));
    },
    // Never 0 or 1, which would claim certainty.
    probability: (value) => {
      if (value > 0 && value < 0.0005) return '< 0.001';
      return value < 1 && value > 0.9995 ? '> 0.999' : value.toFixed(3);
    },
  };

  /** A number in one of the formats; what is undefined is a dash, never a zero. */
  const show = (value, format) => {
    if (format === 'text' && typeof value === 'string') return value;
    return isNumber(value) ? formats[format](value) : NONE;
  };
  const tone = (value) => (!isNumber(value) || value === 0 ? '' : value > 0 ? 'gain' : 'loss');
  const day = (ms) => new Date(ms).toISOString().slice(0, 10);

  /** An element with text or children. Text is never markup. */
  function make(name, content, className) {
    const element = document.createElement(name);
    if (Array.isArray(content)) element.append(...content);
    else if (content !== undefined && content !== null) element.textContent = String(content);
    if (className) element.className = className;
    return element;
  }

  /** A head of a table; a column without a title has a plain cell there. */
  const head = (titles) =>
    make('thead', [
      make(
        'tr',
        titles.map((title) => make(title === '' ? 'td' : 'th', title)),
      ),
    ]);

  /** A cell of a table; a figure that says gain or loss may be coloured. */
  const cell = (value, format, coloured = false) => make('td', show(value, format), coloured ? tone(value) : '');

  /** A cell whose tooltip says why it has nothing to show. */
  function explained(value, format, reason, coloured = false) {
    const own = cell(value, format, coloured);
    if (own.textContent === NONE && reason) own.title = reason;
    return own;
  }

  const fill = (table, heads, rows) => table.replaceChildren(head(heads), make('tbody', rows));

  globalThis.page = { show, tone, minute, day, make, head, cell, explained, fill, NONE };
})();
