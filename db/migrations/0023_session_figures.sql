-- What metrics count of sessions: bars that were decided, and how long after its close each was. A replay has recorded time: there is no such time.
alter table figure_steps drop constraint figure_steps_figure_check;
alter table figure_steps add constraint figure_steps_figure_check
  check (figure in ('execution', 'order', 'denial', 'lateness', 'bar', 'latency'));

create function step_session_decision() returns trigger language plpgsql as $$
begin
  insert into figure_steps (figure) values ('bar');
  if exists (select from sessions s join venues v on v.id = s.venue where s.id = new.session_id and v.market_time = 'wall') then
    insert into figure_steps (figure, seconds)
      values ('latency', greatest(0, extract(epoch from new.decided_at) - (new.decision->>'closedAt')::double precision / 1000));
  end if;
  return null;
end $$;
create trigger session_decisions_step after insert on session_decisions for each row execute function step_session_decision();
