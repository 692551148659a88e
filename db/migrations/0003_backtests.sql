-- Backtests: what was asked for, how far it is, what it gave.

create table backtests (
  sequence    bigint generated always as identity unique,   -- order of acceptance, for paging
  id          text primary key,
  workflow_id text not null unique,
  owner       text not null,
  request     json not null,        -- json and not jsonb: what goes out is what came in, to the order of its fields
  strategy    text not null,
  symbol      text not null,
  status      text not null default 'queued'
              check (status in ('queued', 'running', 'completed', 'cancelled', 'failed')),
  bars_done   bigint not null default 0,
  bars        bigint not null default 0,
  problem     json,
  result      json,
  started     boolean not null default false,               -- whether its workflow has been seen to start
  started_at  timestamptz,
  ended_at    timestamptz,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  check ((status = 'completed') = (result is not null))
);
create index backtests_not_started on backtests (sequence) where not started;

create table backtest_keys (
  owner       text not null,
  key         text not null,
  body_hash   text not null,
  backtest_id text not null references backtests (id),
  created_at  timestamptz not null default now(),
  primary key (owner, key)
);

-- Trades, equity and report of a run, in gzip pieces: written once with the result.
create table backtest_parts (
  backtest_id text not null references backtests (id),
  kind        text not null check (kind in ('trades', 'equity', 'report')),
  number      integer not null check (number >= 0),
  content     bytea not null,
  primary key (backtest_id, kind, number)
);
alter table backtest_parts alter column content set storage external;
