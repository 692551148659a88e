-- A stop that a venue has refused because the market had passed its trigger carries a code of ours since, and no longer the venue's words. What sessions have
-- on record of such refusals gets the same code, so that their books come to what they came to; and so do those that no session has taken in yet.
update session_journal set event = jsonb_set(event, '{problem,code}', '"TRIGGER_PASSED"')
where event->>'kind' = 'ended' and event->>'status' = 'failed'
  and event->'problem'->>'detail' ~* 'trigger(ed)? (immediately|at once)';
update executions set problem = jsonb_set(problem, '{code}', '"TRIGGER_PASSED"')
where owner like 'session/%' and status = 'failed' and problem->>'detail' ~* 'trigger(ed)? (immediately|at once)';
