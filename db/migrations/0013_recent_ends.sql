-- Orders that ended while balances were being used again: read with each order.
create index intents_by_end on intents (venue, ended_at);
