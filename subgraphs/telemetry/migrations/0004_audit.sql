-- The audit trail: one chain an organisation (zeros: the platform itself). Every row carries the hash of the one before it and its own,
-- over the canonical JSON (RFC 8785) of all its columns; `audit-trail.md` beside this folder tells how to compute it again. Rows are written once, by the
-- consumer, and never changed: not even by their owner, save for `telemetry.forget_audit`.
create table telemetry.audit_event (
  organization_id uuid not null,
  sequence bigint not null check (sequence > 0),
  position bigint not null, -- in the event log
  at timestamptz(3) not null,
  action text not null,
  outcome text not null check (outcome in ('ALLOWED', 'DENIED', 'FAILED')),
  actor_kind text,
  actor_id text,
  scopes text[] not null,
  target_type text,
  target_id text,
  details jsonb not null,
  request_id text,
  operation text,
  source text, -- the client's network: an address without its last part
  previous_hash text not null,
  hash text not null,
  -- How many alike it stands for (a flood is sampled): for the rules, said by `details.count`.
  weight bigint generated always as (case when jsonb_typeof(details -> 'count') = 'number' then greatest(1, least((details ->> 'count')::numeric, 1000000))::bigint else 1 end) stored,
  primary key (organization_id, sequence),
  unique (organization_id, position)
);
create index audit_event_position on telemetry.audit_event (position);
create index audit_event_action on telemetry.audit_event (organization_id, action, at);
create index audit_event_at on telemetry.audit_event (action, at);

-- Where a chain begins after old entries were forgotten: the last of them.
create table telemetry.audit_anchor (
  organization_id uuid primary key,
  sequence bigint not null,
  hash text not null,
  forgotten_at timestamptz not null default clock_timestamp(),
  forgotten_by text not null default session_user
);

-- What the rules (src/alerts/rules.ts) saw: one row a rule, subject and window.
create table telemetry.alert (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  rule text not null,
  severity text not null,
  subject text not null, -- an actor as `<kind>:<id>`, a network, or empty: the whole organisation
  subject_kind text not null,
  count bigint not null,
  started_at timestamptz(3) not null,
  last_at timestamptz(3) not null,
  window_ends_at timestamptz(3) not null,
  raised_at timestamptz(3) not null default clock_timestamp(),
  acknowledged_at timestamptz(3),
  acknowledged_by_kind text,
  acknowledged_by_id text,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  unique (organization_id, rule, subject, started_at)
);
create index alert_changed on telemetry.alert (organization_id, changed_at);

do $$
declare
  name text;
begin
  foreach name in array array['audit_event', 'audit_anchor', 'alert'] loop
    execute format('alter table telemetry.%I enable row level security', name);
    execute format('alter table telemetry.%I force row level security', name);
    execute format('create policy owner_all on telemetry.%I to telemetry_owner using (true) with check (true)', name);
    execute format('create policy consumer_all on telemetry.%I to telemetry_consumer using (true) with check (true)', name);
    execute format(
      'create policy app_read on telemetry.%I for select to telemetry_app using (organization_id = any (coalesce(nullif(current_setting(''app.organizations'', true), ''''), ''{}'')::uuid[]))',
      name
    );
    execute format('revoke insert, update, delete on telemetry.%I from telemetry_app, telemetry_consumer', name);
  end loop;
end $$;
grant insert on telemetry.audit_event to telemetry_consumer;
grant insert, update on telemetry.alert to telemetry_consumer;

-- Seen and taken care of: the only thing about an alert that a person changes, in the active organisation.
create policy app_acknowledge on telemetry.alert for update to telemetry_app
  using (organization_id = nullif(current_setting('app.organization', true), '')::uuid)
  with check (organization_id = nullif(current_setting('app.organization', true), '')::uuid);
grant update (acknowledged_at, acknowledged_by_kind, acknowledged_by_id, changed_at) on telemetry.alert to telemetry_app;

create function telemetry.refuse_audit_change() returns trigger
language plpgsql set search_path = telemetry, pg_temp as $$
begin
  if tg_op = 'DELETE' and current_setting('telemetry.forgetting', true) = 'on' then return old; end if;
  raise insufficient_privilege using message = 'the audit trail is append-only', hint = 'old entries go by telemetry.forget_audit(before)';
end $$;
create trigger audit_event_append_only before update or delete on telemetry.audit_event
  for each row execute function telemetry.refuse_audit_change();
create trigger audit_event_kept before truncate on telemetry.audit_event
  for each statement execute function telemetry.refuse_audit_change();

-- Retention, for the owner by hand or by a scheduled job: forgets the entries before a moment that is at least a year past, and keeps the
-- last of them as the anchor from which the rest is verified. The newest entry of a chain always stays. Gives how many went.
create function telemetry.forget_audit(before timestamptz) returns bigint
language plpgsql set search_path = telemetry, pg_temp as $$
declare
  chain record;
  gone bigint;
  total bigint := 0;
begin
  if before > clock_timestamp() - interval '1 year' then
    raise check_violation using message = 'audit entries are kept for a year at least';
  end if;
  perform set_config('telemetry.forgetting', 'on', true);
  for chain in
    select organization_id, least(coalesce(min(sequence) filter (where at >= before) - 1, max(sequence)), max(sequence) - 1) as until
    from audit_event group by organization_id
  loop
    insert into audit_anchor (organization_id, sequence, hash)
    select organization_id, sequence, hash from audit_event where organization_id = chain.organization_id and sequence = chain.until
    on conflict (organization_id) do update
      set sequence = excluded.sequence, hash = excluded.hash, forgotten_at = clock_timestamp(), forgotten_by = session_user;
    delete from audit_event where organization_id = chain.organization_id and sequence <= chain.until;
    get diagnostics gone = row_count;
    total := total + gone;
    if gone > 0 then
      perform events.audit(chain.organization_id, jsonb_build_object('action', 'audit.forgotten', 'outcome', 'ALLOWED', 'actor', null,
        'scopes', '[]'::jsonb, 'requestId', null, 'operation', 'forget_audit', 'source', null, 'details', jsonb_build_object('entries', gone)));
    end if;
  end loop;
  perform set_config('telemetry.forgetting', 'off', true);
  return total;
end $$;
revoke execute on function telemetry.forget_audit, telemetry.refuse_audit_change from telemetry_app, telemetry_consumer;
