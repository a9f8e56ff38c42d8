-- Knowledge bases with their documents (the index over them is derived and lies elsewhere), and what runs leave behind in S3.
create table workflow.knowledge_bases (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  name text not null check (name <> ''),
  embedding_model text not null,
  calibration jsonb,
  calibration_status text not null default 'NONE' check (calibration_status in ('NONE', 'RUNNING', 'READY', 'FAILED')),
  -- A process that dies while it calibrates leaves RUNNING behind; after a while that no longer counts.
  calibration_started_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  unique (organization_id, name)
);

create table workflow.documents (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  knowledge_base_id uuid not null,
  key text not null check (key <> ''),
  title text,
  text text not null,
  label text,
  content_hash text not null,
  -- The content that the index holds; null or another hash: the document waits to be indexed.
  indexed_hash text,
  chunks int not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  unique (organization_id, knowledge_base_id, key),
  foreign key (organization_id, knowledge_base_id) references workflow.knowledge_bases on delete cascade
);

create table workflow.artifacts (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid not null,
  name text not null check (name <> ''),
  media_type text not null,
  bytes bigint not null check (bytes >= 0),
  sha256 text not null,
  object_key text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  unique (organization_id, run_id, name, sha256),
  foreign key (organization_id, run_id) references workflow.runs on delete cascade
);

do $$
declare
  name text;
begin
  foreach name in array array['workflow.knowledge_bases', 'workflow.documents', 'workflow.artifacts'] loop
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy owner_all on %s to workflow_owner using (true) with check (true)', name);
    execute format('create policy app_read on %s for select to workflow_app using (organization_id = any ((select workflow.readable_organizations())::uuid[]))', name);
    execute format('create policy app_insert on %s for insert to workflow_app with check (organization_id = (select workflow.active_organization()))', name);
    execute format('create policy app_update on %s for update to workflow_app using (organization_id = (select workflow.active_organization()))', name);
    execute format('create policy app_delete on %s for delete to workflow_app using (organization_id = (select workflow.active_organization()))', name);
  end loop;
end $$;
