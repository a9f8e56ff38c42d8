-- Workflows, their immutable versions, runs with their gap-free transition log, reviews and annotations. Every key carries the tenant.
create function workflow.readable_organizations() returns uuid[] language sql stable as $$
  select coalesce(nullif(current_setting('app.organizations', true), ''), '{}')::uuid[]
$$;

create function workflow.active_organization() returns uuid language sql stable as $$
  select nullif(current_setting('app.organization', true), '')::uuid
$$;

create table workflow.workflows (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  slug text not null,
  name text not null,
  description text,
  current_version_id uuid,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  unique (organization_id, slug)
);

create table workflow.workflow_versions (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_id uuid not null,
  number int not null,
  definition jsonb not null,
  published_at timestamptz,
  published_by_kind text,
  published_by_id text,
  primary key (organization_id, id),
  unique (organization_id, workflow_id, number),
  foreign key (organization_id, workflow_id) references workflow.workflows
);
alter table workflow.workflows add foreign key (organization_id, current_version_id) references workflow.workflow_versions;

create table workflow.runs (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_id uuid not null,
  version_id uuid not null,
  case_id text not null,
  status text not null default 'QUEUED' check (status in
    ('QUEUED', 'RUNNING', 'WAITING_FOR_REVIEW', 'WAITING', 'RETRYING', 'PAUSED', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED')),
  trigger text not null check (trigger in ('DASHBOARD', 'API', 'N8N', 'WEBHOOK', 'SCHEDULE', 'RUN', 'CLI')),
  production boolean not null default true,
  input jsonb not null,
  output jsonb,
  failure jsonb,
  tags text[] not null default '{}',
  idempotency_key text,
  started_by_kind text,
  started_by_id text,
  trace_id text,
  queued_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  last_seq int not null default 0,
  -- On success: whether no person decided anything.
  automated boolean,
  -- Failed attempts by node since that node last succeeded: the retry budget survives the worker.
  attempts jsonb not null default '{}',
  takeovers int not null default 0,
  checkpoint_id text,
  -- The lease: who executes the run, until when, and the fencing epoch that every write of the holder must show.
  lease_owner text,
  lease_until timestamptz,
  epoch int not null default 0,
  search tsvector generated always as (to_tsvector('simple', case_id) || jsonb_to_tsvector('simple', input, '["string"]')) stored,
  primary key (organization_id, id),
  foreign key (organization_id, workflow_id) references workflow.workflows,
  foreign key (organization_id, version_id) references workflow.workflow_versions
) with (fillfactor = 80);

create unique index runs_idempotency on workflow.runs (organization_id, workflow_id, idempotency_key) where idempotency_key is not null;
-- Lists are ordered by id: UUIDv7 is ordered by time, and the primary key serves the plain list.
create index runs_by_status on workflow.runs (organization_id, status, id);
create index runs_by_workflow on workflow.runs (organization_id, workflow_id, id);
create index runs_by_case on workflow.runs (organization_id, case_id);
create index runs_by_tag on workflow.runs using gin (tags);
create index runs_by_word on workflow.runs using gin (search);
create index runs_by_lease on workflow.runs (lease_until) where status in ('QUEUED', 'RUNNING', 'RETRYING');
create index runs_by_lease_owner on workflow.runs (lease_owner) where status in ('RUNNING', 'RETRYING');

create table workflow.run_transitions (
  organization_id uuid not null,
  run_id uuid not null,
  seq int not null,
  at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  kind text not null,
  status text not null,
  node text,
  agent text,
  attempt int,
  summary text not null,
  duration_ms double precision,
  checkpoint_id text,
  state_diff jsonb,
  failure jsonb,
  usage jsonb,
  actor_kind text,
  actor_id text,
  primary key (organization_id, run_id, seq),
  foreign key (organization_id, run_id) references workflow.runs on delete cascade
);
-- What changed lately, for the subscribers of lists.
create index run_transitions_recent on workflow.run_transitions (organization_id, recorded_at);

create table workflow.reviews (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid not null,
  workflow_id uuid not null,
  -- LangGraph's id of the interrupt that waits for this decision.
  interrupt_id text not null,
  checkpoint_id text not null,
  node text not null,
  question text not null,
  proposal jsonb not null,
  evidence jsonb not null default '[]',
  confidence double precision,
  allowed_actions text[] not null,
  response_schema jsonb,
  status text not null default 'OPEN' check (status in ('OPEN', 'DECIDED', 'EXPIRED', 'WITHDRAWN')),
  assignee_id text,
  opened_at timestamptz not null default clock_timestamp(),
  due_at timestamptz,
  changed_at timestamptz not null default clock_timestamp(),
  decision_action text,
  decision_value jsonb,
  decision_comment text,
  decided_by_kind text,
  decided_by_id text,
  decided_at timestamptz,
  active_ms double precision,
  primary key (organization_id, id),
  unique (organization_id, run_id, interrupt_id),
  foreign key (organization_id, run_id) references workflow.runs on delete cascade,
  check ((status = 'DECIDED') = (decision_action is not null))
);
create index reviews_by_status on workflow.reviews (organization_id, status, id);
create index reviews_recent on workflow.reviews (organization_id, changed_at);

create table workflow.annotations (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid not null,
  body text not null,
  score double precision,
  label text,
  seq int,
  author_kind text not null,
  author_id text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  foreign key (organization_id, run_id) references workflow.runs on delete cascade
);
create index annotations_by_run on workflow.annotations (organization_id, run_id, id);

-- The effect ledger: what a run does to the outside is recorded before it is tried and settled after.
create table workflow.effects (
  organization_id uuid not null,
  run_id uuid not null,
  key text not null,
  kind text not null,
  settled boolean not null default false,
  result jsonb,
  recorded_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz,
  primary key (organization_id, run_id, key),
  foreign key (organization_id, run_id) references workflow.runs on delete cascade
);

-- LangGraph's state: a checkpoint after each step and the writes that wait on it. The values lie in the checkpoint itself, so branches
-- of one thread never share them.
create table checkpoint.checkpoints (
  organization_id uuid not null,
  run_id uuid not null,
  namespace text not null default '',
  id text not null,
  parent_id text,
  step int not null,
  source text not null,
  type text not null,
  data bytea not null,
  metadata_type text not null,
  metadata bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, run_id, namespace, id),
  foreign key (organization_id, run_id) references workflow.runs on delete cascade
);

create table checkpoint.writes (
  organization_id uuid not null,
  run_id uuid not null,
  namespace text not null default '',
  checkpoint_id text not null,
  task_id text not null,
  idx int not null,
  task_path text not null default '',
  channel text not null,
  type text not null,
  data bytea not null,
  primary key (organization_id, run_id, namespace, checkpoint_id, task_id, idx),
  foreign key (organization_id, run_id) references workflow.runs on delete cascade
);

do $$
declare
  name text;
begin
  foreach name in array array['workflow.workflows', 'workflow.workflow_versions', 'workflow.runs', 'workflow.run_transitions', 'workflow.reviews',
    'workflow.annotations', 'workflow.effects', 'checkpoint.checkpoints', 'checkpoint.writes'] loop
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy owner_all on %s to workflow_owner using (true) with check (true)', name);
    execute format('create policy app_read on %s for select to workflow_app using (organization_id = any ((select workflow.readable_organizations())::uuid[]))', name);
    execute format('create policy app_insert on %s for insert to workflow_app with check (organization_id = (select workflow.active_organization()))', name);
    execute format('create policy app_update on %s for update to workflow_app using (organization_id = (select workflow.active_organization()))', name);
    execute format('create policy app_delete on %s for delete to workflow_app using (organization_id = (select workflow.active_organization()))', name);
  end loop;
end $$;

grant execute on function workflow.readable_organizations, workflow.active_organization to workflow_app;
