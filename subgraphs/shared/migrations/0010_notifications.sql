-- Mails that other parts ask auth to send. Not in the event log: addresses and texts are personal and go once the mail is out; the key stays
-- for 30 days, so that the same mail asked for again is not sent again.
create table events.notifications (
  organization_id uuid not null,
  key text not null,
  -- { to, subject, text }; null once it was sent or given up.
  mail jsonb,
  attempts int not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  requested_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, key)
);
create index notifications_due on events.notifications (due_at) where mail is not null;
create index notifications_old on events.notifications (requested_at) where mail is null;
alter table events.notifications enable row level security;
alter table events.notifications force row level security;
create policy owner_all on events.notifications to events_owner using (true) with check (true);

-- Asks for a mail within the caller's transaction; false when the key was seen before. It must be of the tenant that the transaction acts for.
create function events.notify(organization uuid, notification_key text, mail jsonb) returns boolean
language plpgsql security definer set search_path = events, pg_temp as $$
begin
  if nullif(current_setting('app.organization', true), '')::uuid is distinct from organization then
    raise insufficient_privilege using message = 'a mail must belong to the organisation that the transaction acts for';
  end if;
  insert into events.notifications (organization_id, key, mail) values (organization, notification_key, notify.mail) on conflict do nothing;
  return found;
end $$;

-- Claims mails that are due: who claims one has so long to settle it.
create function events.claim_notifications(max_rows int, lease interval)
returns table (organization_id uuid, key text, mail jsonb, attempts int)
language sql security definer set search_path = events, pg_temp as $$
  delete from events.notifications old where old.mail is null and old.requested_at < clock_timestamp() - interval '30 days';
  update events.notifications n set attempts = n.attempts + 1, due_at = clock_timestamp() + lease
  where (n.organization_id, n.key) in (
    select d.organization_id, d.key from events.notifications d where d.mail is not null and d.due_at <= clock_timestamp()
    order by d.due_at limit max_rows for update skip locked)
  returning n.organization_id, n.key, n.mail, n.attempts
$$;

-- A mail that was sent, or that nobody will ever take.
create function events.settle_notification(organization uuid, notification_key text) returns void
language sql security definer set search_path = events, pg_temp as $$
  update events.notifications set mail = null where organization_id = organization and key = notification_key
$$;

create function events.postpone_notification(organization uuid, notification_key text, pause interval) returns void
language sql security definer set search_path = events, pg_temp as $$
  update events.notifications set due_at = clock_timestamp() + pause where organization_id = organization and key = notification_key
$$;

grant execute on function events.notify to workflow_app;
grant execute on function events.claim_notifications, events.settle_notification, events.postpone_notification to auth_app;
