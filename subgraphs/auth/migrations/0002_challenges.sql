-- One-time codes: the challenges, the counts that keep guessing and spraying slow, and the messages that still have to go out. All of it
-- is closed to the service but for the functions below, which take turns by address: what they count is exact, however many processes ask.

-- A confirmed number, to which codes can be sent. Set and taken away by its owner only.
alter table auth.users add column phone text unique check (phone ~ '^\+[1-9][0-9]{7,14}$');

create table auth.challenges (
  id uuid primary key,
  purpose text not null, -- `sign-in`, or `phone:<user id>`: a code for one is none for the other
  channel text not null check (channel in ('EMAIL', 'SMS')),
  address text not null,
  code_hash bytea not null,
  browser_hash bytea not null, -- of the browser that asked: the code works there only
  client text not null, -- the network address that asked; an IPv6 one by its /64
  attempts int not null default 0,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  consumed_at timestamptz,
  superseded_at timestamptz
);
create index challenges_expiry on auth.challenges (expires_at);
create index challenges_address on auth.challenges (channel, address, created_at);
create index challenges_client on auth.challenges (client, created_at);
create index challenges_purpose on auth.challenges (purpose, created_at) where purpose <> 'sign-in';

-- Failed tries in a row, over challenges. A browser that has answered rightly for an address counts by itself from then on (a "device
-- cookie", OWASP): what strangers guess does not lock its owner out. All others share the row without a browser.
create table auth.code_locks (
  channel text not null,
  address text not null,
  browser_hash bytea not null, -- empty: everybody who never signed in with this address
  failed_tries int not null default 0,
  locked_until timestamptz,
  used_at timestamptz not null default now(),
  primary key (channel, address, browser_hash)
);
create index code_locks_used on auth.code_locks (used_at);

-- Codes on their way: sealed with a key that is not in the database, gone once sent. An address that could sign nobody in gets a row like
-- any other, which the sender handles like any other, but for sending it.
create table auth.outgoing_codes (
  challenge_id uuid primary key references auth.challenges on delete cascade,
  channel text not null,
  sealed bytea not null,
  deliver boolean not null,
  attempts int not null default 0,
  next_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index outgoing_codes_next on auth.outgoing_codes (next_at);

revoke all on auth.challenges, auth.code_locks, auth.outgoing_codes from auth_app;
call auth.guard('challenges', null);
call auth.guard('code_locks', null);
call auth.guard('outgoing_codes', null);

-- Whether a code for this address could sign anybody in.
create function auth.is_reachable(way text, recipient text) returns boolean
language sql stable security definer set search_path = auth, pg_temp as $$
  select case way
    when 'EMAIL' then is_expected(recipient)
    else exists (select from users join memberships on user_id = users.id and ended_at is null where phone = recipient)
  end
$$;

-- The account's e-mail address, by which a session is opened, and the organisation of its oldest membership, for the audit trail.
create function auth.account_at(way text, recipient text) returns table (email text, organization_id uuid)
language sql stable security definer set search_path = auth, pg_temp as $$
  select users.email, memberships.organization_id from users left join memberships on user_id = users.id and ended_at is null
  where case way when 'EMAIL' then users.email = lower(recipient) else users.phone = recipient end
  order by memberships.since, memberships.id limit 1
$$;

-- Under which row of the locks a browser's tries count.
create function auth.lock_of(way text, recipient text, browser bytea) returns bytea
language sql stable security definer set search_path = auth, pg_temp as $$
  select case when exists (
    select from code_locks where channel = way and address = recipient and browser_hash = browser
  ) then browser else ''::bytea end
$$;

-- Waits until nobody else counts for this address, or this network address; over with the transaction.
create function auth.take_turn(kind text, whose text) returns void
language sql security definer set search_path = auth, pg_temp as $$
  select pg_advisory_xact_lock(hashtextextended('code ' || kind || ' ' || whose, 0))
$$;

create function auth.forget_old_codes() returns void
language sql security definer set search_path = auth, pg_temp as $$
  delete from challenges where id in (
    select id from challenges where expires_at < now() - interval '1 day' limit 100 for update skip locked
  );
  delete from code_locks where (channel, address, browser_hash) in (
    select channel, address, browser_hash from code_locks
    where used_at < now() - interval '400 days' or (used_at < now() - interval '30 days' and browser_hash = '')
    limit 100 for update skip locked
  )
$$;

-- Opens a challenge and puts its code on the way, or says after how many seconds to ask again: too many sends in the last hour (to this
-- address, from this network address, for this purpose), or too many failed tries in a row. A new challenge ends the earlier ones of the
-- same browser; another browser's stay, so that nobody can spoil the code of somebody else by asking.
create function auth.open_challenge(
  challenge uuid, reason text, way text, recipient text, hash bytea, browser bytea, from_client text, lifetime interval, message bytea,
  sends_per_hour int, sends_per_client int
) returns table (expires_at timestamptz, retry_after int, organization_id uuid)
language plpgsql security definer set search_path = auth, pg_temp as $$
#variable_conflict use_column
declare
  until timestamptz := now() + lifetime;
  hour_ago timestamptz := now() - interval '1 hour';
  free_at timestamptz;
  known_organization uuid;
begin
  perform forget_old_codes();
  perform take_turn('client', from_client);
  perform take_turn(way, recipient);
  select found.organization_id into known_organization from account_at(way, recipient) as found;
  select greatest(
    (select created_at + interval '1 hour' from challenges where channel = way and address = recipient and created_at > hour_ago
      order by created_at desc offset sends_per_hour - 1 limit 1),
    (select created_at + interval '1 hour' from challenges where client = from_client and created_at > hour_ago
      order by created_at desc offset sends_per_client - 1 limit 1),
    (select created_at + interval '1 hour' from challenges where purpose = reason and purpose <> 'sign-in' and created_at > hour_ago
      order by created_at desc offset sends_per_hour - 1 limit 1),
    (select locked_until from code_locks
      where channel = way and address = recipient and browser_hash = lock_of(way, recipient, browser))
  ) into free_at;
  if free_at > now() then
    return query select null::timestamptz, ceil(extract(epoch from free_at - now()))::int, known_organization;
    return;
  end if;
  with superseded as (
    update challenges set superseded_at = now()
    where channel = way and address = recipient and browser_hash = browser and purpose = reason
      and consumed_at is null and superseded_at is null and expires_at > now()
    returning id
  )
  delete from outgoing_codes where challenge_id in (select id from superseded);
  insert into challenges (id, purpose, channel, address, code_hash, browser_hash, client, expires_at)
    values (challenge, reason, way, recipient, hash, browser, from_client, until);
  insert into outgoing_codes (challenge_id, channel, sealed, deliver, expires_at)
    values (challenge, way, message, reason <> 'sign-in' or is_reachable(way, recipient), until);
  return query select until, null::int, known_organization;
end $$;

-- Counts the try and uses the challenge up when the code is right, from the browser that asked. `retry_after` is given while the address
-- is locked for this browser; a challenge that nobody has tried yet may still be answered once then: it was sent before.
create function auth.answer_challenge(
  challenge uuid, reason text, hash bytea, browser bytea, max_attempts int, lock_after int
) returns table (is_right boolean, address text, email text, retry_after int, organization_id uuid)
language plpgsql security definer set search_path = auth, pg_temp as $$
#variable_conflict use_column
declare
  asked challenges;
  counted code_locks;
  account record;
  matches boolean;
begin
  select * into asked from challenges where id = challenge;
  if not found then return; end if;
  perform take_turn(asked.channel, asked.address);
  select * into asked from challenges where id = challenge for update;
  select found.email, found.organization_id into account from account_at(asked.channel, asked.address) as found;
  insert into code_locks (channel, address, browser_hash)
    values (asked.channel, asked.address, lock_of(asked.channel, asked.address, browser))
    on conflict (channel, address, browser_hash) do update set used_at = now() returning * into counted;
  if counted.locked_until > now() and asked.attempts > 0 then
    return query select false, asked.address, null::text, ceil(extract(epoch from counted.locked_until - now()))::int,
      account.organization_id;
    return;
  end if;
  if asked.purpose <> reason or asked.attempts >= max_attempts or asked.expires_at <= now()
    or asked.consumed_at is not null or asked.superseded_at is not null then
    return query select false, asked.address, null::text, null::int, account.organization_id;
    return;
  end if;
  matches := asked.code_hash = hash and asked.browser_hash = browser;
  update challenges set attempts = attempts + 1, consumed_at = case when matches then now() end where id = challenge;
  perform count_try(counted, matches, browser, lock_after);
  return query select matches, asked.address,
    case when not matches then null when asked.channel = 'EMAIL' then asked.address else account.email end,
    null::int, account.organization_id;
end $$;

-- A right code ends the count; every `lock_after`th failure in a row locks: for 15 minutes, then twice as long each time, at most a day.
create function auth.count_try(counted auth.code_locks, is_right boolean, browser bytea, lock_after int) returns void
language plpgsql security definer set search_path = auth, pg_temp as $$
#variable_conflict use_column
declare
  tries int := case when is_right then 0 else counted.failed_tries + 1 end;
  until timestamptz := counted.locked_until;
begin
  if is_right and until > now() then tries := counted.failed_tries; end if;
  if not is_right and tries % lock_after = 0 then
    until := now() + least(interval '24 hours', interval '15 minutes' * power(2, least(tries / lock_after - 1, 10)));
  end if;
  update code_locks set failed_tries = tries, locked_until = until
  where channel = counted.channel and address = counted.address and browser_hash = counted.browser_hash;
  if is_right then
    insert into code_locks (channel, address, browser_hash) values (counted.channel, counted.address, browser) on conflict do nothing;
  end if;
end $$;

-- ── Sending ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Codes that are due, for one sender at a time: who does not settle them within the lease leaves them to the next.
create function auth.claim_codes(max_rows int, lease interval)
returns table (challenge_id uuid, channel text, sealed bytea, deliver boolean, attempts int)
language sql security definer set search_path = auth, pg_temp as $$
  delete from outgoing_codes where challenge_id in (
    select challenge_id from outgoing_codes where expires_at <= now() for update skip locked
  );
  update outgoing_codes set attempts = attempts + 1, next_at = now() + lease
  where challenge_id in (
    select challenge_id from outgoing_codes where next_at <= now() and expires_at > now()
    order by next_at limit max_rows for update skip locked
  )
  returning challenge_id, channel, sealed, deliver, attempts
$$;

-- Sent, or never to be sent.
create function auth.drop_code(challenge uuid) returns void
language sql security definer set search_path = auth, pg_temp as $$
  delete from outgoing_codes where challenge_id = challenge
$$;

create function auth.postpone_code(challenge uuid, pause interval) returns void
language sql security definer set search_path = auth, pg_temp as $$
  update outgoing_codes set next_at = now() + pause where challenge_id = challenge
$$;

-- ── Phone numbers ────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Not done when another person has the number. A null takes it away.
create function auth.set_phone(person uuid, number text, out done boolean, out former text)
language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  select phone into former from users where id = person for update;
  update users set phone = number where id = person;
  done := found;
exception when unique_violation then done := false;
end $$;

revoke all on all functions in schema auth from public;
grant execute on all functions in schema auth to auth_app;
