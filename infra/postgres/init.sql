-- Roles, schemas and rights, made by the superuser once per database; safe to run again. Per owner two roles: <name>_owner migrates,
-- <name>_app serves (owns nothing, bypasses nothing, cannot truncate). Passwords are set beside this file.
do $$
declare
  role text;
begin
  foreach role in array array[
    'auth_owner', 'auth_app', 'workflow_owner', 'workflow_app', 'telemetry_owner', 'telemetry_app', 'telemetry_consumer', 'events_owner'
  ] loop
    if not exists (select from pg_roles where rolname = role) then
      execute format('create role %I login nosuperuser nocreatedb nocreaterole nobypassrls', role);
    end if;
  end loop;
end $$;

revoke create on schema public from public;

do $$
declare
  entry record;
begin
  for entry in
    select * from (values
      ('auth', 'auth_owner', '{auth_app}'::text[]),
      ('workflow', 'workflow_owner', '{workflow_app}'),
      ('checkpoint', 'workflow_owner', '{workflow_app}'),
      ('knowledge', 'workflow_owner', '{workflow_app}'),
      ('telemetry', 'telemetry_owner', '{telemetry_app,telemetry_consumer}'),
      ('events', 'events_owner', '{}')
    ) as owned(name, owner, apps)
  loop
    execute format('create schema if not exists %I authorization %I', entry.name, entry.owner);
    declare
      app text;
    begin
      foreach app in array entry.apps loop
        execute format('grant usage on schema %I to %I', entry.name, app);
        execute format('alter default privileges for role %I in schema %I grant select, insert, update, delete on tables to %I', entry.owner, entry.name, app);
        execute format('alter default privileges for role %I in schema %I grant usage, select on sequences to %I', entry.owner, entry.name, app);
        execute format('alter default privileges for role %I in schema %I grant execute on functions to %I', entry.owner, entry.name, app);
      end loop;
    end;
    -- Everybody's right to execute is the role's own default: revoked "in schema" it would stay.
    execute format('alter default privileges for role %I revoke execute on functions from public', entry.owner);
  end loop;
end $$;

grant usage on schema events to auth_app, workflow_app, telemetry_app, telemetry_consumer;

do $$
begin
  if exists (select from pg_available_extensions where name = 'vector') then
    create extension if not exists vector;
  end if;
end $$;
