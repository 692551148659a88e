-- The execution path: who asked for what, what was decided, what was sent, what traded.

create table venues (
  id          text primary key,
  exchange    text not null,
  label       text not null check (label in ('paper', 'live')),
  assumptions jsonb,
  health      jsonb,
  health_at   timestamptz,
  updated_at  timestamptz not null default now()
);

create table instruments (
  venue        text not null references venues (id),
  symbol       text not null,
  base         text not null,
  quote        text not null,
  tick         numeric not null check (tick > 0),
  lot          numeric not null check (lot > 0),
  min_quantity numeric not null,
  max_quantity numeric,
  min_notional numeric not null,
  updated_at   timestamptz not null default now(),
  primary key (venue, symbol)
);

create table api_keys (
  hash       text primary key,          -- SHA-256 of the key, hex: the key itself is never stored
  name       text not null unique,
  role       text not null check (role in ('viewer', 'operator', 'trader', 'admin')),
  created_at timestamptz not null default now()
);

create table executions (
  sequence       bigint generated always as identity unique,   -- order of acceptance, for paging
  id             text primary key,
  workflow_id    text not null unique,
  owner          text not null,
  plan           jsonb not null,
  algo           text not null,
  venue          text not null,
  symbol         text not null,
  side           text not null check (side in ('buy', 'sell')),
  quantity       numeric not null check (quantity > 0),
  base           text not null,
  quote          text not null,
  status         text not null default 'running'
                 check (status in ('running', 'paused', 'completed', 'cancelled', 'expired', 'failed')),
  problem        jsonb,
  decision_price numeric not null,
  decision_at    timestamptz not null,
  arrival_price  numeric,
  arrival_at     timestamptz,
  end_price      numeric,
  end_price_at   timestamptz,
  ended_at       timestamptz,
  market         jsonb,
  started        boolean not null default false,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now()
);
create index executions_not_started on executions (sequence) where not started;

create table idempotency_keys (
  owner        text not null,
  key          text not null,
  body_hash    text not null,
  execution_id text not null references executions (id),
  created_at   timestamptz not null default now(),
  primary key (owner, key)
);

create table decisions (
  execution_id text not null references executions (id),
  child        integer not null check (child > 0),
  attempt      integer not null check (attempt > 0),
  due_at       timestamptz not null,
  decided_at   timestamptz not null,
  target       numeric not null,
  action       text not null check (action in ('send', 'carry', 'deny')),
  reason       text,
  quantity     numeric not null,
  price        numeric,
  bid          numeric not null,
  ask          numeric not null,
  mid          numeric not null,
  primary key (execution_id, child, attempt)
);

create table intents (
  client_order_id text primary key,
  execution_id    text not null references executions (id),
  child           integer not null check (child > 0),
  attempt         integer not null check (attempt > 0),
  venue           text not null,
  symbol          text not null,
  side            text not null check (side in ('buy', 'sell')),
  price           numeric not null check (price > 0),
  quantity        numeric not null check (quantity > 0),
  mid             numeric not null,
  state           text not null default 'sending'
                  check (state in ('sending', 'working', 'filled', 'partially-filled', 'expired', 'cancelled', 'refused', 'not-placed')),
  reserve_asset   text not null,
  reserve_amount  numeric not null,
  signed_at       timestamptz not null,
  sent_at         timestamptz not null,
  not_after       timestamptz not null,
  venue_order_id  text,
  problem         jsonb,
  ended_at        timestamptz,
  unique (execution_id, child, attempt)
);
create index intents_unsettled on intents (venue) where state in ('sending', 'working');

create table fills (
  venue           text not null,
  symbol          text not null,
  trade_id        text not null,
  client_order_id text not null references intents (client_order_id),
  venue_order_id  text not null,
  side            text not null check (side in ('buy', 'sell')),
  price           numeric not null check (price > 0),
  quantity        numeric not null check (quantity > 0),
  fee             numeric not null,
  fee_asset       text not null,
  maker           boolean not null,
  traded_at       timestamptz not null,
  primary key (venue, symbol, trade_id)
);
create index fills_by_order on fills (client_order_id);

create table halts (
  id          uuid primary key default gen_random_uuid(),
  scope       text not null check (scope in ('all', 'venue', 'symbol')),
  target      text,
  reason      text not null,
  set_by      text not null,
  set_at      timestamptz not null default now(),
  lifted_by   text,
  lifted_at   timestamptz,
  lift_reason text,
  check ((scope = 'all') = (target is null))
);
create index halts_active on halts (scope, target) where lifted_at is null;

create table outbox (
  id      bigint generated always as identity primary key,
  kind    text not null,
  subject text not null,
  payload jsonb not null,
  at      timestamptz not null default now()
);
