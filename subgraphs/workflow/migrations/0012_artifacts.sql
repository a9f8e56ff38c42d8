-- Contents are kept once for each organisation, by their digest. Every object stands here from before it is stored until a row names it, and
-- again from when the last row that names it goes; what stands here for a day and is named by no row is removed from the store.
create table workflow.loose_objects (
  organization_id uuid not null,
  object_key text not null,
  since timestamptz not null default clock_timestamp(),
  primary key (organization_id, object_key)
);
create index loose_objects_since on workflow.loose_objects (since);
create index artifacts_by_object on workflow.artifacts (organization_id, object_key);

alter table workflow.loose_objects enable row level security;
alter table workflow.loose_objects force row level security;
create policy owner_all on workflow.loose_objects to workflow_owner using (true) with check (true);
create policy app_read on workflow.loose_objects for select to workflow_app using (organization_id = any ((select workflow.readable_organizations())::uuid[]));
create policy app_insert on workflow.loose_objects for insert to workflow_app with check (organization_id = (select workflow.active_organization()));
create policy app_update on workflow.loose_objects for update to workflow_app using (organization_id = (select workflow.active_organization()));
create policy app_delete on workflow.loose_objects for delete to workflow_app using (organization_id = (select workflow.active_organization()));

-- Security definer: rows also go with their run, by whoever removes that.
create function workflow.loosen_objects() returns trigger language plpgsql security definer set search_path = workflow, pg_temp as $$
begin
  insert into workflow.loose_objects (organization_id, object_key) select distinct organization_id, object_key from gone
  on conflict (organization_id, object_key) do update set since = excluded.since;
  return null;
end $$;
create trigger artifacts_gone after delete on workflow.artifacts referencing old table as gone
  for each statement execute function workflow.loosen_objects();

-- Security definer, across tenants: objects that no row has named for so many seconds, locked until the caller's transaction ends; those that
-- a row names again are forgotten.
create function workflow.claim_loose_objects(p_seconds float8, p_limit int) returns table (organization_id uuid, object_key text)
language plpgsql security definer set search_path = workflow, pg_temp as $$
#variable_conflict use_column
begin
  delete from workflow.loose_objects l where l.since < clock_timestamp() - make_interval(secs => p_seconds)
    and exists (select from workflow.artifacts a where a.organization_id = l.organization_id and a.object_key = l.object_key);
  return query select l.organization_id, l.object_key from workflow.loose_objects l
    where l.since < clock_timestamp() - make_interval(secs => p_seconds) order by l.since limit p_limit for update skip locked;
end $$;

create function workflow.forget_loose_objects(p_objects jsonb) returns void
language sql security definer set search_path = workflow, pg_temp as $$
  delete from workflow.loose_objects l using jsonb_to_recordset(p_objects) as gone (organization_id uuid, object_key text)
  where l.organization_id = gone.organization_id and l.object_key = gone.object_key
$$;

grant execute on function workflow.claim_loose_objects, workflow.forget_loose_objects to workflow_app;
