-- Orders that rest at a price of their own, and stops. A row without a mode was written when there were only two: post_only says which.
alter table intents
  add column mode text check (mode in ('take', 'post-only', 'rest', 'stop')),
  add column stop_price numeric check (stop_price > 0),
  add constraint intents_stop_price check ((stop_price is not null) = (mode is not null and mode = 'stop'));
