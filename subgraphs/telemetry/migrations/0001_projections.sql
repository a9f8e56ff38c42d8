-- What telemetry makes of the event log. Only the consumer writes here; services read under their caller's organisations.
create table telemetry.consumer (
  name text primary key,
  position bigint not null default 0,
  advanced_at timestamptz not null default clock_timestamp()
);
insert into telemetry.consumer (name) values ('telemetry');
revoke all on telemetry.consumer from telemetry_app;

-- Events that cannot be applied: kept with the reason, so that the stream goes on.
create table telemetry.dead_letter (
  position bigint primary key,
  organization_id uuid not null,
  type text not null,
  payload jsonb not null,
  reason text not null,
  occurred_at timestamptz not null,
  set_aside_at timestamptz not null default clock_timestamp()
);

create table telemetry.organization (
  organization_id uuid primary key,
  name text not null,
  kind text not null,
  agency_id uuid,
  time_zone text not null
);

create table telemetry.membership (
  organization_id uuid not null,
  user_id uuid not null,
  role text not null,
  primary key (organization_id, user_id)
);

create table telemetry.workflow (
  organization_id uuid not null,
  workflow_id uuid not null,
  slug text not null,
  name text not null,
  version_id uuid not null,
  number int not null,
  primary key (organization_id, workflow_id)
);

-- Times in milliseconds, by the status that the run was in; all but the first block is derived from its transitions.
create table telemetry.run (
  organization_id uuid not null,
  run_id uuid not null,
  case_id text not null,
  workflow_id uuid not null,
  workflow_slug text not null,
  version_id uuid not null,
  trigger text not null,
  production boolean not null,
  queued_at timestamptz not null,

  last_seq int not null default 0,
  status text not null default 'QUEUED',
  started_at timestamptz,
  finished_at timestamptz,
  queue_ms double precision not null default 0,
  machine_ms double precision not null default 0,
  human_wait_ms double precision not null default 0,
  retry_wait_ms double precision not null default 0,
  retries int not null default 0,
  failure_code text,
  automated boolean,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  model_cost numeric not null default 0,
  machine_cost numeric not null default 0,
  price_version int not null default 1,
  primary key (organization_id, run_id)
);
create index run_case on telemetry.run (organization_id, case_id);
create index run_queued on telemetry.run (organization_id, queued_at);

create table telemetry.run_transition (
  organization_id uuid not null,
  run_id uuid not null,
  seq int not null,
  at timestamptz not null,
  kind text not null,
  status text not null,
  node text,
  attempt int,
  duration_ms double precision,
  failure_code text,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost numeric not null default 0,
  automated boolean,
  primary key (organization_id, run_id, seq)
);
create index run_transition_health on telemetry.run_transition (organization_id, at)
  where kind in ('NODE_FINISHED', 'NODE_FAILED', 'RETRY_SCHEDULED', 'FAILED');

create table telemetry.review_decision (
  organization_id uuid not null,
  review_id uuid not null,
  run_id uuid not null,
  action text not null,
  decided_by text not null,
  opened_at timestamptz not null,
  due_at timestamptz,
  decided_at timestamptz not null,
  active_ms double precision,
  edited boolean not null,
  edit_distance double precision,
  primary key (organization_id, review_id)
);
create index review_decision_run on telemetry.review_decision (organization_id, run_id);
create index review_decision_decided on telemetry.review_decision (organization_id, decided_at);

do $$
declare
  name text;
begin
  foreach name in array array['dead_letter', 'organization', 'membership', 'workflow', 'run', 'run_transition', 'review_decision'] loop
    execute format('alter table telemetry.%I enable row level security', name);
    execute format('alter table telemetry.%I force row level security', name);
    execute format('create policy owner_all on telemetry.%I to telemetry_owner using (true) with check (true)', name);
    execute format('create policy consumer_all on telemetry.%I to telemetry_consumer using (true) with check (true)', name);
    execute format(
      'create policy app_read on telemetry.%I for select to telemetry_app using (organization_id = any (coalesce(nullif(current_setting(''app.organizations'', true), ''''), ''{}'')::uuid[]))',
      name
    );
    execute format('revoke insert, update, delete on telemetry.%I from telemetry_app', name);
  end loop;
end $$;

-- Derives the given runs from all their stored transitions: safe to repeat, whatever the order in which transitions came.
create function telemetry.refresh_runs(keys jsonb, usd_per_machine_second numeric, price_version int) returns void
language sql set search_path = telemetry, pg_temp as $$
  with step as (
    select t.*, greatest(0, extract(epoch from lead(t.at) over (partition by t.organization_id, t.run_id order by t.seq) - t.at)) * 1000 as ms
    from (select distinct organization_id, run_id from jsonb_to_recordset(keys) as k (organization_id uuid, run_id uuid)) k
    join run_transition t using (organization_id, run_id)
  ), total as (
    select organization_id, run_id, max(seq) as last_seq,
      (array_agg(status order by seq desc))[1] as status,
      max(at) filter (where kind in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED')) as ended_at,
      max(at) as last_at,
      min(at) filter (where status = 'RUNNING') as started_at,
      coalesce(sum(ms) filter (where status = 'QUEUED'), 0) as queue_ms,
      coalesce(sum(ms) filter (where status = 'RUNNING'), 0) as machine_ms,
      coalesce(sum(ms) filter (where status = 'WAITING_FOR_REVIEW'), 0) as human_wait_ms,
      coalesce(sum(ms) filter (where status = 'RETRYING'), 0) as retry_wait_ms,
      count(*) filter (where kind = 'RETRY_SCHEDULED') as retries,
      (array_agg(failure_code order by seq desc) filter (where kind = 'FAILED'))[1] as failure_code,
      (array_agg(automated order by seq desc) filter (where automated is not null))[1] as automated,
      sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens, sum(cost) as cost
    from step group by organization_id, run_id
  )
  update run set
    last_seq = total.last_seq, status = total.status, started_at = total.started_at,
    finished_at = case when total.status in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED') then coalesce(total.ended_at, total.last_at) end,
    queue_ms = total.queue_ms, machine_ms = total.machine_ms, human_wait_ms = total.human_wait_ms, retry_wait_ms = total.retry_wait_ms,
    retries = total.retries, failure_code = case when total.status = 'FAILED' then total.failure_code end, automated = total.automated,
    input_tokens = total.input_tokens, output_tokens = total.output_tokens, model_cost = total.cost,
    machine_cost = (total.machine_ms::numeric / 1000) * usd_per_machine_second, price_version = refresh_runs.price_version
  from total where run.organization_id = total.organization_id and run.run_id = total.run_id
$$;
grant execute on function telemetry.refresh_runs to telemetry_consumer;
