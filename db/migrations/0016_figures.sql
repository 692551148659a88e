-- What metrics count, without reading every order: each change writes a step in its own transaction, so that no two of them wait for one another, and
-- the API adds the steps up into totals.

create table figure_steps (
  figure  text not null check (figure in ('execution', 'order', 'denial', 'lateness')),
  label   text not null default '',      -- status of an execution, outcome of an order, code of a denial
  venue   text not null default '',      -- of an order
  count   integer not null default 1,
  seconds double precision not null default 0
);

create table figure_totals (
  figure  text not null,
  label   text not null,                 -- of a lateness: the least upper bound in seconds, 'Infinity' above all
  venue   text not null,
  count   bigint not null,
  seconds double precision not null,
  primary key (figure, label, venue)
);

create function step_execution() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    insert into figure_steps (figure, label, count) values ('execution', old.status, -1);
  end if;
  insert into figure_steps (figure, label) values ('execution', new.status);
  return null;
end $$;
create trigger executions_step_insert after insert on executions for each row execute function step_execution();
create trigger executions_step_update after update of status on executions for each row
  when (old.status is distinct from new.status) execute function step_execution();

create function step_denial() returns trigger language plpgsql as $$
begin
  insert into figure_steps (figure, label) values ('denial', coalesce(new.reason, 'UNKNOWN'));
  return null;
end $$;
create trigger decisions_step after insert on decisions for each row when (new.action = 'deny') execute function step_denial();

-- Orders without an outcome yet are few and counted when they are asked for.
create function step_outcome() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.state not in ('sending', 'working') then
    insert into figure_steps (figure, label, venue, count) values ('order', old.state, old.venue, -1);
  end if;
  if new.state not in ('sending', 'working') then
    insert into figure_steps (figure, label, venue) values ('order', new.state, new.venue);
  end if;
  return null;
end $$;
create trigger intents_step_insert after insert on intents for each row
  when (new.state not in ('sending', 'working')) execute function step_outcome();
create trigger intents_step_update after update of state on intents for each row
  when (old.state is distinct from new.state) execute function step_outcome();

-- Only the first order of a slice tells how late it was; children of a slice follow one another.
create function step_lateness() returns trigger language plpgsql as $$
declare
  own record;
  slice_before integer;
begin
  select slice, due_at into own from decisions
    where execution_id = new.execution_id and child = new.child and attempt = new.attempt;
  if not found then return null; end if;
  select d.slice into slice_before from intents i join decisions d using (execution_id, child, attempt)
    where i.execution_id = new.execution_id and (i.child, i.attempt) < (new.child, new.attempt)
    order by i.child desc, i.attempt desc limit 1;
  if slice_before is distinct from own.slice then
    insert into figure_steps (figure, seconds)
      values ('lateness', greatest(0, extract(epoch from new.sent_at - own.due_at)));
  end if;
  return null;
end $$;
create trigger intents_step_lateness after insert on intents for each row execute function step_lateness();

-- What has happened so far.
insert into figure_totals (figure, label, venue, count, seconds)
  select 'execution', status, '', count(*), 0 from executions group by status
  union all
  select 'denial', coalesce(reason, 'UNKNOWN'), '', count(*), 0 from decisions where action = 'deny' group by 2
  union all
  select 'order', state, venue, count(*), 0 from intents where state not in ('sending', 'working') group by state, venue;
insert into figure_steps (figure, seconds)
  select 'lateness', greatest(0, extract(epoch from min(i.sent_at - d.due_at)))
  from intents i join decisions d using (execution_id, child, attempt) group by execution_id, d.slice;
