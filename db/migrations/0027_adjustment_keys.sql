-- Adjustments of sessions by the idempotency key that they were sent with: sent once more, one is not booked twice.
create table session_adjustment_keys (
  owner      text not null,
  key        text not null,
  body_hash  text not null,            -- SHA-256 of the request, hex
  session_id text not null,
  seq        integer not null,         -- of its entry in the session's journal
  created_at timestamptz not null default now(),
  primary key (owner, key),
  foreign key (session_id, seq) references session_journal (session_id, seq)
);
