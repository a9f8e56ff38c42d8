-- What is being written of a workflow: one draft each, kept even while it has faults. Its JSON is text, so that it stays as it was written.
create table workflow.workflow_drafts (
  organization_id uuid not null,
  workflow_id uuid not null,
  revision int not null,
  name text not null,
  description text,
  text text not null,
  saved_by_kind text not null,
  saved_by_id text not null,
  saved_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, workflow_id),
  foreign key (organization_id, workflow_id) references workflow.workflows on delete cascade
);
-- Counts on over the drafts of a workflow, so that a revision names one state for ever.
alter table workflow.workflows add column draft_revision int not null default 0;

-- What the publisher says about it, and the number of the version that it makes current again.
alter table workflow.workflow_versions add column note text, add column restores int;

do $$
declare
  name text := 'workflow.workflow_drafts';
begin
  execute format('alter table %s enable row level security', name);
  execute format('alter table %s force row level security', name);
  execute format('create policy owner_all on %s to workflow_owner using (true) with check (true)', name);
  execute format('create policy app_read on %s for select to workflow_app using (organization_id = any ((select workflow.readable_organizations())::uuid[]))', name);
  execute format('create policy app_insert on %s for insert to workflow_app with check (organization_id = (select workflow.active_organization()))', name);
  execute format('create policy app_update on %s for update to workflow_app using (organization_id = (select workflow.active_organization()))', name);
  execute format('create policy app_delete on %s for delete to workflow_app using (organization_id = (select workflow.active_organization()))', name);
end $$;
