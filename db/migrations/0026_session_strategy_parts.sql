-- A user's strategy file and what it imports, [{name, version}], so that a session can say which of them has changed; none where it imports nothing.
alter table sessions add column strategy_parts jsonb not null default '[]';
