import { type SessionView, shortTime } from './session-view.ts';
import { visible } from './visible.ts';

export interface CheckView {
  readonly label: string;
  readonly ok: boolean;
  readonly needsConfirmation: boolean;
  readonly items: readonly { readonly check: string; readonly outcome: string; readonly detail: string }[];
}

/** A check list; `verdict` is what it comes to where it was not asked for a start. */
export function checkTable({ label, ok, needsConfirmation, items }: CheckView, verdict?: string): string {
  const rows = items.map(
    ({ check, outcome, detail }) => `${outcome.padEnd(8)} ${check.padEnd(20)} ${visible(detail)}\n`,
  );
  const start = needsConfirmation ? 'a session would start with --confirm live' : 'a session would start';
  return `${rows.join('')}${label} account: ${verdict ?? (ok ? start : 'no session would start')}\n`;
}

export interface ReconciliationView {
  readonly ok: boolean | null;
  readonly readAt: string | null;
  readonly differences: readonly {
    readonly asset: string;
    readonly expected: string;
    readonly actual: string;
    readonly missing: string;
    readonly cause: string;
    readonly detail: string;
    readonly confirmed: boolean;
  }[];
  readonly recognised: readonly { readonly asset: string; readonly amount: string; readonly cause: string }[];
  readonly undecided: readonly string[];
  readonly block: SessionView['block'];
}

export function readableReconciliation(view: ReconciliationView): string {
  if (view.ok === null) return 'nothing has been compared yet\n';
  const lines = [
    `${view.ok ? 'the account has what its sessions hold' : 'the account has less than its sessions hold'}, as read ${shortTime(view.readAt)}`,
    ...view.differences.map(
      ({ detail, cause, confirmed }) =>
        `  ${detail} (cause: ${cause}${confirmed ? '' : '; not confirmed by a second look yet'})`,
    ),
    ...view.recognised.map(({ asset, amount, cause }) => `  seen: ${cause} of ${amount} ${asset}`),
    ...(view.undecided.length === 0 ? [] : [`  being traded meanwhile: ${view.undecided.join(', ')}`]),
    ...(view.block === null
      ? []
      : [`  entries are blocked since ${shortTime(view.block.since)}: ${view.block.problem.detail}`]),
  ];
  return `${lines.map(visible).join('\n')}\n`;
}
