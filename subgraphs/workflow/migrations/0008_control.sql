-- Control of runs: pausing, limits and lanes, time to live, bulk operations, and failures that wait for somebody.
alter table workflow.runs
  -- A run that no worker took until then expires.
  add column expires_at timestamptz,
  -- What its workflow's limits count together: the workflow's id, with `:<key>` where they hold for each value of an expression.
  add column lane text,
  -- Why a queued run is not to be taken: 1, its lane is full; 2, its organisation is. -1: its organisation's limits let it through, until it leaves its place.
  add column held smallint not null default 0,
  add column pause_requested boolean not null default false,
  add column paused_from text,
  -- Like failures have one.
  add column failure_group text,
  add column handled_at timestamptz,
  add column handled_as text check (handled_as in ('DISMISSED', 'REPLAYED')),
  add column handled_reason text,
  add column handled_by_kind text,
  add column handled_by_id text;

drop index workflow.runs_queued;
create index runs_queued on workflow.runs (priority desc, run_after, id) where status = 'QUEUED' and held <= 0;
create index runs_let_through on workflow.runs (organization_id) where status = 'QUEUED' and held = -1;
create index runs_in_lane on workflow.runs (organization_id, lane) where lane is not null and status in ('QUEUED', 'RUNNING', 'RETRYING') and held <> 1;
create index runs_begun_in_lane on workflow.runs (organization_id, lane, started_at) where lane is not null and started_at is not null;
-- Those that were begun already come first.
create index runs_held_by_lane on workflow.runs (organization_id, lane, (case when started_at is null then 1 else 0 end), priority desc, run_after, id)
  where status = 'QUEUED' and held = 1;
create index runs_held_by_organization on workflow.runs (organization_id, priority desc, run_after, id) where status = 'QUEUED' and held = 2;
create index runs_expiring on workflow.runs (expires_at) where status = 'QUEUED' and expires_at is not null;
create index runs_unhandled on workflow.runs (organization_id, failure_group, id) where status in ('FAILED', 'EXPIRED') and handled_at is null;

-- An organisation's own limits.
create table workflow.run_limits (
  organization_id uuid primary key,
  concurrency int check (concurrency between 1 and 10000),
  per_minute int check (per_minute between 1 and 100000),
  changed_at timestamptz not null default clock_timestamp(),
  check (concurrency is not null or per_minute is not null)
);

-- Lanes that may have a place for a held run, from a time on; '' is the organisation's own. Appended by whoever moves a run, without a lock,
-- and worked off by whoever takes runs.
create table workflow.lane_checks (
  organization_id uuid not null,
  id bigint generated always as identity,
  lane text not null,
  due_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id)
);
create index lane_checks_due on workflow.lane_checks (due_at);

create table workflow.bulk_operations (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  action text not null check (action in ('CANCEL', 'RETRY', 'RETRY_FROM_START', 'PAUSE', 'RESUME', 'REPLAY')),
  filter jsonb not null,
  reason text,
  total int not null,
  done int not null default 0,
  refused int not null default 0,
  actor_kind text not null,
  actor_id text not null,
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  primary key (organization_id, id)
);
create index bulk_operations_open on workflow.bulk_operations (created_at) where finished_at is null;

create table workflow.bulk_items (
  organization_id uuid not null,
  operation_id uuid not null,
  run_id uuid not null,
  state text not null default 'WAITING' check (state in ('WAITING', 'DONE', 'REFUSED')),
  reason text,
  primary key (organization_id, operation_id, run_id),
  foreign key (organization_id, operation_id) references workflow.bulk_operations on delete cascade,
  foreign key (organization_id, run_id) references workflow.runs on delete cascade
);
create index bulk_items_open on workflow.bulk_items (organization_id, operation_id, run_id) where state = 'WAITING';
create index bulk_items_by_run on workflow.bulk_items (organization_id, run_id);

do $$
declare
  name text;
begin
  foreach name in array array['workflow.run_limits', 'workflow.lane_checks', 'workflow.bulk_operations', 'workflow.bulk_items'] loop
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy owner_all on %s to workflow_owner using (true) with check (true)', name);
    execute format('create policy app_read on %s for select to workflow_app using (organization_id = any ((select workflow.readable_organizations())::uuid[]))', name);
    execute format('create policy app_insert on %s for insert to workflow_app with check (organization_id = (select workflow.active_organization()))', name);
    execute format('create policy app_update on %s for update to workflow_app using (organization_id = (select workflow.active_organization()))', name);
    execute format('create policy app_delete on %s for delete to workflow_app using (organization_id = (select workflow.active_organization()))', name);
  end loop;
end $$;

-- ── Failures ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- What like failures have in common: the same code in the same step of the same workflow, with a reason that differs only in numbers, ids
-- and what stands in quotation marks.
create function workflow.failure_group(p_workflow uuid, p_failure jsonb) returns text language sql immutable as $$
  select left(md5(concat_ws('|', p_workflow, p_failure ->> 'code', p_failure ->> 'node',
    regexp_replace(regexp_replace(lower(p_failure ->> 'reason'), '"[^"]*"|“[^”]*”|\m[0-9a-f]{8,}(-[0-9a-f]{4,})*\M', '…', 'g'), '[0-9]+([.,:][0-9]+)*', '#', 'g'))), 16)
$$;
update workflow.runs set failure_group = workflow.failure_group(workflow_id, failure) where failure is not null;

-- ── Moving a run on ──────────────────────────────────────────────────────────────────────────────────────────────────────────

-- As before, and: a run that is queued in a limited lane is held until the lane has a place; one that leaves a place has the lane looked at.
create or replace function workflow.advance(p_organization uuid, p_run uuid, p_epoch int, p_patch jsonb, p_transitions jsonb) returns int
language plpgsql as $$
declare
  r record;
  added int := jsonb_array_length(p_transitions);
  first_seq int;
  -- A run stands where its latest transition left it.
  target text := coalesce(p_patch ->> 'status', p_transitions -> -1 ->> 'status');
  limited boolean := false;
begin
  perform workflow.enter_tenant(p_organization);
  if target = 'QUEUED' and not p_patch ? 'isNew' then
    limited := exists (select from workflow.run_limits where organization_id = p_organization);
  end if;
  update workflow.runs set
    last_seq = last_seq + added,
    status = coalesce(target, status),
    output = case when p_patch ? 'output' then nullif(p_patch -> 'output', 'null') else output end,
    failure = case when p_patch ? 'failure' then nullif(p_patch -> 'failure', 'null')
      || jsonb_build_object('group', workflow.failure_group(workflow_id, p_patch -> 'failure')) else failure end,
    failure_group = case when p_patch ? 'failure' and p_patch -> 'failure' <> 'null' then workflow.failure_group(workflow_id, p_patch -> 'failure')
      when p_patch ? 'failure' then null else failure_group end,
    handled_at = case when p_patch ? 'failure' then null else handled_at end,
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
    run_after = case when p_patch ? 'runAfter' then (p_patch ->> 'runAfter')::timestamptz else run_after end,
    paused_from = case when p_patch ? 'pausedFrom' then p_patch ->> 'pausedFrom' else paused_from end,
    pause_requested = pause_requested and coalesce(target, status) in ('RUNNING', 'RETRYING'),
    held = case
      when coalesce(target, status) in ('RUNNING', 'RETRYING') then least(held, 0)
      when coalesce(target, status) <> 'QUEUED' then 0
      when status in ('QUEUED', 'RUNNING', 'RETRYING') then held
      when lane is not null then 1
      when limited then 2
      else 0 end
  where organization_id = p_organization and id = p_run and (p_epoch is null or epoch = p_epoch)
  returning new.last_seq, new.id, new.case_id, new.workflow_id, new.version_id, new.trigger, new.production, new.queued_at, new.automated, new.lane,
    new.status, new.held, old.status as was, old.held as was_held into r;
  if not found then
    raise exception 'the run is not held under epoch %', p_epoch using errcode = 'SB001';
  end if;
  -- It waits for a place now, or has left one.
  if r.was <> r.status and (r.held > 0 or ((r.was in ('RUNNING', 'RETRYING') or (r.was = 'QUEUED' and r.was_held <> 1))
    and r.status not in ('QUEUED', 'RUNNING', 'RETRYING'))) and (r.lane is not null or r.held = 2 or r.was_held <> 0) then
    insert into workflow.lane_checks (organization_id, lane) values (p_organization, coalesce(r.lane, ''));
  end if;
  if added = 0 then return r.last_seq; end if;
  first_seq := r.last_seq - added;
  insert into workflow.run_transitions (organization_id, run_id, seq, at, kind, status, node, agent, attempt, summary, duration_ms,
    checkpoint_id, state_diff, failure, usage, actor_kind, actor_id)
  select p_organization, p_run, first_seq + n, coalesce((t ->> 'at')::timestamptz, clock_timestamp()), t ->> 'kind', t ->> 'status', t ->> 'node',
    t ->> 'agent', (t ->> 'attempt')::int, t ->> 'summary', (t ->> 'durationMs')::float8, t ->> 'checkpointId', nullif(t -> 'stateDiff', 'null'),
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

-- As before; items have also { lane, expiresAt, kind, versionId }: the first transition's kind, for forks.
create or replace function workflow.create_runs(p_organization uuid, p_workflow uuid, p_version uuid, p_trigger text, p_actor jsonb, p_items jsonb)
returns table (n int, run_id uuid, created boolean, same_input boolean)
language plpgsql as $$
#variable_conflict use_column
declare
  item record;
  new_id uuid;
  limited boolean;
  lanes text[] := '{}';
begin
  perform workflow.enter_tenant(p_organization);
  limited := exists (select from workflow.run_limits where organization_id = p_organization);
  for item in select * from jsonb_array_elements(p_items) with ordinality as given (value, position) loop
    new_id := uuidv7();
    insert into workflow.runs (organization_id, id, workflow_id, version_id, case_id, trigger, input, tags, idempotency_key, started_by_kind,
      started_by_id, priority, run_after, production, parent_run_id, depth, forked_from_id, forked_checkpoint_id, checkpoint_id, lane, held, expires_at)
    values (p_organization, new_id, p_workflow, p_version, coalesce(item.value ->> 'caseId', new_id::text), p_trigger, item.value -> 'input',
      array(select jsonb_array_elements_text(coalesce(nullif(item.value -> 'tags', 'null'), '[]'))), item.value ->> 'idempotencyKey', p_actor ->> 'kind',
      p_actor ->> 'id', coalesce((item.value ->> 'priority')::int, 0), coalesce((item.value ->> 'runAfter')::timestamptz, clock_timestamp()),
      coalesce((item.value ->> 'production')::boolean, true), (item.value ->> 'parentRunId')::uuid, coalesce((item.value ->> 'depth')::int, 0),
      (item.value ->> 'forkedFromId')::uuid, item.value ->> 'forkedCheckpointId', item.value ->> 'forkedCheckpointId', item.value ->> 'lane',
      case when item.value ->> 'lane' is not null then 1 when limited then 2 else 0 end, (item.value ->> 'expiresAt')::timestamptz)
    on conflict (organization_id, workflow_id, idempotency_key) where idempotency_key is not null do nothing;
    if found then
      lanes := lanes || coalesce(item.value ->> 'lane', '');
      perform workflow.advance(p_organization, new_id, null, '{"isNew": true}', jsonb_build_array(jsonb_build_object(
        'kind', coalesce(item.value ->> 'kind', 'QUEUED'), 'status', 'QUEUED', 'actor', p_actor,
        'summary', coalesce(item.value ->> 'summary', 'The request was received and waits for a worker.'))));
      return query select item.position::int, new_id, true, true;
    else
      return query select item.position::int, id, false, input = item.value -> 'input' from workflow.runs
        where organization_id = p_organization and workflow_id = p_workflow and idempotency_key = item.value ->> 'idempotencyKey';
    end if;
  end loop;
  insert into workflow.lane_checks (organization_id, lane) select distinct p_organization, touched from unnest(lanes) as touched where touched <> '' or limited;
end $$;

-- ── Lanes ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Part of `take_runs`: lets held runs through where lanes that are to be looked at have a place, one worker at a time for each organisation,
-- so that limits are exact. Held runs are in no index that `take_runs` reads, so a full lane costs the others nothing. `busy`: another worker is
-- at it, and somebody should look again.
create function workflow.admit_runs(out released int, out busy boolean) language plpgsql as $$
declare
  organization uuid;
  lanes text[];
  one text;
begin
  released := 0;
  busy := false;
  if not exists (select from workflow.lane_checks where due_at <= clock_timestamp()) then return; end if;
  for organization in select distinct organization_id from (select organization_id from workflow.lane_checks where due_at <= clock_timestamp() limit 2000) as due loop
    if not pg_try_advisory_xact_lock(hashtextextended('workflow.admit_runs ' || organization, 0)) then
      busy := true;
      continue;
    end if;
    with gone as (delete from workflow.lane_checks where organization_id = organization and due_at <= clock_timestamp() returning lane)
    select array_agg(distinct lane) into lanes from gone;
    foreach one in array coalesce(lanes, '{}') loop
      if one <> '' then released := released + workflow.admit_lane(organization, one); end if;
    end loop;
    released := released + workflow.admit_organization(organization);
  end loop;
end $$;

-- Lets runs of a lane through, those that were begun first, as far as the limits of the workflow's current version go: runs that take a place stay
-- within `concurrency`, and those that begin, with those that are about to, within `perMinute` of any minute. Returns how many may be taken.
create function workflow.admit_lane(p_organization uuid, p_lane text) returns int language plpgsql as $$
declare
  limits jsonb;
  onward int := case when exists (select from workflow.run_limits where organization_id = p_organization) then 2 else 0 end;
  places int;
  starts int;
  oldest timestamptz;
  passed int;
  total int;
begin
  select v.definition -> 'limits' into limits from workflow.workflows w
  join workflow.workflow_versions v on v.organization_id = w.organization_id and v.id = w.current_version_id
  where w.organization_id = p_organization and w.id = split_part(p_lane, ':', 1)::uuid;
  select coalesce((limits ->> 'concurrency')::int, 1000000) - count(*) into places from workflow.runs
  where organization_id = p_organization and lane = p_lane and lane is not null and status in ('QUEUED', 'RUNNING', 'RETRYING') and held <> 1;
  total := workflow.let_through(p_organization, p_lane, 0, onward, places);
  places := places - total;
  if limits ? 'perMinute' then
    select (limits ->> 'perMinute')::int - count(*), min(started_at) into starts, oldest from workflow.runs
    where organization_id = p_organization and lane = p_lane and lane is not null and started_at > clock_timestamp() - interval '1 minute';
    starts := starts - (select count(*) from workflow.runs where organization_id = p_organization and lane = p_lane and lane is not null
      and status in ('QUEUED', 'RUNNING', 'RETRYING') and held <> 1 and status = 'QUEUED' and started_at is null);
  end if;
  passed := workflow.let_through(p_organization, p_lane, 1, onward, least(places, coalesce(starts, places)));
  total := total + passed;
  if places > passed and exists (select from workflow.runs where organization_id = p_organization and lane = p_lane and status = 'QUEUED' and held = 1) then
    -- There is a place: what is held waits for the minute to pass, for its own time, or was just locked by somebody.
    perform workflow.check_lane_at(p_organization, p_lane, case
      when starts <= passed then coalesce(oldest + interval '1 minute', clock_timestamp() + interval '1 second')
      else (select greatest(min(run_after), clock_timestamp() + interval '1 second') from workflow.runs
        where organization_id = p_organization and lane = p_lane and status = 'QUEUED' and held = 1) end);
  end if;
  return case onward when 0 then total else 0 end;
end $$;

-- Lets up to so many held runs of a lane through, those begun (0) or those not begun (1), in the queue's order.
create function workflow.let_through(p_organization uuid, p_lane text, p_begun int, p_onward int, p_limit int) returns int language plpgsql as $$
declare
  passed int := 0;
begin
  if p_limit <= 0 then return 0; end if;
  with next as materialized (
    select id from workflow.runs where organization_id = p_organization and lane = p_lane and status = 'QUEUED' and held = 1
      and (case when started_at is null then 1 else 0 end) = p_begun and run_after <= clock_timestamp()
    order by priority desc, run_after, id limit p_limit for update skip locked
  )
  update workflow.runs r set held = p_onward from next where r.organization_id = p_organization and r.id = next.id;
  get diagnostics passed = row_count;
  return passed;
end $$;

-- The same for an organisation's own limits.
create function workflow.admit_organization(p_organization uuid) returns int language plpgsql as $$
declare
  limits workflow.run_limits;
  places int := 1000000;
  starts int;
  oldest timestamptz;
  passed int;
begin
  select * into limits from workflow.run_limits where organization_id = p_organization;
  if limits.concurrency is not null then
    places := limits.concurrency
      - (select count(*) from workflow.runs where organization_id = p_organization and status in ('RUNNING', 'RETRYING'))
      - (select count(*) from workflow.runs where organization_id = p_organization and status = 'QUEUED' and held = -1);
  end if;
  if limits.per_minute is not null then
    -- A fork begins with the second of its transitions.
    select limits.per_minute - count(*), min(recorded_at) into starts, oldest from workflow.run_transitions
    where organization_id = p_organization and recorded_at > clock_timestamp() - interval '1 minute'
      and (kind = 'STARTED' or (kind = 'RESUMED' and seq = 2));
    starts := starts - (select count(*) from workflow.runs where organization_id = p_organization and status = 'QUEUED' and held = -1 and started_at is null);
  end if;
  with next as materialized (
    select id from workflow.runs where organization_id = p_organization and status = 'QUEUED' and held = 2 and run_after <= clock_timestamp()
    order by priority desc, run_after, id limit greatest(least(places, coalesce(starts, places)), 0) for update skip locked
  )
  update workflow.runs r set held = case when limits.organization_id is null then 0 else -1 end from next where r.organization_id = p_organization and r.id = next.id;
  get diagnostics passed = row_count;
  if places > passed and exists (select from workflow.runs where organization_id = p_organization and status = 'QUEUED' and held = 2) then
    perform workflow.check_lane_at(p_organization, '', case
      when starts <= passed then coalesce(oldest + interval '1 minute', clock_timestamp() + interval '1 second')
      else (select greatest(min(run_after), clock_timestamp() + interval '1 second') from workflow.runs
        where organization_id = p_organization and status = 'QUEUED' and held = 2) end);
  end if;
  return passed;
end $$;

-- Has a lane looked at later, unless it is already to be looked at by then.
create function workflow.check_lane_at(p_organization uuid, p_lane text, p_at timestamptz) returns void language sql as $$
  insert into workflow.lane_checks (organization_id, lane, due_at) select p_organization, p_lane, p_at
  where not exists (select from workflow.lane_checks where organization_id = p_organization and lane = p_lane and due_at <= p_at)
$$;

-- As before; held runs and those that have expired are left alone.
create or replace function workflow.take_runs(p_owner text, p_lease_ms int, p_limit int)
returns table (organization_id uuid, run jsonb, definition jsonb, slug text, checkpoint jsonb, checkpoint_data bytea, metadata bytea, writes jsonb,
  interrupts jsonb, effects jsonb)
language plpgsql security definer set search_path = workflow, pg_temp as $$
#variable_conflict use_column
declare
  wanted record;
  taken int := 0;
  admitted record;
begin
  select * into admitted from workflow.admit_runs();
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
      where r.status = 'QUEUED' and r.held <= 0 and r.run_after <= clock_timestamp()
        and (r.expires_at is null or r.started_at is not null or r.expires_at > clock_timestamp())
      order by r.priority desc, r.run_after, r.id limit p_limit - taken for update skip locked)
  loop
    taken := taken + 1;
    return query select * from workflow.take_run(wanted.organization_id, wanted.id, p_owner, p_lease_ms,
      case when wanted.checkpoint_id is null then 'STARTED' else 'RESUMED' end);
  end loop;
  perform set_config('app.organization', '', true), set_config('app.organizations', '', true);
  if admitted.busy or admitted.released > taken then perform pg_notify('workflow_jobs', ''); end if;
end $$;

-- Sets or lifts (both null) an organisation's own limits. Runs that are queued are held from now on; those that a worker is taking go on.
create function workflow.set_run_limits(p_organization uuid, p_concurrency int, p_per_minute int) returns void language plpgsql as $$
begin
  perform workflow.enter_tenant(p_organization);
  if p_concurrency is null and p_per_minute is null then
    delete from workflow.run_limits where organization_id = p_organization;
  else
    insert into workflow.run_limits (organization_id, concurrency, per_minute) values (p_organization, p_concurrency, p_per_minute)
    on conflict (organization_id) do update set concurrency = excluded.concurrency, per_minute = excluded.per_minute, changed_at = clock_timestamp();
    update workflow.runs set held = case status when 'QUEUED' then 2 else -1 end
    where organization_id = p_organization and status in ('QUEUED', 'RUNNING', 'RETRYING') and held = 0;
  end if;
  insert into workflow.lane_checks (organization_id, lane) values (p_organization, '');
end $$;

-- Why runs that do not move wait, in words; null for one that does.
create function workflow.waiting_reasons(p_runs uuid[]) returns table (run_id uuid, reason text) language plpgsql stable as $$
declare
  r workflow.runs;
  limits jsonb;
  under_way int;
begin
  for r in select * from workflow.runs where id = any (p_runs) loop
    run_id := r.id;
    reason := case r.status when 'WAITING_FOR_REVIEW' then 'A person must decide.' when 'PAUSED' then 'Somebody must resume it.' end;
    if r.status = 'WAITING' then
      select case w.kind when 'TIME' then to_char(w.wake_at at time zone 'UTC', '"Goes on at "YYYY-MM-DD HH24:MI" UTC."')
          when 'EVENT' then format('Waits for "%s".', w.event_name) else 'Waits for a run that it started.' end into reason
        from workflow.waits w where w.organization_id = r.organization_id and w.run_id = r.id and w.status = 'OPEN' order by w.id desc limit 1;
    elsif r.status = 'QUEUED' and r.held <= 0 then
      reason := case when r.run_after > clock_timestamp() then to_char(r.run_after at time zone 'UTC', '"Begins at "YYYY-MM-DD HH24:MI" UTC."')
        else 'Waits for a free worker.' end;
    elsif r.status = 'QUEUED' then
      if r.held = 1 then
        select v.definition -> 'limits' into limits from workflow.workflows w
        join workflow.workflow_versions v on v.organization_id = w.organization_id and v.id = w.current_version_id
        where w.organization_id = r.organization_id and w.id = r.workflow_id;
        select count(*) into under_way from workflow.runs o where o.organization_id = r.organization_id and o.lane = r.lane and o.lane is not null
          and o.status in ('QUEUED', 'RUNNING', 'RETRYING') and o.held <> 1;
      else
        select jsonb_strip_nulls(jsonb_build_object('concurrency', l.concurrency, 'perMinute', l.per_minute)) into limits
          from workflow.run_limits l where l.organization_id = r.organization_id;
        select count(*) into under_way from workflow.runs o where o.organization_id = r.organization_id
          and (o.status in ('RUNNING', 'RETRYING') or (o.status = 'QUEUED' and o.held = -1));
      end if;
      reason := workflow.limit_words(r, limits, under_way);
    end if;
    return next;
  end loop;
end $$;

-- Part of `waiting_reasons`: which limit is reached.
create function workflow.limit_words(r workflow.runs, p_limits jsonb, p_under_way int) returns text language sql stable as $$
  select case
    when p_under_way >= (p_limits ->> 'concurrency')::int then format('%s of %s runs of this %s are under way.', p_under_way, p_limits ->> 'concurrency', of)
    when p_limits ? 'perMinute' then format('%s of this %s may begin in a minute.',
      case p_limits ->> 'perMinute' when '1' then 'One run' else (p_limits ->> 'perMinute') || ' runs' end, of)
    else 'Waits for a free worker.' end
  from (select case when r.held = 2 then 'organisation'
    when position(':' in r.lane) > 0 then format('workflow for "%s"', substr(r.lane, 38)) else 'workflow' end) as told (of)
$$;

-- Security definer, across tenants: ends runs that no worker took in their time, and forgets old bulk operations.
create function workflow.expire_runs(p_limit int) returns table (organization_id uuid, run_id uuid)
language plpgsql security definer set search_path = workflow, pg_temp as $$
#variable_conflict use_column
declare
  late record;
  told text;
begin
  for late in
    select r.organization_id, r.id, r.queued_at, r.expires_at from workflow.runs r
      where r.status = 'QUEUED' and r.expires_at <= clock_timestamp() and r.started_at is null
      order by r.expires_at limit p_limit for update skip locked
  loop
    perform set_config('app.organization', late.organization_id::text, true), set_config('app.organizations', format('{%s}', late.organization_id), true);
    told := format('No worker could take it until %s.', to_char(late.expires_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI" UTC"'));
    perform workflow.advance(late.organization_id, late.id, null,
      jsonb_build_object('finishedAt', clock_timestamp(), 'failure', jsonb_build_object('code', 'TIMEOUT', 'reason', told, 'node', null, 'attempt', null,
        'retryable', true, 'consequence', 'Nothing was done and nothing was sent: nobody has worked on the request.',
        'advice', 'If it is still wanted, try again; if it happens often, allow more runs at the same time or add workers.')),
      jsonb_build_array(jsonb_build_object('kind', 'EXPIRED', 'status', 'EXPIRED', 'summary', told)));
    return query select late.organization_id, late.id;
  end loop;
  perform set_config('app.organization', '', true), set_config('app.organizations', '', true);
  delete from workflow.bulk_operations o where o.finished_at < clock_timestamp() - interval '30 days';
end $$;

-- ── Acts of people ───────────────────────────────────────────────────────────────────────────────────────────────────────────
-- SB002: not possible as the run stands, which is the error's detail.

-- The run as it stands, locked, for an act.
create function workflow.lock_run(p_organization uuid, p_run uuid) returns workflow.runs language plpgsql as $$
declare
  r workflow.runs;
begin
  perform workflow.enter_tenant(p_organization);
  select * into r from workflow.runs where organization_id = p_organization and id = p_run for update;
  if not found then raise exception 'There is no such run any more.' using errcode = 'SB002'; end if;
  return r;
end $$;

-- Stops a run for good, and the runs that it waits for: what it asked is withdrawn, whoever executes it is fenced off. Returns the runs.
create function workflow.cancel_run(p_organization uuid, p_run uuid, p_actor jsonb, p_summary text) returns setof uuid language plpgsql as $$
declare
  r workflow.runs := workflow.lock_run(p_organization, p_run);
  unknown text;
  child uuid;
begin
  if r.status in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED') then
    raise exception 'The run has already ended.' using errcode = 'SB002', detail = r.status;
  end if;
  update workflow.reviews set status = 'WITHDRAWN', changed_at = clock_timestamp() where organization_id = p_organization and run_id = p_run and status = 'OPEN';
  update workflow.waits set status = 'WITHDRAWN', done_at = clock_timestamp() where organization_id = p_organization and run_id = p_run and status = 'OPEN';
  select string_agg(distinct kind, ', ') into unknown from workflow.effects
    where organization_id = p_organization and run_id = p_run and state = 'RECORDED' and kind <> 'model';
  perform workflow.advance(p_organization, p_run, null,
    jsonb_build_object('finishedAt', clock_timestamp(), 'epochs', 1, 'leaseOwner', null),
    jsonb_build_array(jsonb_build_object('kind', 'CANCELLED', 'status', 'CANCELLED', 'actor', p_actor,
      'summary', p_summary || coalesce(format(' It was about to use %s: nobody can tell whether that was done.', unknown), ''))));
  return next p_run;
  for child in select id from workflow.runs where organization_id = p_organization and parent_run_id = p_run
    and status not in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED') order by id
  loop
    return query select * from workflow.cancel_run(p_organization, child, null, 'The run that started it was cancelled.');
  end loop;
end $$;

-- Holds a run: at once where nobody executes it, else after the step under way.
create function workflow.pause_run(p_organization uuid, p_run uuid, p_actor jsonb) returns void language plpgsql as $$
declare
  r workflow.runs := workflow.lock_run(p_organization, p_run);
begin
  if r.status in ('RUNNING', 'RETRYING') and not r.pause_requested then
    update workflow.runs set pause_requested = true where organization_id = p_organization and id = p_run;
  elsif r.status in ('QUEUED', 'WAITING', 'WAITING_FOR_REVIEW') then
    perform workflow.advance(p_organization, p_run, null, jsonb_build_object('pausedFrom', r.status), jsonb_build_array(jsonb_build_object(
      'kind', 'PAUSED', 'status', 'PAUSED', 'actor', p_actor, 'summary', 'A person paused the run. What comes for it meanwhile is kept.')));
  else
    raise exception '%', case when r.pause_requested then 'The run is already being paused.' when r.status = 'PAUSED' then 'The run is already paused.'
      else 'The run has already ended.' end using errcode = 'SB002', detail = r.status;
  end if;
end $$;

-- Lets a paused run go on: it waits again where nothing has come, else it is queued. Returns whether it was queued.
create function workflow.resume_run(p_organization uuid, p_run uuid, p_actor jsonb) returns boolean language plpgsql as $$
declare
  r workflow.runs := workflow.lock_run(p_organization, p_run);
  target text := 'QUEUED';
begin
  if r.status in ('RUNNING', 'RETRYING') and r.pause_requested then
    update workflow.runs set pause_requested = false where organization_id = p_organization and id = p_run;
    return false;
  end if;
  if r.status <> 'PAUSED' then raise exception 'The run is not paused.' using errcode = 'SB002', detail = r.status; end if;
  if r.paused_from in ('WAITING', 'WAITING_FOR_REVIEW') and not workflow.is_answered(p_organization, p_run) then target := r.paused_from; end if;
  perform workflow.advance(p_organization, p_run, null, '{"pausedFrom": null}', jsonb_build_array(jsonb_build_object(
    'kind', case target when 'QUEUED' then 'QUEUED' else 'WAITING' end, 'status', target, 'actor', p_actor,
    'summary', case target when 'QUEUED' then 'A person let the run go on.' else 'A person let the run go on; it waits as before.' end)));
  return target = 'QUEUED';
end $$;

-- Whether an answer is there that the graph was not given.
create function workflow.is_answered(p_organization uuid, p_run uuid) returns boolean language sql stable as $$
  select exists (select from workflow.reviews where organization_id = p_organization and run_id = p_run and status in ('DECIDED', 'EXPIRED') and not handed)
    or exists (select from workflow.waits where organization_id = p_organization and run_id = p_run and status = 'DONE' and not handed)
$$;

-- Queues a run that failed or expired again, with a new budget of tries: from the failed step, or from the start. Effects that are settled are in
-- the ledger and give their results again. A question that nobody answered in time is asked again; a run that it waited for is tried again too.
create function workflow.retry_run(p_organization uuid, p_run uuid, p_actor jsonb, p_from_start boolean) returns void language plpgsql as $$
declare
  r workflow.runs := workflow.lock_run(p_organization, p_run);
  child uuid;
begin
  if r.status not in ('FAILED', 'EXPIRED') then
    raise exception 'Only a run that failed can be tried again.' using errcode = 'SB002', detail = r.status;
  end if;
  for child in select c.id from workflow.waits w join workflow.runs c on c.organization_id = w.organization_id and c.id = w.child_run_id
    where w.organization_id = p_organization and w.run_id = p_run and w.status = 'DONE' and c.status in ('FAILED', 'EXPIRED')
      and (p_from_start or w.checkpoint_id = r.checkpoint_id)
  loop
    perform workflow.retry_run(p_organization, child, p_actor, p_from_start);
  end loop;
  delete from checkpoint.writes where organization_id = p_organization and run_id = p_run and namespace = '' and checkpoint_id = r.checkpoint_id and channel = '__resume__';
  update workflow.reviews set interrupt_id = interrupt_id || ' before ' || r.last_seq, checkpoint_id = checkpoint_id || ' before ' || r.last_seq
    where organization_id = p_organization and run_id = p_run and checkpoint_id = r.checkpoint_id and status = 'EXPIRED';
  update workflow.waits w set interrupt_id = interrupt_id || ' before ' || r.last_seq, checkpoint_id = checkpoint_id || ' before ' || r.last_seq
    where organization_id = p_organization and run_id = p_run and checkpoint_id = r.checkpoint_id and status = 'DONE' and kind = 'RUN'
      and exists (select from workflow.runs c where c.organization_id = p_organization and c.id = w.child_run_id and c.status not in ('SUCCEEDED', 'CANCELLED'));
  if p_from_start then
    update workflow.reviews set status = 'WITHDRAWN', changed_at = clock_timestamp() where organization_id = p_organization and run_id = p_run and status = 'OPEN';
    update workflow.waits set status = 'WITHDRAWN', done_at = clock_timestamp() where organization_id = p_organization and run_id = p_run and status = 'OPEN';
  end if;
  update workflow.runs set expires_at = null, takeovers = 0 where organization_id = p_organization and id = p_run;
  perform workflow.advance(p_organization, p_run, null,
    '{"failure": null, "finishedAt": null, "attempts": {}, "leaseOwner": null}'::jsonb || case when p_from_start then '{"checkpointId": null}'::jsonb else '{}' end,
    jsonb_build_array(jsonb_build_object('kind', 'QUEUED', 'status', 'QUEUED', 'actor', p_actor, 'summary', case
      when p_from_start then 'A person asked to try again from the start; what was done outside already is not repeated.'
      else 'A person asked to try again from the last saved step.' end)));
end $$;

-- Runs a request once more, as a run of its own that does not count. Returns the new run.
create function workflow.replay_run(p_organization uuid, p_run uuid, p_actor jsonb) returns uuid language plpgsql as $$
declare
  r workflow.runs := workflow.lock_run(p_organization, p_run);
  fresh uuid;
begin
  select c.run_id into fresh from workflow.create_runs(p_organization, r.workflow_id, r.version_id, r.trigger, p_actor, jsonb_build_array(jsonb_build_object(
    'input', r.input, 'caseId', r.case_id, 'tags', to_jsonb(r.tags), 'lane', r.lane, 'priority', r.priority, 'production', false, 'forkedFromId', r.id,
    'summary', 'Runs a former request once more.'))) as c;
  perform workflow.handle_run(p_organization, p_run, p_actor, 'REPLAYED', null);
  return fresh;
end $$;

-- Takes a failed run off the list of those that wait for somebody. Returns whether it was on it.
create function workflow.handle_run(p_organization uuid, p_run uuid, p_actor jsonb, p_as text, p_reason text) returns boolean language plpgsql as $$
begin
  perform workflow.enter_tenant(p_organization);
  update workflow.runs set handled_at = clock_timestamp(), handled_as = p_as, handled_reason = p_reason, handled_by_kind = p_actor ->> 'kind',
    handled_by_id = p_actor ->> 'id'
  where organization_id = p_organization and id = p_run and status in ('FAILED', 'EXPIRED') and handled_at is null;
  return found;
end $$;

-- ── What the worker does with a run that it gives back ───────────────────────────────────────────────────────────────────────

-- The graph was stopped between two steps: a person paused the run, or the worker is being stopped. Returns whether it was queued.
create function workflow.yield_run(p_organization uuid, p_run uuid, p_epoch int) returns boolean language plpgsql as $$
declare
  pausing boolean;
begin
  perform workflow.enter_tenant(p_organization);
  select pause_requested into pausing from workflow.runs where organization_id = p_organization and id = p_run for update;
  perform workflow.advance(p_organization, p_run, p_epoch, jsonb_build_object('leaseOwner', null, 'pausedFrom', case when pausing then 'QUEUED' end),
    jsonb_build_array(case
      when pausing then '{"kind": "PAUSED", "status": "PAUSED", "summary": "The run is paused, as a person asked; its last step is saved."}'::jsonb
      else '{"kind": "QUEUED", "status": "QUEUED", "summary": "The worker is being stopped; another one goes on from the last saved step."}' end));
  return not pausing;
end $$;

-- As before; a run that is to be paused is, with what it would have waited for.
create or replace function workflow.park_run(p_organization uuid, p_run uuid, p_epoch int) returns boolean language plpgsql as $$
declare
  answered boolean;
  for_person boolean;
  pausing boolean;
begin
  perform workflow.enter_tenant(p_organization);
  select pause_requested into pausing from workflow.runs where organization_id = p_organization and id = p_run for update;
  answered := workflow.is_answered(p_organization, p_run);
  for_person := exists (select from workflow.reviews where organization_id = p_organization and run_id = p_run and status = 'OPEN');
  perform workflow.advance(p_organization, p_run, p_epoch,
    jsonb_build_object('leaseOwner', null, 'attempts', '{}'::jsonb,
      'pausedFrom', case when pausing then case when answered then 'QUEUED' when for_person then 'WAITING_FOR_REVIEW' else 'WAITING' end end),
    jsonb_build_array(case
      when pausing then '{"kind": "PAUSED", "status": "PAUSED", "summary": "The run is paused, as a person asked; what comes for it meanwhile is kept."}'::jsonb
      when answered then '{"kind": "QUEUED", "status": "QUEUED", "summary": "An answer is there already; a worker goes on."}'
      when for_person then '{"kind": "WAITING", "status": "WAITING_FOR_REVIEW", "summary": "Waits for a person."}'
      else '{"kind": "WAITING", "status": "WAITING", "summary": "Waits for what comes next."}' end));
  return answered and not pausing;
end $$;

drop function workflow.extend_leases;
-- Security definer, across tenants: the worker extends the leases that it holds; returns those that are still its own, and whether they are to pause.
create function workflow.extend_leases(p_owner text, p_runs uuid[], p_lease_ms int) returns table (run_id uuid, pausing boolean)
language sql security definer set search_path = workflow, pg_temp as $$
  update workflow.runs set lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
  where id = any (p_runs) and lease_owner = p_owner and status in ('RUNNING', 'RETRYING')
  returning id, pause_requested
$$;

-- ── Bulk operations ──────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Security definer, across tenants: the next so many runs of the oldest bulk operation that nobody is at, with its progress, all or nothing: a
-- worker that dies leaves nothing half done. Returns the runs that moved, and whether one was queued or is to stop.
create function workflow.step_bulk(p_limit int) returns table (organization_id uuid, run_id uuid, queued boolean, stops boolean)
language plpgsql security definer set search_path = workflow, pg_temp as $$
#variable_conflict use_column
declare
  op workflow.bulk_operations;
  item uuid;
  actor jsonb;
  worked int := 0;
  refused_now int := 0;
begin
  select * into op from workflow.bulk_operations where finished_at is null order by created_at limit 1 for update skip locked;
  if not found then return; end if;
  perform set_config('app.organization', op.organization_id::text, true), set_config('app.organizations', format('{%s}', op.organization_id), true);
  actor := jsonb_build_object('kind', op.actor_kind, 'id', op.actor_id);
  for item in select i.run_id from workflow.bulk_items i where i.organization_id = op.organization_id and i.operation_id = op.id and i.state = 'WAITING'
    order by i.run_id limit p_limit
  loop
    worked := worked + 1;
    begin
      return query select op.organization_id, moved, op.action not in ('CANCEL', 'PAUSE'), op.action in ('CANCEL', 'PAUSE') from workflow.act_on(op, item, actor) as moved;
      update workflow.bulk_items set state = 'DONE' where organization_id = op.organization_id and operation_id = op.id and run_id = item;
    exception when sqlstate 'SB002' then
      refused_now := refused_now + 1;
      update workflow.bulk_items set state = 'REFUSED', reason = sqlerrm where organization_id = op.organization_id and operation_id = op.id and run_id = item;
    end;
  end loop;
  update workflow.bulk_operations set done = done + worked - refused_now, refused = refused + refused_now,
    finished_at = case when worked < p_limit then clock_timestamp() end
  where organization_id = op.organization_id and id = op.id;
  perform set_config('app.organization', '', true), set_config('app.organizations', '', true);
end $$;

-- Part of `step_bulk`: what the operation does to one run. Returns the runs that moved.
create function workflow.act_on(p_operation workflow.bulk_operations, p_run uuid, p_actor jsonb) returns setof uuid language plpgsql as $$
declare
  organization uuid := p_operation.organization_id;
begin
  case p_operation.action
    when 'CANCEL' then
      return query select * from workflow.cancel_run(organization, p_run, p_actor,
        'A person cancelled the run' || coalesce(': ' || p_operation.reason, ', with others like it.'));
      return;
    when 'PAUSE' then perform workflow.pause_run(organization, p_run, p_actor);
    when 'RESUME' then perform workflow.resume_run(organization, p_run, p_actor);
    when 'RETRY' then perform workflow.retry_run(organization, p_run, p_actor, false);
    when 'RETRY_FROM_START' then perform workflow.retry_run(organization, p_run, p_actor, true);
    when 'REPLAY' then return next workflow.replay_run(organization, p_run, p_actor);
  end case;
  return next p_run;
end $$;

revoke execute on function workflow.take_run, workflow.admit_runs, workflow.admit_lane, workflow.admit_organization, workflow.let_through,
  workflow.act_on from workflow_app;
