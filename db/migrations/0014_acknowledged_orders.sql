-- When the venue had acknowledged or shown an order for us: balances that were asked for later show what it locks. NULL for older orders, whose
-- whole reserve goes on being held back.
alter table intents add column acknowledged_at timestamptz;
