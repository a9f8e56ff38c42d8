-- Programs that act for an organisation (CONFIDENTIAL, by a secret), and programs in the hands of people, who sign in through them
-- (PUBLIC, without a secret, by addresses to return to).

create table auth.service_clients (
  organization_id uuid not null references auth.organizations,
  id uuid not null default uuidv7(),
  client_id text not null unique, -- made by us, never chosen by a tenant
  name text not null,
  kind text not null default 'CONFIDENTIAL' check (kind in ('CONFIDENTIAL', 'PUBLIC')),
  scopes text[] not null,
  redirect_uris text[] not null default '{}',
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (organization_id, id),
  check ((kind = 'PUBLIC') = (cardinality(redirect_uris) > 0))
);
create unique index service_clients_id on auth.service_clients (id);

-- Several may work at a time, so that a secret is changed without an outage. Only a keyed hash is kept.
create table auth.service_client_secrets (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  service_client_id uuid not null,
  hash bytea not null,
  hint text not null, -- its last characters, to tell them apart by
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, service_client_id) references auth.service_clients
);
create index service_client_secrets_client on auth.service_client_secrets (organization_id, service_client_id);

revoke delete on auth.service_clients, auth.service_client_secrets from auth_app;
call auth.guard('service_clients', 'organization_id');
call auth.guard('service_client_secrets', 'organization_id');

-- A client that may be used now, with the hashes of the secrets that work: `[{ "id", "hash" }]`, hashes in hexadecimal.
create function auth.find_service_client(client text)
returns table (
  id uuid, organization_id uuid, organization_name text, name text, kind text, redirect_uris text[], scopes text[], clients uuid[], secrets jsonb
)
language sql stable security definer set search_path = auth, pg_temp as $$
  select c.id, c.organization_id, o.name, c.name, c.kind, c.redirect_uris, c.scopes,
    array(select id from organizations where agency_id = c.organization_id order by id),
    coalesce((
      select jsonb_agg(jsonb_build_object('id', s.id, 'hash', encode(s.hash, 'hex')) order by s.id) from service_client_secrets s
      where s.organization_id = c.organization_id and s.service_client_id = c.id and (s.expires_at is null or s.expires_at > now())
    ), '[]')
  from service_clients c join organizations o on o.id = c.organization_id
  where c.client_id = client and c.revoked_at is null and (c.expires_at is null or c.expires_at > now())
$$;

-- When a token of this client says that it was issued, or null when the client has none to get any more: a revocation either comes first
-- and is seen here, or waits for this transaction and then ends the token (auth.revoke).
create function auth.client_issue_moment(client text) returns double precision
language plpgsql security definer set search_path = auth, pg_temp as $$
declare
  at double precision;
begin
  select issue_moment(id::text) into at from service_clients where client_id = client;
  perform from service_clients where client_id = client and revoked_at is null and (expires_at is null or expires_at > now());
  return case when found then at end;
end $$;

-- Who it is, in use or not: for the audit trail.
create function auth.organization_of_client(client text) returns table (id uuid, organization_id uuid, revoked boolean)
language sql stable security definer set search_path = auth, pg_temp as $$
  select id, organization_id, revoked_at is not null or expires_at < now() from service_clients where client_id = client
$$;

-- To ten seconds: a busy client does not write its row with every token.
create function auth.service_client_used(client text, secret uuid) returns void
language sql security definer set search_path = auth, pg_temp as $$
  update service_clients set last_used_at = now()
    where client_id = client and (last_used_at is null or last_used_at < now() - interval '10 s');
  update service_client_secrets set last_used_at = now()
    where id = secret and (last_used_at is null or last_used_at < now() - interval '10 s');
$$;

-- ── Guessing at secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────

-- Failed authentications within a minute of the first one, by what is counted: an address, or a client id at an address. Never by the
-- client id alone: whoever knows it could lock its owner out.
create table auth.client_failures (
  key text primary key,
  since timestamptz not null,
  failures int not null
);
revoke all on auth.client_failures from auth_app;
call auth.guard('client_failures', null);

create function auth.count_client_failures(keys text[]) returns void
language sql security definer set search_path = auth, pg_temp as $$
  delete from client_failures where since < now() - interval '1 hour';
  insert into client_failures as f (key, since, failures)
    select key, now(), 1 from unnest(keys) as key order by key
    on conflict (key) do update set
      failures = case when f.since > now() - interval '1 minute' then f.failures + 1 else 1 end,
      since = case when f.since > now() - interval '1 minute' then f.since else excluded.since end;
$$;

-- With the seconds until they are forgotten.
create function auth.client_failures(keys text[]) returns table (key text, failures int, seconds int)
language sql stable security definer set search_path = auth, pg_temp as $$
  select key, failures, ceil(extract(epoch from since + interval '1 minute' - now()))::int from client_failures
  where key = any(keys) and since > now() - interval '1 minute'
$$;

revoke all on all functions in schema auth from public;
grant execute on all functions in schema auth to auth_app;
