-- Trading sessions: what each was asked to do, what has happened to it, what it ordered and what came of it.

create table sessions (
  sequence      bigint generated always as identity unique,   -- order of acceptance, for paging
  id            text primary key,
  workflow_id   text not null unique,
  owner         text not null,
  spec          json not null,          -- json and not jsonb: what goes out is what came in, to the order of its fields
  strategy      text not null,
  strategy_hash text,                   -- SHA-256 of a user's file
  params        jsonb not null,         -- that hold now
  venue         text not null,
  symbols       text[] not null,
  timeframe     text not null,
  base          jsonb not null,         -- base assets by symbol
  quote         text not null,
  instruments   jsonb not null,         -- by symbol, as they were at the start: every fold of the journal counts in the same steps
  rests_stops   boolean not null,       -- whether the venue keeps stop orders
  status        text not null default 'running' check (status in ('running', 'paused', 'stopping', 'stopped', 'failed')),
  stop_mode     text check (stop_mode in ('keep', 'flatten', 'cancel')),
  block         jsonb,
  problem       jsonb,
  start_bar     timestamptz not null,   -- market time, as all that is called a bar
  first_candle  timestamptz not null,
  last_bar      timestamptz,
  bars          integer not null default 0,
  seq           integer not null default 0,    -- of the newest entry of its journal
  version       bigint not null default 0,     -- rises with every change: whoever reckoned on an older one reads again
  settled       boolean not null default true,
  books         jsonb,                  -- how they stood after the last step
  watched       jsonb not null default '[]',   -- orders that wait for a price that the session itself watches
  started       boolean not null default false,
  ended_at      timestamptz,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  check ((status in ('stopped', 'failed')) = (ended_at is not null))
);
create index sessions_not_started on sessions (sequence) where not started;
create index sessions_open on sessions (venue) where status not in ('stopped', 'failed');

create table session_keys (
  owner      text not null,
  key        text not null,
  body_hash  text not null,
  session_id text not null references sessions (id),
  created_at timestamptz not null default now(),
  primary key (owner, key)
);

-- Entries are never changed: with the candles they say all that a session's books hold.
create table session_journal (
  session_id  text not null references sessions (id),
  seq         integer not null check (seq > 0),
  after       timestamptz,              -- the last bar that had been handled by then
  event       jsonb not null,
  recorded_at timestamptz not null default now(),
  primary key (session_id, seq)
);

create table session_decisions (
  session_id text not null references sessions (id),
  bar        timestamptz not null,
  symbol     text not null,
  decision   jsonb not null,
  signals    integer not null,          -- how many there are in it
  decided_at timestamptz not null default now(),
  primary key (session_id, bar, symbol)
);
create index session_decisions_signals on session_decisions (session_id, bar) where signals > 0;

create table session_orders (
  session_id       text not null references sessions (id),
  number           integer not null,
  version          integer not null,
  execution_id     text not null unique references executions (id),
  wanted           jsonb not null,
  state            text not null default 'open' check (state in ('open', 'working', 'ended')),
  cancel_requested boolean not null default false,
  taken            numeric not null default 0,     -- of its trades, what is in the journal: base
  fills            integer not null default 0,     -- how many trades that is
  bar              timestamptz,
  created_at       timestamptz not null default now(),
  ended_at         timestamptz,
  primary key (session_id, number, version)
);
create index session_orders_open on session_orders (session_id) where state <> 'ended';

create table session_trades (
  session_id  text not null references sessions (id),
  number      integer not null check (number > 0),  -- its place in the books
  trade       jsonb not null,
  entry_order integer,              -- null where a person did it
  exit_order  integer,
  closed_at   timestamptz not null default now(),
  primary key (session_id, number)
);

-- At the close of each bar that was handled.
create table session_equity (
  session_id text not null references sessions (id),
  bar        timestamptz not null,
  equity     double precision not null,
  cash       double precision not null,
  primary key (session_id, bar)
);

-- What people asked of sessions; a command that is repeated because its answer was lost is known by its key.
create table session_commands (
  session_id  text not null references sessions (id),
  key         text not null,
  command     jsonb not null,
  recorded_at timestamptz not null default now(),
  primary key (session_id, key)
);

-- A venue that replays candles has a market with a time of its own; its server's clock is that of everybody.
alter table venues add column market_time text not null default 'wall' check (market_time in ('wall', 'candles'));
