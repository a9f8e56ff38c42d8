-- What starts runs by itself: schedules, webhooks, and the end of other runs.

-- Which of them started a run, and how many runs stand before it in a chain of runs that started each other.
alter table workflow.runs add column trigger_id uuid;
create index runs_by_trigger on workflow.runs (organization_id, trigger_id, id) where trigger_id is not null;

create table workflow.schedules (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_id uuid not null,
  name text not null,
  cron text not null,
  time_zone text not null,
  -- What its runs are given: as it stands, or by expressions over { scheduledAt }.
  input jsonb,
  mapping jsonb,
  catch_up text not null check (catch_up in ('SKIP', 'LATEST', 'ALL')),
  -- At most so many missed times are caught up, and as many wait for a run to end.
  catch_up_limit int not null check (catch_up_limit between 1 and 100),
  overlap text not null check (overlap in ('ALLOW', 'SKIP', 'QUEUE')),
  jitter_seconds int not null default 0 check (jitter_seconds between 0 and 3600),
  paused_at timestamptz,
  -- The next time by the cron, and when it is looked at: later by the jitter, or soon where times wait for a run to end. Null while paused.
  next_at timestamptz,
  due_at timestamptz,
  -- Times that came and wait for a run to end, oldest first.
  waiting jsonb not null default '[]',
  -- What became of the latest time.
  last_scheduled_at timestamptz,
  last_outcome text check (last_outcome in ('STARTED', 'SKIPPED', 'FAILED')),
  last_fault jsonb,
  created_by_kind text not null,
  created_by_id text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  foreign key (organization_id, workflow_id) references workflow.workflows,
  check ((input is null) <> (mapping is null))
);
create index schedules_due on workflow.schedules (due_at) where due_at is not null;

create table workflow.webhooks (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_id uuid not null,
  name text not null,
  enabled boolean not null default true,
  -- SHA-256 of the secret part of its address, and that part's last characters to tell it by.
  path_hash bytea not null,
  path_hint text not null,
  require_signature boolean not null,
  signature_form text not null check (signature_form in ('STANDARD', 'HEX', 'TIMESTAMPED_HEX')),
  signature_header text not null,
  mapping jsonb not null,
  created_by_kind text not null,
  created_by_id text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  foreign key (organization_id, workflow_id) references workflow.workflows
);
-- Chosen by us, never by a tenant, and found before the tenant is known.
create unique index webhooks_path_hash on workflow.webhooks (path_hash);

-- Signing secrets, sealed as in workflow.credentials. After a rotation the former one holds until `valid_until`.
create table workflow.webhook_secrets (
  organization_id uuid not null,
  id uuid not null,
  webhook_id uuid not null,
  key_id text not null,
  wrapped_key bytea not null,
  ciphertext bytea not null,
  valid_until timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  foreign key (organization_id, webhook_id) references workflow.webhooks on delete cascade
);
create index webhook_secrets_by_webhook on workflow.webhook_secrets (organization_id, webhook_id);
create index webhook_secrets_key on workflow.webhook_secrets (key_id);

-- What came to a webhook lately. `request` is what it can be tried again with; absent where the sender was not believed.
create table workflow.webhook_deliveries (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  webhook_id uuid not null,
  received_at timestamptz not null default clock_timestamp(),
  status text not null check (status in ('ACCEPTED', 'FAILED', 'REFUSED')),
  http_status int not null,
  run_id uuid,
  created_run boolean not null default false,
  fault jsonb,
  headers jsonb not null,
  request jsonb,
  idempotency_key text,
  bytes int not null,
  redelivered_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, webhook_id) references workflow.webhooks on delete cascade
);
create index webhook_deliveries_by_age on workflow.webhook_deliveries (received_at);
create index webhook_deliveries_by_webhook on workflow.webhook_deliveries (organization_id, webhook_id, id);

create table workflow.run_event_triggers (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  -- The workflow whose runs end, and the one that is started then.
  source_workflow_id uuid not null,
  workflow_id uuid not null,
  name text not null,
  enabled boolean not null default true,
  statuses text[] not null,
  condition text,
  mapping jsonb not null,
  created_by_kind text not null,
  created_by_id text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  foreign key (organization_id, source_workflow_id) references workflow.workflows,
  foreign key (organization_id, workflow_id) references workflow.workflows
);
create index run_event_triggers_by_source on workflow.run_event_triggers (organization_id, source_workflow_id) where enabled;

-- Once for a run and a trigger, whatever became of it.
create table workflow.run_event_firings (
  organization_id uuid not null,
  trigger_id uuid not null,
  source_run_id uuid not null,
  outcome text not null check (outcome in ('STARTED', 'REFUSED', 'FAILED')),
  run_id uuid,
  fault jsonb,
  fired_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, trigger_id, source_run_id),
  foreign key (organization_id, trigger_id) references workflow.run_event_triggers on delete cascade,
  foreign key (organization_id, source_run_id) references workflow.runs on delete cascade
);

-- Runs that ended and that a trigger may wait for: written with the end, deleted when it was dealt with, so none is missed.
create table workflow.run_endings (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid not null,
  status text not null,
  due_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  foreign key (organization_id, run_id) references workflow.runs on delete cascade
);
create index run_endings_due on workflow.run_endings (due_at);

-- As the owner: whoever moves a run on need not be able to read triggers.
create function workflow.note_run_ending() returns trigger language plpgsql security definer set search_path = workflow, pg_temp as $$
begin
  if exists (select from workflow.run_event_triggers t where t.organization_id = new.organization_id
      and t.source_workflow_id = new.workflow_id and t.enabled and new.status = any (t.statuses)) then
    insert into workflow.run_endings (organization_id, run_id, status) values (new.organization_id, new.id, new.status);
  end if;
  return null;
end $$;

create trigger run_ended after update of status on workflow.runs for each row
  when (new.status in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED') and old.status is distinct from new.status)
  execute function workflow.note_run_ending();

do $$
declare
  name text;
begin
  foreach name in array array['workflow.schedules', 'workflow.webhooks', 'workflow.webhook_deliveries', 'workflow.run_event_triggers',
    'workflow.run_event_firings', 'workflow.run_endings'] loop
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy owner_all on %s to workflow_owner using (true) with check (true)', name);
    execute format('create policy app_read on %s for select to workflow_app using (organization_id = any ((select workflow.readable_organizations())::uuid[]))', name);
    execute format('create policy app_insert on %s for insert to workflow_app with check (organization_id = (select workflow.active_organization()))', name);
    execute format('create policy app_update on %s for update to workflow_app using (organization_id = (select workflow.active_organization()))', name);
    execute format('create policy app_delete on %s for delete to workflow_app using (organization_id = (select workflow.active_organization()))', name);
  end loop;
end $$;

-- As with connections: an agency does not read its clients' secrets.
alter table workflow.webhook_secrets enable row level security;
alter table workflow.webhook_secrets force row level security;
create policy owner_all on workflow.webhook_secrets to workflow_owner using (true) with check (true);
create policy app_read on workflow.webhook_secrets for select to workflow_app using (organization_id = (select workflow.active_organization()));
create policy app_insert on workflow.webhook_secrets for insert to workflow_app with check (organization_id = (select workflow.active_organization()));
create policy app_update on workflow.webhook_secrets for update to workflow_app using (organization_id = (select workflow.active_organization()));
create policy app_delete on workflow.webhook_secrets for delete to workflow_app using (organization_id = (select workflow.active_organization()));

-- Security definer, across tenants: what is due, oldest first; ids only. Whoever acts on one locks it and looks again.
create function workflow.due_schedules(p_now timestamptz, p_limit int) returns table (organization_id uuid, id uuid)
language sql stable security definer set search_path = workflow, pg_temp as $$
  select s.organization_id, s.id from workflow.schedules s where s.due_at <= p_now order by s.due_at limit p_limit
$$;

create function workflow.due_run_endings(p_limit int) returns table (organization_id uuid, id uuid)
language sql stable security definer set search_path = workflow, pg_temp as $$
  select e.organization_id, e.id from workflow.run_endings e where e.due_at <= clock_timestamp() order by e.due_at limit p_limit
$$;

-- Security definer, across tenants: what came to webhooks is forgotten after 30 days.
create function workflow.forget_deliveries() returns void language sql security definer set search_path = workflow, pg_temp as $$
  delete from workflow.webhook_deliveries where received_at < now() - interval '30 days'
$$;

-- Security definer, across tenants: whose an address is. Whoever knows the address is nobody else's caller.
create function workflow.find_webhook(p_path_hash bytea) returns table (organization_id uuid, id uuid)
language sql stable security definer set search_path = workflow, pg_temp as $$
  select w.organization_id, w.id from workflow.webhooks w where w.path_hash = p_path_hash and w.enabled
$$;

grant execute on function workflow.due_schedules, workflow.due_run_endings, workflow.forget_deliveries, workflow.find_webhook to workflow_app;
