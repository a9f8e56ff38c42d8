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
-- for those who read this actor's rights at the moment (`issue_moment`) and lets the next one in after the commit; for nobody else.
create function auth.revoke(revoked text) returns void
language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  if revoked like 'actor:%' then perform pg_advisory_xact_lock(rights_lock(substr(revoked, 7))); end if;
  delete from revocations where subject in (select subject from revocations where until < now() for update skip locked);
  insert into revocations values (revoked, clock_timestamp(), clock_timestamp() + interval '10 minutes')
    on conflict (subject) do update set revoked_at = excluded.revoked_at, until = excluded.until;
  perform pg_notify('auth_revocations', '');
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

-- A session ends by signing out, at `expires_at` whatever happens (absolute), and at `idle_expires_at` when nothing happens until then.
create table auth.sessions (
  id uuid primary key,
  user_id uuid not null references auth.users,
  organization_id uuid not null references auth.organizations,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  idle_expires_at timestamptz not null,
  ended_at timestamptz,
  user_agent text,
  address text
);
create index sessions_user on auth.sessions (user_id);
create index sessions_expiry on auth.sessions (expires_at);

-- A session's family of refresh tokens: each works once and is kept, used, for as long as its session, so that a copy is recognised.
create table auth.refresh_tokens (
  hash bytea primary key,
  session_id uuid not null references auth.sessions on delete cascade,
  created_at timestamptz not null default now(),
  used_at timestamptz
);
create index refresh_tokens_session on auth.refresh_tokens (session_id);

revoke all on auth.sessions, auth.refresh_tokens from auth_app;
call auth.guard('sessions', null);
call auth.guard('refresh_tokens', null);

-- Whether a session goes on. A lifetime that was made shorter since holds for it too.
create function auth.is_alive(session auth.sessions, max_lifetime interval) returns boolean
language sql stable set search_path = auth, pg_temp as $$
  select session.ended_at is null and session.idle_expires_at > now()
    and least(session.expires_at, session.created_at + max_lifetime) > now()
$$;

create function auth.open_session(
  session uuid, person uuid, organization uuid, max_lifetime interval, max_idle interval, refresh_hash bytea, agent text, remote text
) returns table (expires_at timestamptz, idle_expires_at timestamptz)
language plpgsql security definer set search_path = auth, pg_temp as $$
#variable_conflict use_column
begin
  delete from sessions where expires_at < now() - interval '30 days';
  return query insert into sessions (id, user_id, organization_id, expires_at, idle_expires_at, user_agent, address)
    values (session, person, organization, now() + max_lifetime, now() + least(max_idle, max_lifetime), agent, remote)
    returning expires_at, idle_expires_at;
  insert into refresh_tokens (hash, session_id) values (refresh_hash, session);
end $$;

-- Uses up one refresh token and puts the next in its place. `outcome`:
--   RENEWED  `issued_at` is the moment of the next access token (`issue_moment`): read the rights after this, in the same transaction
--   REUSED   it was used before, so there are two who hold it: the session is over now, with every token of its family (RFC 9700, 4.14.2)
--   OVER     the session has ended or expired
-- No row for an unknown token. The session's row is the lock: of many at once with the same token the first gets the next one, and the
-- second ends the family, since it cannot be told from a thief. Whoever asks must therefore ask once (`web/src/ui/session`).
create function auth.rotate_refresh_token(old_hash bytea, new_hash bytea, max_lifetime interval, max_idle interval)
returns table (
  outcome text, session_id uuid, user_id uuid, organization_id uuid, expires_at timestamptz, idle_expires_at timestamptz,
  issued_at double precision
)
language plpgsql security definer set search_path = auth, pg_temp as $$
#variable_conflict use_column
declare
  session sessions;
  is_used boolean;
begin
  select sessions.* into session from sessions
    where id = (select session_id from refresh_tokens where hash = old_hash) for update;
  if not found then return; end if;
  -- Asked under the lock, by a statement of its own: this sees what the one before us wrote.
  select used_at is not null into is_used from refresh_tokens where hash = old_hash;
  outcome := case when not is_alive(session, max_lifetime) then 'OVER' when is_used then 'REUSED' else 'RENEWED' end;
  if outcome = 'REUSED' then
    update sessions set ended_at = now() where id = session.id;
    perform revoke('session:' || session.id);
  elsif outcome = 'RENEWED' then
    update refresh_tokens set used_at = now() where hash = old_hash;
    insert into refresh_tokens (hash, session_id) values (new_hash, session.id);
    session.expires_at := least(session.expires_at, session.created_at + max_lifetime);
    update sessions set last_used_at = now(), expires_at = session.expires_at,
      idle_expires_at = least(now() + max_idle, session.expires_at)
    where id = session.id returning * into session;
    issued_at := issue_moment(session.user_id::text);
  end if;
  return query select outcome, session.id, session.user_id, session.organization_id, session.expires_at, session.idle_expires_at, issued_at;
end $$;

create function auth.enter_organization(session uuid, organization uuid) returns void
language sql security definer set search_path = auth, pg_temp as $$
  update sessions set organization_id = organization where id = session
$$;

-- The session that goes on to which a refresh token, used or not, belongs.
create function auth.session_of_token(token_hash bytea) returns table (session_id uuid, user_id uuid)
language sql stable security definer set search_path = auth, pg_temp as $$
  select sessions.id, sessions.user_id from refresh_tokens join sessions on sessions.id = session_id
  where hash = token_hash and ended_at is null and least(expires_at, idle_expires_at) > now()
$$;

-- Ends sessions of a person and their access tokens: one, or (null) all but one, or (null, null) all. Returns those that it ended.
create function auth.end_sessions(person uuid, only_one uuid, all_but uuid)
returns table (session_id uuid, organization_id uuid)
language plpgsql security definer set search_path = auth, pg_temp as $$
#variable_conflict use_column
begin
  for session_id, organization_id in
    update sessions set ended_at = now()
    where user_id = person and ended_at is null and (only_one is null or id = only_one) and id is distinct from all_but
    returning id, organization_id
  loop
    perform revoke('session:' || session_id);
    return next;
  end loop;
end $$;

create function auth.sessions_of(person uuid, max_lifetime interval) returns setof auth.sessions
language sql stable security definer set search_path = auth, pg_temp as $$
  select * from sessions where user_id = person and is_alive(sessions, max_lifetime) order by last_used_at desc, id
$$;

-- Whether a person's session was opened, by a code, no longer ago than this; renewing it does not count.
create function auth.signed_in_within(person uuid, session uuid, age interval) returns boolean
language sql stable security definer set search_path = auth, pg_temp as $$
  select exists (
    select from sessions where id = session and user_id = person and ended_at is null and created_at > now() - age
  )
$$;

revoke all on all functions in schema auth from public;
grant execute on all functions in schema auth to auth_app;
