-- Revocations of access tokens, the sessions of people and the refresh tokens that keep them alive.

-- ── Revocations ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- What ends access tokens before their time. `session:<id>`: every token of that session; `actor:<id>`: every token of a person or a
-- service client that was issued before `revoked_at`; `key:<kid>`: every token that this key signed. A row is kept for longer than any
-- access token lives (5 minutes).
create table auth.revocations (
  subject text primary key check (subject ~ '^(session|actor|key):[A-Za-z0-9_-]{1,100}$'),
  revoked_at timestamptz not null,
  until timestamptz not null
);

revoke all on auth.revocations from auth_app;
call auth.guard('revocations', null);

create function auth.rights_lock(actor text) returns bigint
language sql immutable set search_path = auth, pg_temp as $$ select hashtextextended('auth.rights:' || actor, 0) $$;

-- Refuses the access tokens of a subject from the caller's commit on: call it in the transaction of the change that it enforces. It waits
-- for those who read this actor's rights at the moment (`issue_moment`) and lets the next one in after the commit.
create function auth.revoke(revoked text) returns void
language plpgsql security definer set search_path = auth, pg_temp as $$
declare
  entry revocations;
begin
  if revoked like 'actor:%' then perform pg_advisory_xact_lock(rights_lock(substr(revoked, 7))); end if;
  delete from revocations where until < now();
  insert into revocations values (revoked, clock_timestamp(), clock_timestamp() + interval '10 minutes')
    on conflict (subject) do update set revoked_at = excluded.revoked_at, until = excluded.until
    returning * into entry;
  perform pg_notify('auth_revocations', json_build_object('subject', entry.subject,
    'revokedAt', extract(epoch from entry.revoked_at), 'until', extract(epoch from entry.until))::text);
end $$;

-- What stands. Times in seconds since the epoch.
create function auth.standing_revocations() returns table (subject text, revoked_at double precision, until double precision)
language sql stable security definer set search_path = auth, pg_temp as $$
  select subject, extract(epoch from revoked_at)::float8, extract(epoch from until)::float8 from revocations where until > now()
$$;

-- The moment (seconds since the epoch) that an access token of this actor says it was issued at. Ask it before the rights are read, in
-- the same transaction: rights that change from here on are of a later revocation, which that token does not survive.
create function auth.issue_moment(actor text) returns double precision
language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(rights_lock(actor));
  return extract(epoch from clock_timestamp());
end $$;

-- ── Sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

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

revoke all on auth.sessions, auth.refresh_tokens from auth_app;
call auth.guard('sessions', null);
call auth.guard('refresh_tokens', null);

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

revoke all on all functions in schema auth from public;
grant execute on all functions in schema auth to auth_app;
