-- The run table is its own queue: a worker takes queued and abandoned runs in the statement that leases them. Steps wait for people
-- (`reviews`), and for times, events and other runs (`waits`). Effects are kept by step and visit, with what is known of them.
alter table workflow.runs
  add column priority int not null default 0 check (priority between -100 and 100),
  -- Not before.
  add column run_after timestamptz not null default clock_timestamp(),
  -- What its models used: { tokens, costUsd }.
  add column spent jsonb not null default '{}',
  add column forked_from_id uuid,
  add column forked_checkpoint_id text,
  -- The run whose step waits for this one.
  add column parent_run_id uuid,
  -- How many runs led to this one.
  add column depth int not null default 0,
  add foreign key (organization_id, forked_from_id) references workflow.runs on delete set null (forked_from_id),
  add foreign key (organization_id, parent_run_id) references workflow.runs on delete set null (parent_run_id);
create index runs_queued on workflow.runs (priority desc, run_after, id) where status = 'QUEUED';
create index runs_by_origin on workflow.runs (organization_id, forked_from_id, id) where forked_from_id is not null;
create index runs_by_parent on workflow.runs (organization_id, parent_run_id) where parent_run_id is not null;
drop index workflow.runs_by_lease;
create index runs_by_lease on workflow.runs (lease_until) where status in ('RUNNING', 'RETRYING');

-- Whether the answer was given to the graph.
alter table workflow.reviews add column handed boolean not null default false;

create table workflow.waits (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid not null,
  interrupt_id text not null,
  checkpoint_id text not null,
  node text not null,
  kind text not null check (kind in ('TIME', 'EVENT', 'RUN')),
  -- When a TIME ends; when an EVENT is given up.
  wake_at timestamptz,
  event_name text,
  event_key text,
  child_run_id uuid,
  status text not null default 'OPEN' check (status in ('OPEN', 'DONE', 'WITHDRAWN')),
  payload jsonb,
  handed boolean not null default false,
  opened_at timestamptz not null default clock_timestamp(),
  done_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, run_id, interrupt_id),
  foreign key (organization_id, run_id) references workflow.runs on delete cascade
);
create index waits_due on workflow.waits (wake_at) where status = 'OPEN';
create index waits_by_event on workflow.waits (organization_id, event_name, event_key) where status = 'OPEN';
create index waits_by_child on workflow.waits (organization_id, child_run_id) where status = 'OPEN';

-- Of a body of a parallel map: which item.
alter table workflow.run_transitions add column item int;

alter table workflow.effects
  add column task text not null default '',
  add column state text not null default 'RECORDED' check (state in ('RECORDED', 'SETTLED', 'FAILED'));
update workflow.effects set state = 'SETTLED' where settled;
alter table workflow.effects drop column settled, drop constraint effects_pkey, add primary key (organization_id, run_id, task, key);

alter table workflow.waits enable row level security;
alter table workflow.waits force row level security;
create policy owner_all on workflow.waits to workflow_owner using (true) with check (true);
create policy app_read on workflow.waits for select to workflow_app using (organization_id = any ((select workflow.readable_organizations())::uuid[]));
create policy app_insert on workflow.waits for insert to workflow_app with check (organization_id = (select workflow.active_organization()));
create policy app_update on workflow.waits for update to workflow_app using (organization_id = (select workflow.active_organization()));
create policy app_delete on workflow.waits for delete to workflow_app using (organization_id = (select workflow.active_organization()));

drop function workflow.flush, workflow.lease_run, workflow.create_runs, workflow.abandoned_runs, workflow.extend_leases, workflow.advance;
-- pg-boss's, in a database that a former version made.
drop schema if exists queue cascade;

-- Moves a run on: changes what the patch names, gives the transitions their sequence numbers under the run's row lock, and appends the
-- event, all or nothing. SB001 = fenced: the run is no longer held under this epoch. A null epoch is for acts of people and triggers.
-- Listeners of events are told by the caller, once for many.
create function workflow.advance(p_organization uuid, p_run uuid, p_epoch int, p_patch jsonb, p_transitions jsonb) returns int
language plpgsql as $$
declare
  r record;
  added int := jsonb_array_length(p_transitions);
  first_seq int;
begin
  perform workflow.enter_tenant(p_organization);
  update workflow.runs set
    last_seq = last_seq + added,
    -- A run stands where its latest transition left it.
    status = coalesce(p_patch ->> 'status', p_transitions -> -1 ->> 'status', status),
    output = case when p_patch ? 'output' then nullif(p_patch -> 'output', 'null') else output end,
    failure = case when p_patch ? 'failure' then nullif(p_patch -> 'failure', 'null') else failure end,
    automated = case when p_patch ? 'automated' then (p_patch ->> 'automated')::boolean else automated end,
    started_at = coalesce(started_at, (p_patch ->> 'startedAt')::timestamptz),
    finished_at = case when p_patch ? 'finishedAt' then (p_patch ->> 'finishedAt')::timestamptz else finished_at end,
    attempts = coalesce(p_patch -> 'attempts', attempts),
    spent = coalesce(p_patch -> 'spent', spent),
    takeovers = takeovers + coalesce((p_patch ->> 'takeovers')::int, 0),
    checkpoint_id = case when p_patch ? 'checkpointId' then p_patch ->> 'checkpointId' else checkpoint_id end,
    epoch = epoch + coalesce((p_patch ->> 'epochs')::int, 0),
    lease_owner = case when p_patch ? 'leaseOwner' then p_patch ->> 'leaseOwner' else lease_owner end,
    lease_until = case when p_patch ? 'leaseMs' then clock_timestamp() + make_interval(secs => (p_patch ->> 'leaseMs')::float8 / 1000) else lease_until end,
    run_after = case when p_patch ? 'runAfter' then (p_patch ->> 'runAfter')::timestamptz else run_after end
  where organization_id = p_organization and id = p_run and (p_epoch is null or epoch = p_epoch)
  returning last_seq, id, case_id, workflow_id, version_id, trigger, production, queued_at, automated into r;
  if not found then
    raise exception 'the run is not held under epoch %', p_epoch using errcode = 'SB001';
  end if;
  if added = 0 then return r.last_seq; end if;
  first_seq := r.last_seq - added;
  insert into workflow.run_transitions (organization_id, run_id, seq, at, kind, status, node, item, agent, attempt, summary,
    duration_ms, checkpoint_id, state_diff, failure, usage, actor_kind, actor_id)
  select p_organization, p_run, first_seq + n, coalesce((t ->> 'at')::timestamptz, clock_timestamp()), t ->> 'kind', t ->> 'status', t ->> 'node',
    (t ->> 'item')::int, t ->> 'agent', (t ->> 'attempt')::int, t ->> 'summary', (t ->> 'durationMs')::float8, t ->> 'checkpointId', nullif(t -> 'stateDiff', 'null'),
    nullif(t -> 'failure', 'null'), nullif(t -> 'usage', 'null'), t -> 'actor' ->> 'kind', t -> 'actor' ->> 'id'
  from jsonb_array_elements(p_transitions) with ordinality as given (t, n);
  perform events.append_quietly(p_organization, 'run.advanced', jsonb_build_object(
    'runId', r.id, 'caseId', r.case_id, 'workflowId', r.workflow_id, 'versionId', r.version_id, 'trigger', r.trigger,
    'workflowSlug', (select slug from workflow.workflows w where w.organization_id = p_organization and w.id = r.workflow_id),
    'production', r.production, 'queuedAt', r.queued_at,
    'transitions', (select jsonb_agg(jsonb_build_object('seq', first_seq + n, 'at', coalesce((t ->> 'at')::timestamptz, clock_timestamp()),
        'kind', t ->> 'kind', 'status', t ->> 'status', 'node', t ->> 'node', 'attempt', (t ->> 'attempt')::int,
        'durationMs', (t ->> 'durationMs')::float8, 'failureCode', t -> 'failure' ->> 'code', 'usage', nullif(t -> 'usage', 'null'),
        'automated', case when t ->> 'kind' = 'SUCCEEDED' then r.automated end) order by n)
      from jsonb_array_elements(p_transitions) with ordinality as given (t, n))));
  return r.last_seq;
end $$;

-- Creates queued runs of one version with their first transition. An item whose idempotency key was seen before gives the first run
-- (created = false), and says whether its input was the same. Items: { input, caseId, idempotencyKey, tags, priority, runAfter, production,
-- parentRunId, depth, forkedFromId, forkedCheckpointId, summary }.
create function workflow.create_runs(p_organization uuid, p_workflow uuid, p_version uuid, p_trigger text, p_actor jsonb, p_items jsonb)
returns table (n int, run_id uuid, created boolean, same_input boolean)
language plpgsql as $$
#variable_conflict use_column
declare
  item record;
  new_id uuid;
begin
  perform workflow.enter_tenant(p_organization);
  for item in select * from jsonb_array_elements(p_items) with ordinality as given (value, position) loop
    new_id := uuidv7();
    insert into workflow.runs (organization_id, id, workflow_id, version_id, case_id, trigger, input, tags, idempotency_key, started_by_kind,
      started_by_id, priority, run_after, production, parent_run_id, depth, forked_from_id, forked_checkpoint_id)
    values (p_organization, new_id, p_workflow, p_version, coalesce(item.value ->> 'caseId', new_id::text), p_trigger, item.value -> 'input',
      array(select jsonb_array_elements_text(coalesce(nullif(item.value -> 'tags', 'null'), '[]'))), item.value ->> 'idempotencyKey', p_actor ->> 'kind',
      p_actor ->> 'id', coalesce((item.value ->> 'priority')::int, 0), coalesce((item.value ->> 'runAfter')::timestamptz, clock_timestamp()),
      coalesce((item.value ->> 'production')::boolean, true), (item.value ->> 'parentRunId')::uuid, coalesce((item.value ->> 'depth')::int, 0),
      (item.value ->> 'forkedFromId')::uuid, item.value ->> 'forkedCheckpointId')
    on conflict (organization_id, workflow_id, idempotency_key) where idempotency_key is not null do nothing;
    if found then
      perform workflow.advance(p_organization, new_id, null, '{}', jsonb_build_array(jsonb_build_object(
        'kind', 'QUEUED', 'status', 'QUEUED', 'actor', p_actor,
        'summary', coalesce(item.value ->> 'summary', 'The request was received and waits for a worker.'))));
      return query select item.position::int, new_id, true, true;
    else
      return query select item.position::int, id, false, input = item.value -> 'input' from workflow.runs
        where organization_id = p_organization and workflow_id = p_workflow and idempotency_key = item.value ->> 'idempotencyKey';
    end if;
  end loop;
end $$;

-- Security definer, across tenants: takes up to so many runs for execution, those whose holder is gone first, then the queue in its order,
-- and returns all that the executor needs. Leased in this statement: nobody else gets them.
create function workflow.take_runs(p_owner text, p_lease_ms int, p_limit int)
returns table (organization_id uuid, run jsonb, definition jsonb, slug text, checkpoint jsonb, checkpoint_data bytea, metadata bytea, writes jsonb,
  interrupts jsonb, effects jsonb)
language plpgsql security definer set search_path = workflow, pg_temp as $$
#variable_conflict use_column
declare
  wanted record;
  taken int := 0;
  kind text;
begin
  for wanted in
    (select r.organization_id, r.id from workflow.runs r
      where r.status in ('RUNNING', 'RETRYING') and r.lease_until < clock_timestamp()
      order by r.lease_until limit p_limit for update skip locked)
  loop
    taken := taken + 1;
    return query select * from workflow.take_run(wanted.organization_id, wanted.id, p_owner, p_lease_ms, 'RECOVERED');
  end loop;
  for wanted in
    (select r.organization_id, r.id, r.checkpoint_id from workflow.runs r
      where r.status = 'QUEUED' and r.run_after <= clock_timestamp()
      order by r.priority desc, r.run_after, r.id limit p_limit - taken for update skip locked)
  loop
    return query select * from workflow.take_run(wanted.organization_id, wanted.id, p_owner, p_lease_ms,
      case when wanted.checkpoint_id is null then 'STARTED' else 'RESUMED' end);
  end loop;
  perform set_config('app.organization', '', true), set_config('app.organizations', '', true);
end $$;

-- Part of `take_runs`: leases one run that it has locked.
create function workflow.take_run(p_organization uuid, p_run uuid, p_owner text, p_lease_ms int, p_kind text)
returns table (organization_id uuid, run jsonb, definition jsonb, slug text, checkpoint jsonb, checkpoint_data bytea, metadata bytea, writes jsonb,
  interrupts jsonb, effects jsonb)
language plpgsql as $$
#variable_conflict use_column
begin
  perform set_config('app.organization', p_organization::text, true), set_config('app.organizations', format('{%s}', p_organization), true);
  perform workflow.advance(p_organization, p_run, null,
    jsonb_build_object('leaseOwner', p_owner, 'leaseMs', p_lease_ms, 'epochs', 1, 'startedAt', clock_timestamp(),
      'takeovers', case when p_kind = 'RECOVERED' then 1 else 0 end),
    jsonb_build_array(jsonb_build_object('kind', p_kind, 'status', 'RUNNING', 'summary', case p_kind
      when 'RECOVERED' then 'The worker stopped unexpectedly; another one goes on from the last saved step.'
      when 'STARTED' then 'A worker started on the request.'
      else 'A worker goes on from the last saved step.' end)));
  update workflow.reviews set handed = true where organization_id = p_organization and run_id = p_run and status in ('DECIDED', 'EXPIRED') and not handed;
  update workflow.waits set handed = true where organization_id = p_organization and run_id = p_run and status = 'DONE' and not handed;
  return query
    select p_organization, to_jsonb(r) - 'search', v.definition, w.slug,
      case when c.id is not null then jsonb_build_object('id', c.id, 'parentId', c.parent_id, 'type', c.type, 'metadataType', c.metadata_type) end,
      c.data, c.metadata,
      (select jsonb_agg(jsonb_build_object('taskId', p.task_id, 'idx', p.idx, 'path', p.task_path, 'channel', p.channel, 'type', p.type,
          'data', encode(p.data, 'base64')))
        from checkpoint.writes p where p.organization_id = p_organization and p.run_id = p_run and p.namespace = '' and p.checkpoint_id = c.id),
      (select jsonb_agg(i) from (
        select jsonb_build_object('interruptId', d.interrupt_id, 'node', d.node, 'answered', d.status in ('DECIDED', 'EXPIRED'), 'answer', jsonb_build_object(
            'reviewId', d.id, 'action', coalesce(d.decision_action, 'EXPIRE'), 'value', d.decision_value, 'comment', d.decision_comment,
            'decidedBy', d.decided_by_id)) as i
          from workflow.reviews d where d.organization_id = p_organization and d.run_id = p_run and d.checkpoint_id = c.id and d.status <> 'WITHDRAWN'
        union all
        select jsonb_build_object('interruptId', t.interrupt_id, 'node', t.node, 'answered', t.status = 'DONE', 'answer', t.payload)
          from workflow.waits t where t.organization_id = p_organization and t.run_id = p_run and t.checkpoint_id = c.id and t.status <> 'WITHDRAWN') waiting),
      (select jsonb_agg(jsonb_build_object('task', e.task, 'key', e.key, 'state', e.state, 'result', e.result))
        from workflow.effects e where e.organization_id = p_organization and e.run_id = p_run)
    from workflow.runs r
    join workflow.workflow_versions v on v.organization_id = p_organization and v.id = r.version_id
    join workflow.workflows w on w.organization_id = p_organization and w.id = r.workflow_id
    left join checkpoint.checkpoints c on c.organization_id = p_organization and c.run_id = p_run and c.namespace = '' and c.id = r.checkpoint_id
    where r.organization_id = p_organization and r.id = p_run;
end $$;

-- One flush of the executor: checkpoints, the writes that wait on one, reviews and waits that open, effects, and the transitions that explain
-- them. Fenced like `advance`: nothing is kept when the epoch is not the run's. `p_data` holds the checkpoints' data and metadata in turn.
create function workflow.flush(p_organization uuid, p_run uuid, p_epoch int, p_patch jsonb, p_transitions jsonb,
  p_checkpoints jsonb default null, p_data bytea[] default null, p_writes jsonb default null, p_write_data bytea[] default null,
  p_reviews jsonb default null, p_waits jsonb default null, p_effects jsonb default null)
returns int language plpgsql as $$
declare
  seq int;
begin
  seq := workflow.advance(p_organization, p_run, p_epoch, p_patch, p_transitions);
  if p_checkpoints is not null then
    insert into checkpoint.checkpoints (organization_id, run_id, namespace, id, parent_id, step, source, type, data, metadata_type, metadata)
    select p_organization, p_run, c ->> 'namespace', c ->> 'id', c ->> 'parentId', (c ->> 'step')::int, c ->> 'source', c ->> 'type', p_data[2 * n - 1],
      c ->> 'metadataType', p_data[2 * n]
    from jsonb_array_elements(p_checkpoints) with ordinality as given (c, n)
    on conflict (organization_id, run_id, namespace, id) do update set type = excluded.type, data = excluded.data,
      metadata_type = excluded.metadata_type, metadata = excluded.metadata;
  end if;
  if p_writes is not null then
    insert into checkpoint.writes (organization_id, run_id, namespace, checkpoint_id, task_id, idx, task_path, channel, type, data)
    select p_organization, p_run, w ->> 'namespace', w ->> 'checkpointId', w ->> 'taskId', (w ->> 'idx')::int, w ->> 'path', w ->> 'channel',
      w ->> 'type', p_write_data[n]
    from jsonb_array_elements(p_writes) with ordinality as given (w, n)
    on conflict (organization_id, run_id, namespace, checkpoint_id, task_id, idx) do update set channel = excluded.channel,
      type = excluded.type, data = excluded.data, task_path = excluded.task_path where excluded.idx < 0;
  end if;
  if p_reviews is not null then
    insert into workflow.reviews (organization_id, run_id, workflow_id, interrupt_id, checkpoint_id, node, question, proposal, evidence, confidence,
      allowed_actions, response_schema, assignee_id, due_at)
    select p_organization, p_run, workflow_id, v ->> 'interruptId', v ->> 'checkpointId', v ->> 'node', v ->> 'question', v -> 'proposal',
      coalesce(v -> 'evidence', '[]'), (v ->> 'confidence')::float8, array(select jsonb_array_elements_text(v -> 'allowedActions')),
      nullif(v -> 'responseSchema', 'null'), v ->> 'assignee', (v ->> 'dueAt')::timestamptz
    from workflow.runs, jsonb_array_elements(p_reviews) as v where organization_id = p_organization and id = p_run
    on conflict (organization_id, run_id, interrupt_id) do nothing;
  end if;
  if p_waits is not null then
    insert into workflow.waits (organization_id, run_id, interrupt_id, checkpoint_id, node, kind, wake_at, event_name, event_key, child_run_id)
    select p_organization, p_run, w ->> 'interruptId', w ->> 'checkpointId', w ->> 'node', w ->> 'kind', (w ->> 'wakeAt')::timestamptz, w ->> 'eventName',
      w ->> 'eventKey', (w ->> 'childRunId')::uuid
    from jsonb_array_elements(p_waits) as w
    on conflict (organization_id, run_id, interrupt_id) do nothing;
  end if;
  if p_effects is not null then
    insert into workflow.effects (organization_id, run_id, task, key, kind, state, result, settled_at)
    select p_organization, p_run, e ->> 'task', e ->> 'key', e ->> 'kind', e ->> 'state', nullif(e -> 'result', 'null'),
      case when e ->> 'state' = 'SETTLED' then clock_timestamp() end
    from jsonb_array_elements(p_effects) as e
    on conflict (organization_id, run_id, task, key) do update set state = excluded.state, result = excluded.result, settled_at = excluded.settled_at;
  end if;
  return seq;
end $$;

-- The graph stopped at questions: the run waits, its worker is released. An answer that came meanwhile, or a child run that has ended,
-- queues it at once. Returns whether it was queued.
create function workflow.park_run(p_organization uuid, p_run uuid, p_epoch int) returns boolean language plpgsql as $$
declare
  answered boolean;
  for_person boolean;
begin
  perform workflow.enter_tenant(p_organization);
  perform 1 from workflow.runs where organization_id = p_organization and id = p_run for update;
  select exists (select from workflow.reviews where organization_id = p_organization and run_id = p_run and status in ('DECIDED', 'EXPIRED') and not handed)
    or exists (select from workflow.waits where organization_id = p_organization and run_id = p_run and status = 'DONE' and not handed) into answered;
  for_person := exists (select from workflow.reviews where organization_id = p_organization and run_id = p_run and status = 'OPEN');
  perform workflow.advance(p_organization, p_run, p_epoch, jsonb_build_object('leaseOwner', null, 'attempts', '{}'::jsonb),
    jsonb_build_array(case
      when answered then '{"kind": "QUEUED", "status": "QUEUED", "summary": "An answer is there already; a worker goes on."}'::jsonb
      when for_person then '{"kind": "WAITING", "status": "WAITING_FOR_REVIEW", "summary": "Waits for a person."}'
      else '{"kind": "WAITING", "status": "WAITING", "summary": "Waits for what comes next."}' end));
  return answered;
end $$;

-- Ends a wait with what it brought, and queues its run when that has nothing else to do. Returns whether it was open.
create function workflow.end_wait(p_organization uuid, p_wait uuid, p_payload jsonb, p_summary text) returns boolean language plpgsql as $$
declare
  waiting record;
  stands text;
begin
  perform workflow.enter_tenant(p_organization);
  select w.run_id into waiting from workflow.waits w where w.organization_id = p_organization and w.id = p_wait;
  if not found then return false; end if;
  -- The run's row first, as everywhere.
  select status into stands from workflow.runs where organization_id = p_organization and id = waiting.run_id for update;
  update workflow.waits set status = 'DONE', payload = p_payload, done_at = clock_timestamp()
  where organization_id = p_organization and id = p_wait and status = 'OPEN';
  if not found then return false; end if;
  if stands in ('WAITING', 'WAITING_FOR_REVIEW') then
    perform workflow.advance(p_organization, waiting.run_id, null, '{}', jsonb_build_array(jsonb_build_object('kind', 'QUEUED', 'status', 'QUEUED', 'summary', p_summary)));
  end if;
  return true;
end $$;

-- Security definer, across tenants: ends the waits whose time has come, and those whose child run has ended. Returns the runs that moved.
create function workflow.wake_due(p_limit int) returns table (organization_id uuid, run_id uuid)
language plpgsql security definer set search_path = workflow, pg_temp as $$
#variable_conflict use_column
declare
  due record;
begin
  for due in
    select w.organization_id, w.id, w.run_id, jsonb_build_object('timedOut', w.kind = 'EVENT', 'payload', null) as payload,
        case w.kind when 'EVENT' then 'The event did not come in time.' else 'The time has come.' end as summary
      from workflow.waits w where w.status = 'OPEN' and w.wake_at <= clock_timestamp()
      order by w.wake_at limit p_limit
  loop
    perform set_config('app.organization', due.organization_id::text, true), set_config('app.organizations', format('{%s}', due.organization_id), true);
    if workflow.end_wait(due.organization_id, due.id, due.payload, due.summary) then
      return query select due.organization_id, due.run_id;
    end if;
  end loop;
  for due in
    select w.organization_id, w.id, w.run_id, jsonb_build_object('runId', c.id, 'status', c.status, 'output', c.output, 'failure', c.failure) as payload
      from workflow.waits w join workflow.runs c on c.organization_id = w.organization_id and c.id = w.child_run_id
      where w.status = 'OPEN' and w.kind = 'RUN' and c.status in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED') limit p_limit
  loop
    perform set_config('app.organization', due.organization_id::text, true), set_config('app.organizations', format('{%s}', due.organization_id), true);
    if workflow.end_wait(due.organization_id, due.id, due.payload, 'The run that it started has ended.') then
      return query select due.organization_id, due.run_id;
    end if;
  end loop;
  perform set_config('app.organization', '', true), set_config('app.organizations', '', true);
end $$;

-- Security definer, across tenants: the worker extends the leases that it holds; returns those that are still its own.
create function workflow.extend_leases(p_owner text, p_runs uuid[], p_lease_ms int) returns table (run_id uuid)
language sql security definer set search_path = workflow, pg_temp as $$
  update workflow.runs set lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
  where id = any (p_runs) and lease_owner = p_owner and status in ('RUNNING', 'RETRYING')
  returning id
$$;

-- Security definer, across tenants: deletes saved states, and runs, of which their version's retention says that they go; the last saved
-- state of a run stays as long as the run. Returns how many rows went.
create function workflow.prune(p_limit int) returns int
language plpgsql security definer set search_path = workflow, pg_temp as $$
declare
  states int;
  runs int;
begin
  with old as materialized (
    select c.organization_id, c.run_id, c.namespace, c.id from checkpoint.checkpoints c
    join workflow.runs r on r.organization_id = c.organization_id and r.id = c.run_id
    join workflow.workflow_versions v on v.organization_id = r.organization_id and v.id = r.version_id
    where r.finished_at < clock_timestamp() - make_interval(secs => coalesce((v.definition #>> '{retention,checkpointDays}')::float8, 30) * 86400)
      and c.id is distinct from r.checkpoint_id limit p_limit
  ), written as (
    delete from checkpoint.writes w using old where w.organization_id = old.organization_id and w.run_id = old.run_id and w.namespace = old.namespace
      and w.checkpoint_id = old.id
  ), gone as (
    delete from checkpoint.checkpoints c using old where c.organization_id = old.organization_id and c.run_id = old.run_id and c.namespace = old.namespace
      and c.id = old.id returning 1
  )
  select count(*) into states from gone;
  with gone as (
    delete from workflow.runs r where (r.organization_id, r.id) in (
      select o.organization_id, o.id from workflow.runs o
      join workflow.workflow_versions v on v.organization_id = o.organization_id and v.id = o.version_id
      where o.finished_at < clock_timestamp() - make_interval(secs => (v.definition #>> '{retention,runDays}')::float8 * 86400) limit p_limit)
    returning 1
  )
  select count(*) into runs from gone;
  return states + runs;
end $$;

grant execute on function workflow.advance, workflow.create_runs, workflow.take_runs, workflow.flush, workflow.park_run, workflow.end_wait, workflow.wake_due,
  workflow.extend_leases, workflow.prune to workflow_app;
revoke execute on function workflow.take_run from workflow_app;

-- The saved states of a run, newest first, for the graph: all, those of one namespace, one, or those before one.
create function workflow.read_checkpoints(p_organization uuid, p_run uuid, p_namespace text, p_id text, p_before text, p_limit int)
returns table (namespace text, id text, parent_id text, type text, data bytea, metadata_type text, metadata bytea, writes jsonb)
language plpgsql as $$
#variable_conflict use_column
begin
  perform workflow.enter_tenant(p_organization);
  return query
    select c.namespace, c.id, c.parent_id, c.type, c.data, c.metadata_type, c.metadata,
      (select jsonb_agg(jsonb_build_object('taskId', p.task_id, 'idx', p.idx, 'path', p.task_path, 'channel', p.channel, 'type', p.type,
          'data', encode(p.data, 'base64')))
        from checkpoint.writes p where p.organization_id = p_organization and p.run_id = p_run and p.namespace = c.namespace and p.checkpoint_id = c.id)
    from checkpoint.checkpoints c
    where c.organization_id = p_organization and c.run_id = p_run and (p_namespace is null or c.namespace = p_namespace)
      and (p_id is null or c.id = p_id) and (p_before is null or c.id < p_before)
    order by c.id desc limit p_limit;
end $$;

create function workflow.clear_checkpoints(p_organization uuid, p_run uuid) returns void language plpgsql as $$
begin
  perform workflow.enter_tenant(p_organization);
  delete from checkpoint.writes where organization_id = p_organization and run_id = p_run;
  delete from checkpoint.checkpoints where organization_id = p_organization and run_id = p_run;
end $$;

grant execute on function workflow.read_checkpoints, workflow.clear_checkpoints to workflow_app;
