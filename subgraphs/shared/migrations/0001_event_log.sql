-- The event log (transactional outbox). A service appends in the transaction that causes the event; one relay at a time moves what is
-- committed into the log under gap-free positions; a consumer remembers the last position that it applied. A reader that went by
-- "greater than the last id" over the outbox itself would miss rows that commit late.
create table events.outbox (
  id bigint generated always as identity primary key,
  organization_id uuid not null,
  type text not null,
  payload jsonb not null,
  occurred_at timestamptz not null default clock_timestamp()
);

create table events.log (
  position bigint primary key,
  organization_id uuid not null,
  type text not null,
  payload jsonb not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp()
);

create table events.head (
  singleton boolean primary key default true check (singleton),
  position bigint not null default 0
);
insert into events.head default values;

alter table events.outbox enable row level security;
alter table events.outbox force row level security;
alter table events.log enable row level security;
alter table events.log force row level security;
create policy owner_all on events.outbox to events_owner using (true) with check (true);
create policy owner_all on events.log to events_owner using (true) with check (true);

-- Appends one event within the caller's transaction. It must belong to the tenant that the transaction acts for.
create function events.append(organization uuid, event_type text, payload jsonb) returns void
language plpgsql security definer set search_path = events, pg_temp as $$
begin
  if nullif(current_setting('app.organization', true), '')::uuid is distinct from organization then
    raise insufficient_privilege using message = 'an event must belong to the organisation that the transaction acts for';
  end if;
  insert into events.outbox (organization_id, type, payload) values (organization, event_type, payload);
  perform pg_notify('events', '');
end $$;

-- Appends an entry of the audit trail (`shared/src/audit.ts`). Unlike other events it may concern an organisation that nobody acts for yet:
-- a sign-in that failed. Null stands for the platform itself: nobody's organisation.
create function events.audit(organization uuid, entry jsonb) returns void
language plpgsql security definer set search_path = events, pg_temp as $$
begin
  insert into events.outbox (organization_id, type, payload)
  values (coalesce(organization, '00000000-0000-0000-0000-000000000000'), 'audit.recorded', entry);
  perform pg_notify('events', '');
end $$;

-- Moves committed outbox rows into the log; returns how many. Whoever holds the advisory lock is the relay; it is free again at commit.
create function events.relay(max_rows int default 500) returns int
language plpgsql security definer set search_path = events, pg_temp as $$
declare
  moved int;
begin
  if not pg_try_advisory_xact_lock(hashtext('events.relay')) then return 0; end if;
  with taken as (
    delete from events.outbox where id in (select id from events.outbox order by id limit max_rows)
    returning id, organization_id, type, payload, occurred_at
  ), numbered as (
    insert into events.log (position, organization_id, type, payload, occurred_at)
    select (select head.position from events.head) + row_number() over (order by id), organization_id, type, payload, occurred_at from taken
    returning 1
  )
  select count(*) into moved from numbered;
  update events.head set position = head.position + moved where moved > 0;
  return moved;
end $$;

-- Events after a position, in order.
create function events.read(after bigint, max_rows int default 500)
returns table ("position" bigint, organization_id uuid, type text, payload jsonb, occurred_at timestamptz)
language sql stable security definer set search_path = events, pg_temp as $$
  select log.position, log.organization_id, log.type, log.payload, log.occurred_at from events.log where log.position > after order by log.position limit max_rows
$$;

-- The head of each organisation's audit chain (telemetry.audit_event), kept by another owner than the chain: whoever takes the chain's last
-- rows away, with all rights of telemetry's owner, cannot take the head back with them.
create table events.audit_head (
  organization_id uuid primary key,
  sequence bigint not null,
  hash text not null,
  moved_at timestamptz not null default clock_timestamp()
);
alter table events.audit_head enable row level security;
alter table events.audit_head force row level security;
create policy owner_all on events.audit_head to events_owner using (true) with check (true);

-- Moves a head on, never back, and only from where it stands.
create function events.advance_audit_head(organization uuid, from_sequence bigint, from_hash text, to_sequence bigint, to_hash text) returns void
language plpgsql security definer set search_path = events, pg_temp as $$
begin
  if to_sequence <= from_sequence then
    raise check_violation using message = 'the head of an audit chain only moves on';
  end if;
  insert into events.audit_head (organization_id, sequence, hash)
  select organization, to_sequence, to_hash where from_sequence = 0
  on conflict do nothing;
  if found then return; end if;
  update events.audit_head set sequence = to_sequence, hash = to_hash, moved_at = clock_timestamp()
  where organization_id = organization and sequence = from_sequence and hash = from_hash;
  if not found then
    raise check_violation using message = format('the audit chain of %s does not stand at %s', organization, from_sequence);
  end if;
end $$;

-- The consumer reads every head; a service those that its caller may read.
create function events.audit_heads(organizations uuid[]) returns table (organization_id uuid, sequence bigint, hash text)
language sql stable security definer set search_path = events, pg_temp as $$
  select audit_head.organization_id, audit_head.sequence, audit_head.hash from events.audit_head
  where audit_head.organization_id = any (organizations)
    and (session_user = 'telemetry_consumer'
      or audit_head.organization_id = any (coalesce(nullif(current_setting('app.organizations', true), ''), '{}')::uuid[]))
$$;

grant execute on function events.append, events.audit to auth_app, workflow_app;
grant usage on schema events to telemetry_owner, workflow_owner;
grant execute on function events.audit to telemetry_app, telemetry_owner, workflow_owner;
grant execute on function events.relay, events.read to telemetry_consumer;
grant execute on function events.advance_audit_head to telemetry_consumer;
grant execute on function events.audit_heads to telemetry_consumer, telemetry_app;
