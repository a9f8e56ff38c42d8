-- What the engine does in one statement each. All run with the caller's rights, under its policies, except those that say otherwise.

-- Sets the tenant for the rest of the transaction (for a single call: of the statement). A transaction never changes its tenant.
create function workflow.enter_tenant(p_organization uuid) returns void language plpgsql as $$
begin
  if workflow.active_organization() is null then
    perform set_config('app.organization', p_organization::text, true), set_config('app.organizations', format('{%s}', p_organization), true);
  elsif workflow.active_organization() <> p_organization then
    raise insufficient_privilege using message = 'the transaction acts for another organisation';
  end if;
end $$;

-- Moves a run on: changes what the patch names, gives the transitions their sequence numbers under the run's row lock, and appends the
-- event, all or nothing. SB001 = fenced: the run is no longer held under this epoch. A null epoch is for acts of people and triggers.
create function workflow.advance(p_organization uuid, p_run uuid, p_epoch int, p_patch jsonb, p_transitions jsonb) returns int
language plpgsql as $$
declare
  r workflow.runs;
  first_seq int;
begin
  perform workflow.enter_tenant(p_organization);
  update workflow.runs set
    last_seq = last_seq + jsonb_array_length(p_transitions),
    -- A run stands where its latest transition left it.
    status = coalesce(p_patch ->> 'status', p_transitions -> -1 ->> 'status', status),
    output = case when p_patch ? 'output' then nullif(p_patch -> 'output', 'null') else output end,
    failure = case when p_patch ? 'failure' then nullif(p_patch -> 'failure', 'null') else failure end,
    automated = case when p_patch ? 'automated' then (p_patch ->> 'automated')::boolean else automated end,
    started_at = coalesce(started_at, (p_patch ->> 'startedAt')::timestamptz),
    finished_at = case when p_patch ? 'finishedAt' then (p_patch ->> 'finishedAt')::timestamptz else finished_at end,
    attempts = coalesce(p_patch -> 'attempts', attempts),
    takeovers = takeovers + coalesce((p_patch ->> 'takeovers')::int, 0),
    checkpoint_id = coalesce(p_patch ->> 'checkpointId', checkpoint_id),
    epoch = epoch + coalesce((p_patch ->> 'epochs')::int, 0),
    lease_owner = case when p_patch ? 'leaseOwner' then p_patch ->> 'leaseOwner' else lease_owner end,
    lease_until = case when p_patch ? 'leaseMs' then clock_timestamp() + make_interval(secs => (p_patch ->> 'leaseMs')::float8 / 1000) else lease_until end
  where organization_id = p_organization and id = p_run and (p_epoch is null or epoch = p_epoch)
  returning * into r;
  if not found then
    raise exception 'the run is not held under epoch %', p_epoch using errcode = 'SB001';
  end if;
  if jsonb_array_length(p_transitions) = 0 then return r.last_seq; end if;
  first_seq := r.last_seq - jsonb_array_length(p_transitions);
  insert into workflow.run_transitions (organization_id, run_id, seq, at, kind, status, node, agent, attempt, summary, duration_ms,
    checkpoint_id, state_diff, failure, usage, actor_kind, actor_id)
  select p_organization, p_run, first_seq + n, coalesce((t ->> 'at')::timestamptz, clock_timestamp()), t ->> 'kind', t ->> 'status', t ->> 'node',
    t ->> 'agent', (t ->> 'attempt')::int, t ->> 'summary', (t ->> 'durationMs')::float8, t ->> 'checkpointId', nullif(t -> 'stateDiff', 'null'),
    nullif(t -> 'failure', 'null'), nullif(t -> 'usage', 'null'), t -> 'actor' ->> 'kind', t -> 'actor' ->> 'id'
  from jsonb_array_elements(p_transitions) with ordinality as given (t, n);
  perform events.append(p_organization, 'run.advanced', jsonb_build_object(
    'runId', r.id, 'caseId', r.case_id, 'workflowId', r.workflow_id, 'versionId', r.version_id, 'trigger', r.trigger,
    'workflowSlug', (select slug from workflow.workflows w where w.organization_id = p_organization and w.id = r.workflow_id),
    'production', r.production, 'queuedAt', r.queued_at,
    'transitions', (select jsonb_agg(jsonb_build_object('seq', s.seq, 'at', s.at, 'kind', s.kind, 'status', s.status, 'node', s.node,
        'attempt', s.attempt, 'durationMs', s.duration_ms, 'failureCode', s.failure ->> 'code', 'usage', s.usage,
        'automated', case when s.kind = 'SUCCEEDED' then r.automated end) order by s.seq)
      from workflow.run_transitions s where s.organization_id = p_organization and s.run_id = p_run and s.seq > first_seq)));
  return r.last_seq;
end $$;

-- Creates queued runs of one version with their first transition. An item whose idempotency key was seen before gives the first run
-- (created = false), and says whether its input was the same.
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
      started_by_id, lease_until)
    values (p_organization, new_id, p_workflow, p_version, coalesce(item.value ->> 'caseId', new_id::text), p_trigger, item.value -> 'input',
      array(select jsonb_array_elements_text(coalesce(item.value -> 'tags', '[]'))), item.value ->> 'idempotencyKey', p_actor ->> 'kind',
      p_actor ->> 'id', clock_timestamp() + interval '10 seconds')
    on conflict (organization_id, workflow_id, idempotency_key) where idempotency_key is not null do nothing;
    if found then
      perform workflow.advance(p_organization, new_id, null, '{}', jsonb_build_array(jsonb_build_object(
        'kind', 'QUEUED', 'status', 'QUEUED', 'summary', 'The request was received and waits for a worker.', 'actor', p_actor)));
      return query select item.position::int, new_id, true, true;
    else
      return query select item.position::int, id, false, input = item.value -> 'input' from workflow.runs
        where organization_id = p_organization and workflow_id = p_workflow and idempotency_key = item.value ->> 'idempotencyKey';
    end if;
  end loop;
end $$;

-- Takes a run for execution and returns all that the executor needs, or nothing when the run is not to be executed now or somebody
-- else holds it. A run that was held and not released is taken over once its lease has ended.
create function workflow.lease_run(p_organization uuid, p_run uuid, p_owner text, p_lease_ms int)
returns table (run jsonb, definition jsonb, slug text, checkpoint_type text, checkpoint bytea, metadata_type text, metadata bytea,
  parent_id text, writes jsonb, reviews jsonb, effects jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
  r workflow.runs;
  kind text;
  summary text;
begin
  perform workflow.enter_tenant(p_organization);
  select * into r from workflow.runs where organization_id = p_organization and id = p_run for update;
  if not found or r.status not in ('QUEUED', 'RUNNING', 'RETRYING') or (r.status <> 'QUEUED' and r.lease_until > clock_timestamp()) then
    return;
  end if;
  if r.status <> 'QUEUED' then
    kind := 'RECOVERED'; summary := 'The worker stopped unexpectedly; another one goes on from the last saved step.';
  elsif r.checkpoint_id is null then
    kind := 'STARTED'; summary := 'A worker started on the request.';
  else
    kind := 'RESUMED'; summary := 'A worker goes on from the last saved step.';
  end if;
  perform workflow.advance(p_organization, p_run, null,
    jsonb_build_object('status', 'RUNNING', 'leaseOwner', p_owner, 'leaseMs', p_lease_ms, 'epochs', 1, 'startedAt', clock_timestamp(),
      'takeovers', case when kind = 'RECOVERED' then 1 else 0 end),
    jsonb_build_array(jsonb_build_object('kind', kind, 'status', 'RUNNING', 'summary', summary)));
  return query
    select to_jsonb(now_run) - 'search', v.definition, w.slug, c.type, c.data, c.metadata_type, c.metadata, c.parent_id,
      (select jsonb_agg(jsonb_build_object('taskId', p.task_id, 'idx', p.idx, 'path', p.task_path, 'channel', p.channel, 'type', p.type,
          'data', encode(p.data, 'base64')))
        from checkpoint.writes p where p.organization_id = p_organization and p.run_id = p_run and p.namespace = '' and p.checkpoint_id = c.id),
      (select jsonb_agg(jsonb_build_object('id', d.id, 'interruptId', d.interrupt_id, 'checkpointId', d.checkpoint_id, 'status', d.status,
          'action', d.decision_action, 'value', d.decision_value, 'comment', d.decision_comment))
        from workflow.reviews d where d.organization_id = p_organization and d.run_id = p_run),
      (select jsonb_object_agg(e.key, jsonb_build_object('settled', e.settled, 'result', e.result))
        from workflow.effects e where e.organization_id = p_organization and e.run_id = p_run)
    from workflow.runs now_run
    join workflow.workflow_versions v on v.organization_id = p_organization and v.id = now_run.version_id
    join workflow.workflows w on w.organization_id = p_organization and w.id = now_run.workflow_id
    left join checkpoint.checkpoints c on c.organization_id = p_organization and c.run_id = p_run and c.namespace = '' and c.id = now_run.checkpoint_id
    where now_run.organization_id = p_organization and now_run.id = p_run;
end $$;

-- One flush of the executor: a checkpoint (or none), the writes that wait on one, a review that opens (or none), effects, and the
-- transitions that explain them. Fenced like `advance`: nothing is kept when the epoch is not the run's.
create function workflow.flush(p_organization uuid, p_run uuid, p_epoch int, p_patch jsonb, p_transitions jsonb,
  p_checkpoint jsonb default null, p_type text default null, p_data bytea default null, p_metadata_type text default null, p_metadata bytea default null,
  p_writes jsonb default null, p_write_data bytea[] default null, p_review jsonb default null, p_effects jsonb default null)
returns int language plpgsql as $$
declare
  seq int;
begin
  seq := workflow.advance(p_organization, p_run, p_epoch, p_patch, p_transitions);
  if p_checkpoint is not null then
    insert into checkpoint.checkpoints (organization_id, run_id, namespace, id, parent_id, step, source, type, data, metadata_type, metadata)
    values (p_organization, p_run, p_checkpoint ->> 'namespace', p_checkpoint ->> 'id', p_checkpoint ->> 'parentId', (p_checkpoint ->> 'step')::int,
      p_checkpoint ->> 'source', p_type, p_data, p_metadata_type, p_metadata)
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
  if p_review is not null then
    insert into workflow.reviews (organization_id, run_id, workflow_id, interrupt_id, checkpoint_id, node, question, proposal, evidence, confidence,
      allowed_actions, response_schema, due_at)
    select p_organization, p_run, workflow_id, p_review ->> 'interruptId', p_review ->> 'checkpointId', p_review ->> 'node', p_review ->> 'question',
      p_review -> 'proposal', coalesce(p_review -> 'evidence', '[]'), (p_review ->> 'confidence')::float8,
      array(select jsonb_array_elements_text(p_review -> 'allowedActions')), p_review -> 'responseSchema', (p_review ->> 'dueAt')::timestamptz
    from workflow.runs where organization_id = p_organization and id = p_run
    on conflict (organization_id, run_id, interrupt_id) do nothing;
  end if;
  if p_effects is not null then
    insert into workflow.effects (organization_id, run_id, key, kind, settled, result, settled_at)
    select p_organization, p_run, e ->> 'key', e ->> 'kind', (e ->> 'settled')::boolean, nullif(e -> 'result', 'null'),
      case when (e ->> 'settled')::boolean then clock_timestamp() end
    from jsonb_array_elements(p_effects) as given (e)
    on conflict (organization_id, run_id, key) do update set settled = excluded.settled, result = excluded.result, settled_at = excluded.settled_at;
  end if;
  return seq;
end $$;

-- Security definer, across tenants: the worker extends the leases that it holds; returns those that are still its own.
create function workflow.extend_leases(p_owner text, p_runs uuid[], p_lease_ms int) returns table (run_id uuid)
language sql security definer set search_path = workflow, pg_temp as $$
  update workflow.runs set lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
  where id = any (p_runs) and lease_owner = p_owner and status in ('RUNNING', 'RETRYING')
  returning id
$$;

-- Security definer, across tenants: runs whose lease has ended, oldest first; ids only.
create function workflow.abandoned_runs(p_limit int) returns table (organization_id uuid, run_id uuid)
language sql stable security definer set search_path = workflow, pg_temp as $$
  select r.organization_id, r.id from workflow.runs r
  where r.status in ('QUEUED', 'RUNNING', 'RETRYING') and r.lease_until < clock_timestamp() order by r.lease_until limit p_limit
$$;

-- Security definer, across tenants: the live feed's read, for many positions at once; `n` says which. Rights were checked when each
-- subscriber came.
create function workflow.transitions_after(p_organizations uuid[], p_runs uuid[], p_after int[], p_limit int)
returns table (n bigint, transition jsonb)
language sql stable security definer set search_path = workflow, pg_temp as $$
  select wanted.n, to_jsonb(t) from unnest(p_organizations, p_runs, p_after) with ordinality as wanted (organization_id, run_id, after, n)
  cross join lateral (
    select * from workflow.run_transitions t
    where t.organization_id = wanted.organization_id and t.run_id = wanted.run_id and t.seq > wanted.after order by t.seq limit p_limit
  ) t order by wanted.n, t.seq
$$;

grant execute on function workflow.enter_tenant, workflow.advance, workflow.create_runs, workflow.lease_run, workflow.flush, workflow.extend_leases,
  workflow.abandoned_runs, workflow.transitions_after to workflow_app;
