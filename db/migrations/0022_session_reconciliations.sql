-- What comparing the sessions of an account with what it holds has found last, and who wants that looked at again.
create table session_reconciliations (
  venue       text primary key,
  result      jsonb not null,
  raised      jsonb not null default '{}',   -- by session, what was missing of each asset when its entries were blocked
  balances_at timestamptz not null,          -- of the balances that were compared
  at          timestamptz not null default now()
);
alter table account_facts add column wanted_at timestamptz;
create index outbox_account_connected on outbox (subject, at) where kind = 'account.connected';
