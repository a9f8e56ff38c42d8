-- Programs that act for an organisation.

create table auth.service_clients (
  organization_id uuid not null references auth.organizations,
  id uuid not null default uuidv7(),
  client_id text not null unique, -- made by us, never chosen by a tenant
  name text not null,
  secret_hash bytea not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (organization_id, id)
);
create unique index service_clients_id on auth.service_clients (id);

revoke delete on auth.service_clients from auth_app;
call auth.guard('service_clients', 'organization_id');

create function auth.find_service_client(client text)
returns table (id uuid, organization_id uuid, secret_hash bytea, scopes text[], clients uuid[])
language sql stable security definer set search_path = auth, pg_temp as $$
  select id, organization_id, secret_hash, scopes, array(select id from organizations where agency_id = organization_id order by id)
  from service_clients where client_id = client and revoked_at is null and (expires_at is null or expires_at > now())
$$;

create function auth.service_client_used(client text) returns void
language sql security definer set search_path = auth, pg_temp as $$
  update service_clients set last_used_at = now() where client_id = client
$$;

revoke all on all functions in schema auth from public;
grant execute on all functions in schema auth to auth_app;
