-- An organisation's own connections to the outside. The secret (address, keys and all, as JSON) is enveloped: `ciphertext` under a data key of
-- its own, the data key in `wrapped_key` under the key-encryption key `key_id`; both are bound to tenant, id and column. The rest is shown.
create table workflow.credentials (
  organization_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('N8N_WEBHOOK', 'OPENAI')),
  host text not null,
  hint text not null,
  key_id text not null,
  wrapped_key bytea not null,
  ciphertext bytea not null,
  saved_by_kind text not null,
  saved_by_id text not null,
  saved_at timestamptz not null default clock_timestamp(),
  last_used_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, kind)
);
-- What a rotation looks for.
create index credentials_key on workflow.credentials (key_id);

-- Unlike other tables: an agency does not read its clients' connections.
alter table workflow.credentials enable row level security;
alter table workflow.credentials force row level security;
create policy owner_all on workflow.credentials to workflow_owner using (true) with check (true);
create policy app_read on workflow.credentials for select to workflow_app using (organization_id = (select workflow.active_organization()));
create policy app_insert on workflow.credentials for insert to workflow_app with check (organization_id = (select workflow.active_organization()));
create policy app_update on workflow.credentials for update to workflow_app using (organization_id = (select workflow.active_organization()));
create policy app_delete on workflow.credentials for delete to workflow_app using (organization_id = (select workflow.active_organization()));
