-- What happens on a venue account without us, and what each reconciliation found.

-- Trades of the account that belong to no order of ours. One that turns out to be ours is stored in fills and counts there alone.
create table foreign_trades (
  sequence        bigint generated always as identity unique,
  venue           text not null,
  symbol          text not null,
  trade_id        text not null,
  client_order_id text,
  venue_order_id  text not null,
  side            text not null check (side in ('buy', 'sell')),
  price           numeric not null check (price > 0),
  quantity        numeric not null check (quantity > 0),
  fee             numeric not null,
  fee_asset       text not null,
  maker           boolean not null,
  traded_at       timestamptz not null,
  seen_at         timestamptz not null default now(),
  primary key (venue, symbol, trade_id)
);
create index foreign_trades_by_time on foreign_trades (venue, traded_at);

-- Orders that were seen open and are none of ours: reported, never touched.
create table foreign_orders (
  sequence        bigint generated always as identity unique,
  venue           text not null,
  symbol          text not null,
  venue_order_id  text not null,
  client_order_id text,
  side            text not null check (side in ('buy', 'sell')),
  price           numeric,
  quantity        numeric not null,
  filled          numeric not null,
  accepted_at     timestamptz,
  first_seen_at   timestamptz not null default now(),
  last_seen_at    timestamptz not null default now(),
  closed_at       timestamptz,                -- when it was first seen open no more
  primary key (venue, symbol, venue_order_id)
);
create index foreign_orders_open on foreign_orders (venue) where closed_at is null;

create table reconciliations (
  sequence     bigint generated always as identity primary key,
  venue        text not null,
  cause        text not null check (cause in ('start', 'janitor')),
  started_at   timestamptz not null,
  ended_at     timestamptz not null,
  looked_back_ms bigint not null,             -- how far back orders and trades were compared
  findings     jsonb not null,                -- what was done and found, in numbers
  differences  jsonb not null,                -- amounts by asset that neither our fills nor foreign trades explain
  balances     jsonb,                         -- amounts by asset that the next one compares with; null when they could not be settled
  cut          jsonb                          -- the last trade that those balances contain
);
create index reconciliations_by_venue on reconciliations (venue, sequence);

-- The gate's limits as the owner of an account has set them, for people to see.
alter table venues add column limits jsonb;

-- Orders of an account by their time, for the order rate; fills of an account by theirs, for its balances.
create index intents_by_time on intents (venue, sent_at);
create index intents_by_venue_order on intents (venue, symbol, venue_order_id);
create index fills_by_time on fills (venue, traded_at);

-- Whether a refused order may be asked for again: the answer to it can be lost, and a lasting refusal must not look like a passing one.
alter table intents add column retryable boolean not null default true;

-- The order in which halts were set, for paging.
alter table halts add column sequence bigint generated always as identity unique;
