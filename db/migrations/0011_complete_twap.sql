-- Amendments of running executions, orders that wait at the touch, and which slice a child belongs to.

create table amendments (
  execution_id text not null references executions (id),
  number       integer not null check (number > 0),
  amendment    jsonb not null,          -- what holds from then on; executions.plan and .quantity stay what was asked for at first
  recorded_at  timestamptz not null default now(),
  primary key (execution_id, number)
);

-- Children up to this number shall be taken back, should they wait at the touch.
alter table executions add column withdrawn_child integer not null default 0;

alter table intents add column post_only boolean not null default false;

-- Children are counted through; until now their number was that of their slice, or above the last slice's for its further tries.
alter table decisions add column slice integer check (slice > 0);
update decisions d set slice = least(d.child, coalesce((e.plan -> 'params' ->> 'slices')::integer, d.child))
  from executions e where e.id = d.execution_id;
alter table decisions alter column slice set not null;
