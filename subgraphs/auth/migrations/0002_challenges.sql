-- One-time codes.

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

revoke all on auth.challenges from auth_app;
call auth.guard('challenges', null);

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

revoke all on all functions in schema auth from public;
grant execute on all functions in schema auth to auth_app;
