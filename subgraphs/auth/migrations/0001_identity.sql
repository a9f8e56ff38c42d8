-- People, organisations, members, service clients, sessions, one-time codes and signing keys.
--
-- Two kinds of table, beside the service's own keys and protocol state (signing_keys, oidc_payloads):
--   a tenant's own (organizations, memberships, invitations, service_clients, users): row level security, forced; the service reads and
--     writes them in the tenancy of the caller's token;
--   what must work before anybody is signed in (challenges, sessions, refresh_tokens): closed to the service; the functions at the end
--     of this file are the only way to them, and each does one step of a sign-in.

create table auth.users (
  id uuid primary key default uuidv7(),
  email text not null unique check (email = lower(email)),
  display_name text not null,
  created_at timestamptz not null default now()
);

create table auth.organizations (
  id uuid primary key default uuidv7(),
  name text not null,
  kind text not null check (kind in ('AGENCY', 'CLIENT')),
  agency_id uuid references auth.organizations,
  time_zone text not null default 'UTC',
  created_at timestamptz not null default now(),
  check ((kind = 'CLIENT') = (agency_id is not null))
);
create index organizations_agency on auth.organizations (agency_id);

-- A removed member keeps the row, ended: what the person decided goes on showing a name.
create table auth.memberships (
  organization_id uuid not null references auth.organizations,
  id uuid not null default uuidv7(),
  user_id uuid not null references auth.users,
  role text not null check (role in ('AGENCY_ADMIN', 'AGENCY_OPERATOR', 'CLIENT_OWNER', 'CLIENT_REVIEWER', 'CLIENT_VIEWER')),
  since timestamptz(3) not null default now(), -- to the millisecond, as cursors carry it
  ended_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, user_id)
);
create index memberships_user on auth.memberships (user_id);

create table auth.invitations (
  organization_id uuid not null references auth.organizations,
  id uuid not null default uuidv7(),
  email text not null check (email = lower(email)),
  display_name text,
  role text not null check (role in ('AGENCY_ADMIN', 'AGENCY_OPERATOR', 'CLIENT_OWNER', 'CLIENT_REVIEWER', 'CLIENT_VIEWER')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, email)
);
create index invitations_email on auth.invitations (email);

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

create table auth.challenges (
  id uuid primary key,
  email text not null,
  code_hash bytea not null,
  attempts int not null default 0,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  consumed_at timestamptz
);
create index challenges_expiry on auth.challenges (expires_at);

create table auth.sessions (
  id uuid primary key,
  user_id uuid not null references auth.users,
  organization_id uuid not null references auth.organizations,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  user_agent text,
  address text
);
create index sessions_user on auth.sessions (user_id);

create table auth.refresh_tokens (
  hash bytea primary key,
  session_id uuid not null references auth.sessions on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_session on auth.refresh_tokens (session_id);

-- The private part is encrypted with a key derived from AUTH_SECRET. One key signs at a time.
create table auth.signing_keys (
  kid text primary key,
  public_jwk jsonb not null,
  private_key bytea not null,
  status text not null check (status in ('NEXT', 'ACTIVE', 'RETIRED')),
  created_at timestamptz not null default now()
);
create unique index signing_keys_one_active on auth.signing_keys (status) where status = 'ACTIVE';

-- What oidc-provider stores: opaque to us, found by id, uid, user code or grant.
create table auth.oidc_payloads (
  model text not null,
  id text not null,
  payload jsonb not null,
  grant_id text,
  user_code text,
  uid text,
  expires_at timestamptz,
  primary key (model, id)
);
create index oidc_payloads_grant on auth.oidc_payloads (grant_id);
create index oidc_payloads_uid on auth.oidc_payloads (model, uid);
create index oidc_payloads_expiry on auth.oidc_payloads (expires_at);

revoke all on auth.challenges, auth.sessions, auth.refresh_tokens from auth_app;
revoke insert, update, delete on auth.users from auth_app;
revoke delete on auth.organizations, auth.memberships, auth.service_clients from auth_app;

-- Whether the caller may see this person: a member, now or once, of an organisation that the caller reads, or of its agency.
create function auth.is_in_sight(person uuid) returns boolean
language sql stable security definer set search_path = auth, pg_temp as $$
  with readable as (
    select unnest(coalesce(nullif(current_setting('app.organizations', true), ''), '{}')::uuid[]) as id
  )
  select exists (
    select from memberships
    where user_id = person and organization_id in (
      select id from readable union select agency_id from organizations where id in (select id from readable)
    )
  )
$$;

do $$
declare
  entry record;
begin
  for entry in
    select * from (values
      ('users', null), ('organizations', 'id'), ('memberships', 'organization_id'), ('invitations', 'organization_id'),
      ('service_clients', 'organization_id'), ('challenges', null), ('sessions', null), ('refresh_tokens', null)
    ) as guarded(name, tenant)
  loop
    execute format('alter table auth.%I enable row level security', entry.name);
    execute format('alter table auth.%I force row level security', entry.name);
    execute format('create policy owner_all on auth.%I to auth_owner using (true) with check (true)', entry.name);
    continue when entry.tenant is null;
    execute format($policy$create policy tenant_read on auth.%I for select to auth_app
      using (%I = any(coalesce(nullif(current_setting('app.organizations', true), ''), '{}')::uuid[]))$policy$, entry.name, entry.tenant);
    execute format($policy$create policy tenant_insert on auth.%I for insert to auth_app
      with check (%I = nullif(current_setting('app.organization', true), '')::uuid)$policy$, entry.name, entry.tenant);
    execute format($policy$create policy tenant_update on auth.%I for update to auth_app
      using (%2$I = nullif(current_setting('app.organization', true), '')::uuid)
      with check (%2$I = nullif(current_setting('app.organization', true), '')::uuid)$policy$, entry.name, entry.tenant);
    execute format($policy$create policy tenant_delete on auth.%I for delete to auth_app
      using (%I = nullif(current_setting('app.organization', true), '')::uuid)$policy$, entry.name, entry.tenant);
  end loop;
end $$;
create policy people_in_sight on auth.users for select to auth_app using (auth.is_in_sight(id));

-- ── Signing in: people ───────────────────────────────────────────────────────────────────────────────────────────────────────

-- The person with this address; made when there is none. The name of a known person stays.
create function auth.ensure_user(address text, name text) returns uuid
language plpgsql security definer set search_path = auth, pg_temp as $$
declare
  found_id uuid;
begin
  insert into users (email, display_name) values (lower(address), name) on conflict (email) do nothing returning id into found_id;
  if found_id is null then select id into found_id from users where email = lower(address); end if;
  return found_id;
end $$;

-- Whether a code for this address could sign anybody in: a member, or somebody who is invited.
create function auth.is_expected(address text) returns boolean
language sql stable security definer set search_path = auth, pg_temp as $$
  select exists (select from users join memberships on user_id = users.id and ended_at is null where email = lower(address))
    or exists (select from invitations where email = lower(address) and accepted_at is null and expires_at > now())
$$;

create function auth.open_invitations(address text) returns table (organization_id uuid, id uuid, role text, display_name text)
language sql stable security definer set search_path = auth, pg_temp as $$
  select organization_id, id, role, display_name from invitations
  where email = lower(address) and accepted_at is null and expires_at > now() order by created_at
$$;

-- The organisations that this person is a member of, oldest membership first, each with the clients of an agency.
create function auth.memberships_of(person uuid) returns table (organization_id uuid, role text, clients uuid[])
language sql stable security definer set search_path = auth, pg_temp as $$
  select organization_id, role, array(select id from organizations where agency_id = organization_id order by id)
  from memberships where user_id = person and ended_at is null order by since, memberships.id
$$;

-- ── One-time codes ───────────────────────────────────────────────────────────────────────────────────────────────────────────

create function auth.open_challenge(challenge uuid, address text, hash bytea, lifetime interval) returns timestamptz
language plpgsql security definer set search_path = auth, pg_temp as $$
declare
  until timestamptz := now() + lifetime;
begin
  delete from challenges where expires_at < now() - interval '1 day';
  insert into challenges (id, email, code_hash, expires_at) values (challenge, lower(address), hash, until);
  return until;
end $$;

-- Counts the try and consumes the challenge when the code is right, in one statement: the row's lock lets one of many right answers
-- through. Returns the address, or null.
create function auth.answer_challenge(challenge uuid, hash bytea, max_attempts int) returns text
language sql security definer set search_path = auth, pg_temp as $$
  with answered as (
    update challenges set attempts = attempts + 1, consumed_at = case when code_hash = hash then now() end
    where id = challenge and consumed_at is null and attempts < max_attempts and expires_at > now()
    returning email, consumed_at
  )
  select email from answered where consumed_at is not null
$$;

-- ── Sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

create function auth.open_session(
  session uuid, person uuid, organization uuid, lifetime interval, refresh_hash bytea, refresh_until timestamptz, agent text, remote text
) returns void
language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  delete from sessions where expires_at < now() - interval '30 days';
  insert into sessions (id, user_id, organization_id, expires_at, user_agent, address)
    values (session, person, organization, now() + lifetime, agent, remote);
  insert into refresh_tokens (hash, session_id, expires_at) values (refresh_hash, session, refresh_until);
end $$;

-- Uses up one refresh token and puts the next in its place; no row when the token is unknown, used, expired or its session is over.
create function auth.rotate_refresh_token(old_hash bytea, new_hash bytea, new_until timestamptz)
returns table (session_id uuid, user_id uuid, organization_id uuid, refresh_until timestamptz)
language plpgsql security definer set search_path = auth, pg_temp as $$
#variable_conflict use_column
declare
  current sessions;
begin
  update refresh_tokens set used_at = now() where hash = old_hash and used_at is null and expires_at > now()
    returning session_id into current.id;
  if not found then return; end if;
  update sessions set last_used_at = now() where id = current.id and ended_at is null and expires_at > now() returning * into current;
  if not found then return; end if;
  return query insert into refresh_tokens (hash, session_id, expires_at)
    values (new_hash, current.id, least(new_until, current.expires_at))
    returning current.id, current.user_id, current.organization_id, expires_at;
end $$;

create function auth.enter_organization(session uuid, organization uuid) returns void
language sql security definer set search_path = auth, pg_temp as $$
  update sessions set organization_id = organization where id = session
$$;

-- The session that a refresh token, used or not, belongs to.
create function auth.session_of_token(token_hash bytea) returns table (session_id uuid, user_id uuid)
language sql stable security definer set search_path = auth, pg_temp as $$
  select sessions.id, sessions.user_id from refresh_tokens join sessions on sessions.id = session_id where hash = token_hash
$$;

-- Ends one session of a person, or all when no session is given; returns how many.
create function auth.end_sessions(person uuid, session uuid) returns int
language sql security definer set search_path = auth, pg_temp as $$
  with ended as (
    update sessions set ended_at = now() where user_id = person and ended_at is null and (session is null or id = session) returning 1
  )
  select count(*)::int from ended
$$;

create function auth.sessions_of(person uuid)
returns table (id uuid, created_at timestamptz, last_used_at timestamptz, user_agent text, address text)
language sql stable security definer set search_path = auth, pg_temp as $$
  select id, created_at, last_used_at, user_agent, address from sessions
  where user_id = person and ended_at is null and expires_at > now() order by last_used_at desc
$$;

-- ── Service clients ──────────────────────────────────────────────────────────────────────────────────────────────────────────

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
