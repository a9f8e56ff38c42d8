-- The keys that sign tokens, and what the OpenID provider stores. All of it is closed to the service: the functions are the only way in.

-- ── Signing keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- A key's state follows from its times, by this database's clock, so that all processes agree on it without anybody changing a row:
--   NEXT before signs_from (published, so that verifiers know it before they need it), ACTIVE until signs_until (its successor's
--   signs_from), RETIRING until published_until (nothing that it signed can live longer), RETIRED after that.
-- The private part is encrypted with a key derived from AUTH_SECRET, and is forgotten once the key is retired.
create table auth.signing_keys (
  kid text primary key,
  public_jwk jsonb not null,
  private_key bytea,
  created_at timestamptz not null default now(),
  signs_from timestamptz not null,
  signs_until timestamptz,
  published_until timestamptz,
  check ((signs_until is null) = (published_until is null))
);
create unique index signing_keys_one_last on auth.signing_keys ((signs_until is null)) where signs_until is null;

revoke all on auth.signing_keys from auth_app;
call auth.guard('signing_keys', null);

-- Those that are not retired, the one that signs first.
create function auth.published_keys()
returns table (kid text, public_jwk jsonb, private_key bytea, state text, signs_from timestamptz)
language sql stable security definer set search_path = auth, pg_temp as $$
  with known as (
    select *, case
      when published_until <= now() then 'RETIRED' when signs_until <= now() then 'RETIRING' when signs_from > now() then 'NEXT' else 'ACTIVE'
    end as state from signing_keys
  )
  select kid, public_jwk, private_key, state, signs_from from known where state <> 'RETIRED' order by state <> 'ACTIVE', signs_from
$$;

-- Adds a key: at once when there is none, else after `lead`, from when on the last one is published for `drain` and no longer.
-- Returns when it begins to sign; null when nothing was added, because the last key is younger than `min_age` or does not sign yet.
create function auth.add_signing_key(
  new_kid text, jwk jsonb, sealed bytea, lead interval, drain interval, min_age interval
) returns timestamptz
language plpgsql security definer set search_path = auth, pg_temp as $$
declare
  last signing_keys;
  at timestamptz;
  starts timestamptz;
begin
  perform pg_advisory_xact_lock(hashtext('auth.signing_keys'));
  at := clock_timestamp();
  select * into last from signing_keys where signs_until is null;
  if last.kid is null then
    starts := at;
  elsif last.signs_from > at or last.signs_from + min_age > at then
    return null;
  else
    starts := at + lead;
    update signing_keys set signs_until = starts, published_until = starts + drain where kid = last.kid;
  end if;
  update signing_keys set private_key = null where published_until <= at;
  delete from signing_keys where published_until < at - interval '1 year';
  insert into signing_keys (kid, public_jwk, private_key, signs_from) values (new_kid, jwk, sealed, starts);
  return starts;
end $$;

-- A key that has leaked: all are retired now, what they signed is refused within a second, and the new one signs at once.
create function auth.replace_signing_keys(new_kid text, jwk jsonb, sealed bytea) returns timestamptz
language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtext('auth.signing_keys'));
  perform auth.revoke('key:' || kid) from signing_keys where published_until is null or published_until > clock_timestamp();
  update signing_keys set signs_until = clock_timestamp(), published_until = clock_timestamp(), private_key = null
    where published_until is null or published_until > clock_timestamp();
  insert into signing_keys (kid, public_jwk, private_key, signs_from) values (new_kid, jwk, sealed, clock_timestamp());
  return clock_timestamp();
end $$;

-- ── What oidc-provider stores ────────────────────────────────────────────────────────────────────────────────────────────────

-- Found by id, uid or grant. The ids are keyed hashes: a token, a code and a session are known by what their holder presents.
create table auth.oidc_payloads (
  model text not null,
  id text not null,
  payload jsonb not null,
  grant_id text,
  uid text,
  expires_at timestamptz,
  primary key (model, id)
);
create index oidc_payloads_grant on auth.oidc_payloads (grant_id);
create index oidc_payloads_uid on auth.oidc_payloads (model, uid);
create index oidc_payloads_expiry on auth.oidc_payloads (expires_at);

revoke all on auth.oidc_payloads from auth_app;
call auth.guard('oidc_payloads', null);

create function auth.save_oidc_payload(of_model text, of_id text, content jsonb, of_grant text, of_uid text, seconds int) returns void
language sql security definer set search_path = auth, pg_temp as $$
  delete from oidc_payloads where expires_at < now() - interval '1 day';
  insert into oidc_payloads (model, id, payload, grant_id, uid, expires_at)
    values (of_model, of_id, content, of_grant, of_uid, now() + make_interval(secs => seconds))
    on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid, expires_at = excluded.expires_at;
$$;

create function auth.find_oidc_payload(of_model text, of_id text, of_uid text) returns jsonb
language sql stable security definer set search_path = auth, pg_temp as $$
  select payload from oidc_payloads
  where model = of_model and (id = of_id or uid = of_uid) and (expires_at is null or expires_at > now())
$$;

-- Whether this very call used it up: of many at once, one does.
create function auth.consume_oidc_payload(of_model text, of_id text) returns boolean
language sql security definer set search_path = auth, pg_temp as $$
  with used as (
    update oidc_payloads set payload = payload || jsonb_build_object('consumed', extract(epoch from now())::bigint)
    where model = of_model and id = of_id and not payload ? 'consumed' returning 1
  )
  select exists (select from used)
$$;

create function auth.remove_oidc_payload(of_model text, of_id text) returns void
language sql security definer set search_path = auth, pg_temp as $$
  delete from oidc_payloads where model = of_model and id = of_id
$$;

-- ── Grants ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- What a person let an application do is a session of that person: listed with the others, ended like them, in one organisation.
create table auth.oidc_grants (
  grant_id text primary key,
  session_id uuid not null unique references auth.sessions on delete cascade,
  service_client_id uuid not null
);
create index oidc_grants_client on auth.oidc_grants (service_client_id);

revoke all on auth.oidc_grants from auth_app;
call auth.guard('oidc_grants', null);

create function auth.open_oidc_grant(
  new_grant text, client uuid, session uuid, person uuid, organization uuid, max_lifetime interval, max_idle interval, agent text, remote text
) returns void
language sql security definer set search_path = auth, pg_temp as $$
  insert into sessions (id, user_id, organization_id, expires_at, idle_expires_at, user_agent, address)
    values (session, person, organization, now() + max_lifetime, now() + least(max_idle, max_lifetime), agent, remote);
  insert into oidc_grants (grant_id, session_id, service_client_id) values (new_grant, session, client);
$$;

-- Who is signed in, while a member of anything: for the consent page and the ID token.
create function auth.person(person uuid) returns table (email text, display_name text)
language sql stable security definer set search_path = auth, pg_temp as $$
  select email, display_name from users
  where id = person and exists (select from memberships where user_id = person and ended_at is null)
$$;

-- The session of a grant, unless it is over.
create function auth.session_of_grant(of_grant text, max_lifetime interval)
returns table (session_id uuid, user_id uuid, organization_id uuid)
language sql stable security definer set search_path = auth, pg_temp as $$
  select s.id, s.user_id, s.organization_id from oidc_grants g join sessions s on s.id = g.session_id
  where g.grant_id = of_grant and is_alive(s, max_lifetime)
$$;

-- It is not idle.
create function auth.use_session_of_grant(of_grant text, max_idle interval) returns void
language sql security definer set search_path = auth, pg_temp as $$
  update sessions set last_used_at = now(), idle_expires_at = least(now() + max_idle, expires_at)
  from oidc_grants g where g.grant_id = of_grant and sessions.id = g.session_id and ended_at is null
$$;

-- Ends grants with all that hangs on them: tokens that they gave are refused within a second.
create function auth.end_oidc_grants(of_grants text[]) returns int
language plpgsql security definer set search_path = auth, pg_temp as $$
declare
  ended int;
begin
  delete from oidc_payloads where grant_id = any(of_grants);
  with over as (
    update sessions set ended_at = now() from oidc_grants g
    where g.grant_id = any(of_grants) and sessions.id = g.session_id and ended_at is null returning sessions.id
  ), told as (
    select auth.revoke('session:' || id) from over
  )
  select count(*) into ended from told;
  return ended;
end $$;

-- The grant that a session is, by the `sid` of its tokens.
create function auth.end_session_grant(session uuid) returns int
language sql security definer set search_path = auth, pg_temp as $$
  select end_oidc_grants(array(select grant_id from oidc_grants where session_id = session))
$$;

-- Those that people gave to one service client.
create function auth.end_client_grants(client uuid) returns int
language sql security definer set search_path = auth, pg_temp as $$
  select end_oidc_grants(array(select grant_id from oidc_grants where service_client_id = client))
$$;

revoke all on all functions in schema auth from public;
grant execute on all functions in schema auth to auth_app;
