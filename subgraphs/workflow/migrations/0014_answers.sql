-- A step that waits for the later answer to a tool's call goes on when the call has it, however they meet.
create index tool_calls_answered on workflow.tool_calls (organization_id, idempotency_key) where callback_at is not null;

create or replace function workflow.wake_due(p_limit int) returns table (organization_id uuid, run_id uuid)
language plpgsql security definer set search_path = workflow, pg_temp as $$
#variable_conflict use_column
declare
  due record;
begin
  for due in
    select w.organization_id, w.id, w.run_id, jsonb_build_object('timedOut', false, 'payload', t.callback) as payload, 'The answer came.' as summary
      from workflow.waits w join workflow.tool_calls t on t.organization_id = w.organization_id and t.idempotency_key = w.event_key
      where w.status = 'OPEN' and w.event_name = 'tool-answer' and t.callback_at is not null
    union all
    select w.organization_id, w.id, w.run_id, jsonb_build_object('timedOut', w.kind = 'EVENT', 'payload', null),
        case w.kind when 'EVENT' then 'The event did not come in time.' else 'The time has come.' end
      from workflow.waits w where w.status = 'OPEN' and w.wake_at <= clock_timestamp()
    union all
    select w.organization_id, w.id, w.run_id, jsonb_build_object('runId', c.id, 'status', c.status, 'output', c.output, 'failure', c.failure),
        'The run that it started has ended.'
      from workflow.waits w join workflow.runs c on c.organization_id = w.organization_id and c.id = w.child_run_id
      where w.status = 'OPEN' and w.kind = 'RUN' and c.status in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED')
    limit p_limit
  loop
    perform set_config('app.organization', due.organization_id::text, true), set_config('app.organizations', format('{%s}', due.organization_id), true);
    if workflow.end_wait(due.organization_id, due.id, due.payload, due.summary) then
      return query select due.organization_id, due.run_id;
    end if;
  end loop;
  perform set_config('app.organization', '', true), set_config('app.organizations', '', true);
end $$;
