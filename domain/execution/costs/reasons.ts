/** Why a figure is `null`: field name (or path, such as `shortfall.delay`) to a sentence for people. */
export type Reasons = Readonly<Record<string, string>>;

/** The same reasons with `prefix.` before each field. */
export function underPath(prefix: string, reasons: Reasons): Reasons {
  return Object.fromEntries(Object.entries(reasons).map(([field, reason]) => [`${prefix}.${field}`, reason]));
}
