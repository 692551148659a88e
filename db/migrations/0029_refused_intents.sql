-- As 0025 for what is on record of the order itself: a stop that was refused just before has its execution's end yet to come, and it comes with this code.
update intents i set problem = jsonb_set(i.problem, '{code}', '"TRIGGER_PASSED"')
from executions e
where e.id = i.execution_id and e.owner like 'session/%' and i.state = 'refused'
  and i.problem->>'detail' ~* 'trigger(ed)? (immediately|at once)';
