-- Keys that can be revoked, events that clients follow, orders in pages.

alter table api_keys add column created_by text;          -- name of the key that made it; null for that of admin.key
alter table api_keys add column revoked_at timestamptz;   -- a revoked key stays, so that nobody gets its name, and with it what it started
alter table api_keys add column revoked_by text;

-- Wakes whoever follows events; without it they ask once a second.
create function notify_outbox() returns trigger language plpgsql as $$
begin
  perform pg_notify('outbox', '');
  return null;
end $$;
create trigger outbox_notify after insert on outbox for each statement execute function notify_outbox();

-- Up to which id events were forgotten.
create table outbox_pruned (
  only_row boolean primary key default true check (only_row),
  through  bigint not null
);

-- The order in which intents were written down, for paging.
alter table intents add column sequence bigint generated always as identity unique;
