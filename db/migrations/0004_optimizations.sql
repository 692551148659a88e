-- Optimisations: what was asked for, how far each is, a row for each combination, and what came of it.

create table optimizations (
  sequence    bigint generated always as identity unique,   -- the key of its rows; order of acceptance, for paging
  id          text primary key,
  workflow_id text not null unique,
  owner       text not null,
  request     json not null,        -- json and not jsonb: what goes out is what came in, to the order of its fields
  strategy    text not null,
  symbol      text not null,
  data_hash   text not null,        -- over all its bars: trials on the same data are counted together
  total       bigint not null,      -- combinations
  positions   bigint not null,      -- that they are spread over
  status      text not null default 'queued'
              check (status in ('queued', 'running', 'paused', 'completed', 'cancelled', 'failed')),
  runs        integer not null default 1,                   -- more than 1 when it was resumed after a failure
  problem     json,
  result      json,
  started     boolean not null default false,               -- whether the workflow of this run has been seen to start
  started_at  timestamptz,
  ended_at    timestamptz,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  check ((status = 'completed') = (result is not null))
);
create index optimizations_not_started on optimizations (sequence) where not started;
create index optimizations_data on optimizations (data_hash, sequence);

create table optimization_keys (
  owner           text not null,
  key             text not null,
  body_hash       text not null,
  optimization_id text not null references optimizations (id),
  created_at      timestamptz not null default now(),
  primary key (owner, key)
);

-- How far each chunk is: every combination at a position from from_position to next_position (not included) has its row.
create table optimization_chunks (
  optimization  bigint not null references optimizations (sequence),
  from_position bigint not null,
  to_position   bigint not null,
  next_position bigint not null,
  rows          bigint not null,            -- that it added
  busy_ms       double precision not null,  -- that threads worked on it
  best_position bigint,
  best_score    double precision,
  updated_at    timestamptz not null default now(),
  primary key (optimization, from_position, to_position)
);

-- One row a combination. No foreign key: rows come by the million.
create table optimization_rows (
  optimization bigint not null,
  position     bigint not null,
  combination  bigint not null,             -- its number in the space
  score        double precision,            -- by itself; null where it has none, or needs the others for it
  numbers      bytea not null,              -- doubles, little-endian; the request names them
  primary key (optimization, position)
);
alter table optimization_rows alter column numbers set storage external;

-- The order of a concluded job's combinations, and their scores in it.
create table optimization_ranks (
  optimization bigint not null,
  rank         bigint not null,             -- from 1
  position     bigint not null,
  score        double precision,
  primary key (optimization, rank),
  unique (optimization, position)
);
