-- Market-data streams: who keeps those of a venue, how each stands, and what is kept of them.

-- One row for each venue account: the number of the process that keeps its streams now. Rows below are written only under the newest number.
create table stream_sessions (
  venue      text primary key,
  session    bigint not null,
  started_at timestamptz not null default now()
);

create table stream_health (
  venue       text not null,
  kind        text not null check (kind in ('order-book', 'trades', 'bids-asks', 'candles', 'orders', 'my-trades', 'balance')),
  symbol      text not null default '',   -- '' for streams of the whole account
  timeframe   text not null default '',   -- '' for streams that are not of candles
  status      text not null check (status in ('connecting', 'live', 'stale', 'down')),
  exchange_at timestamptz,                -- the venue's time of the last message that bore one
  received_at timestamptz,                -- our time of the last message
  messages    bigint not null,
  gaps        bigint not null,
  reconnects  bigint not null,
  stale       bigint not null,
  last_error  text,
  updated_at  timestamptz not null default now(),
  primary key (venue, kind, symbol, timeframe)
);

-- The public tape by whole seconds of exchange time.
create table live_tape (
  venue    text not null,
  symbol   text not null,
  second   bigint not null,               -- exchange time, seconds since 1970
  quantity numeric not null,
  prints   integer not null,
  primary key (venue, symbol, second)
);

-- What is known without a hole: of the tape of a symbol (timeframe '') and of its closed candles.
create table stream_coverage (
  venue          text not null,
  symbol         text not null,
  timeframe      text not null default '',
  complete_from  timestamptz not null,
  complete_until timestamptz not null,
  next_id        bigint,                  -- of the tape: the first print that is to be read again
  updated_at     timestamptz not null default now(),
  primary key (venue, symbol, timeframe)
);

create table closed_candles (
  venue     text not null,
  symbol    text not null,
  timeframe text not null,
  open_at   timestamptz not null,
  open      double precision not null,
  high      double precision not null,
  low       double precision not null,
  close     double precision not null,
  volume    double precision not null,
  primary key (venue, symbol, timeframe, open_at)
);

-- Symbols to watch are asked for every few seconds.
create index executions_active on executions (venue) where status in ('running', 'paused');
