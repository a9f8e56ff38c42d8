-- Human decisions: who may decide and who is at it, how many must agree, what happens when nobody does, and who is told.
alter table workflow.reviews
  -- Who may decide, by role and above; null: everybody with the right to.
  add column role text,
  add column quorum int not null default 1 check (quorum between 1 and 10),
  add column self_approval boolean not null default true,
  add column effect jsonb,
  add column before jsonb,
  -- Who is at it, and until when without a sign of life.
  add column claimed_by_id text,
  add column claimed_until timestamptz,
  add column reminded_at timestamptz,
  add column escalated_at timestamptz,
  add column expires_at timestamptz,
  add column expiry_action text check (expiry_action in ('APPROVE', 'REJECT', 'FAIL')),
  -- What is to come, in order: { kind: DUE | REMIND | ESCALATE, role, assignee }, each at the time of the same place.
  add column agenda jsonb[] not null default '{}',
  add column agenda_at timestamptz[] not null default '{}',
  -- Of what a mail is sent: ALL, LATER (reminders and escalations) or NONE.
  add column mails text not null default 'LATER' check (mails in ('ALL', 'LATER', 'NONE')),
  -- Where the decision is posted to. It is the right to go on over there, so it is never shown.
  add column resume_url text,
  add column next_at timestamptz generated always as (least(claimed_until, expires_at, agenda_at[1])) stored,
  add check ((claimed_by_id is null) = (claimed_until is null)),
  -- An expiry may decide too.
  drop constraint reviews_check,
  add check (case status when 'DECIDED' then decision_action is not null when 'EXPIRED' then true else decision_action is null end);
create index reviews_next on workflow.reviews (next_at) where status = 'OPEN' and next_at is not null;
create index reviews_by_claim on workflow.reviews (organization_id, claimed_by_id) where claimed_by_id is not null;

-- Where several must agree: the latest word of each.
create table workflow.review_votes (
  organization_id uuid not null,
  review_id uuid not null,
  voter_kind text not null,
  voter_id text not null,
  action text not null,
  value jsonb,
  comment text,
  active_ms float8,
  voted_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, review_id, voter_id),
  foreign key (organization_id, review_id) references workflow.reviews on delete cascade
);

-- Through whose hands a review went.
create table workflow.review_handovers (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  review_id uuid not null,
  kind text not null check (kind in ('ASSIGNED', 'CLAIMED', 'RELEASED', 'DELEGATED', 'REMINDED', 'ESCALATED')),
  -- Whose it is from then on; null: nobody's in particular.
  to_id text,
  role text,
  comment text,
  actor_kind text not null,
  actor_id text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  foreign key (organization_id, review_id) references workflow.reviews on delete cascade
);
create index review_handovers_by_review on workflow.review_handovers (organization_id, review_id, id);

-- Mails to ask auth for, written with what they tell of.
create table workflow.review_notices (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  review_id uuid not null,
  kind text not null check (kind in ('OPENED', 'ASSIGNED', 'DELEGATED', 'REMINDED', 'ESCALATED')),
  asked_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, review_id) references workflow.reviews on delete cascade
);
create index review_notices_waiting on workflow.review_notices (id) where asked_at is null;

-- Decisions on their way to n8n, written with the decision.
create table workflow.review_deliveries (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  review_id uuid not null,
  url text not null,
  body jsonb not null,
  status text not null default 'PENDING' check (status in ('PENDING', 'DELIVERED', 'FAILED')),
  attempts int not null default 0,
  -- When it is tried again; while a try is under way, when it counts as lost.
  due_at timestamptz not null default clock_timestamp(),
  http_status int,
  fault text,
  created_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, review_id) references workflow.reviews on delete cascade
);
create index review_deliveries_due on workflow.review_deliveries (due_at) where status = 'PENDING';
create index review_deliveries_by_review on workflow.review_deliveries (organization_id, review_id, id);

-- What deliveries are signed with, sealed as in workflow.credentials; made with the first delivery.
create table workflow.review_secrets (
  organization_id uuid not null,
  id uuid not null,
  key_id text not null,
  wrapped_key bytea not null,
  ciphertext bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  unique (organization_id)
);
create index review_secrets_key on workflow.review_secrets (key_id);

do $$
declare
  name text;
begin
  foreach name in array array['review_votes', 'review_handovers', 'review_notices', 'review_deliveries', 'review_secrets'] loop
    execute format('alter table workflow.%s enable row level security', name);
    execute format('alter table workflow.%s force row level security', name);
    execute format('create policy owner_all on workflow.%s to workflow_owner using (true) with check (true)', name);
    execute format('create policy app_insert on workflow.%s for insert to workflow_app with check (organization_id = (select workflow.active_organization()))', name);
    execute format('create policy app_update on workflow.%s for update to workflow_app using (organization_id = (select workflow.active_organization()))', name);
    execute format('create policy app_delete on workflow.%s for delete to workflow_app using (organization_id = (select workflow.active_organization()))', name);
  end loop;
  foreach name in array array['review_votes', 'review_handovers', 'review_notices', 'review_deliveries'] loop
    execute format('create policy app_read on workflow.%s for select to workflow_app using (organization_id = any ((select workflow.readable_organizations())::uuid[]))', name);
  end loop;
end $$;
-- As with connections: an agency does not read its clients' secrets.
create policy app_read on workflow.review_secrets for select to workflow_app using (organization_id = (select workflow.active_organization()));

-- Opens what the steps of a run ask, by the database's clock; a question that was opened before stays as it is.
create function workflow.open_reviews(p_organization uuid, p_run uuid, p_reviews jsonb) returns void language plpgsql as $$
declare
  asked jsonb;
  opened timestamptz := clock_timestamp();
  due timestamptz;
  new_id uuid;
begin
  for asked in select value from jsonb_array_elements(p_reviews) loop
    due := opened + make_interval(secs => (asked ->> 'dueHours')::float8 * 3600);
    insert into workflow.reviews (organization_id, run_id, workflow_id, interrupt_id, checkpoint_id, node, question, proposal, evidence, confidence,
      allowed_actions, response_schema, assignee_id, opened_at, due_at, role, quorum, self_approval, effect, before, mails, resume_url, expires_at,
      expiry_action, agenda, agenda_at)
    select p_organization, p_run, r.workflow_id, asked ->> 'interruptId', asked ->> 'checkpointId', asked ->> 'node', asked ->> 'question',
      asked -> 'proposal', coalesce(asked -> 'evidence', '[]'), (asked ->> 'confidence')::float8,
      array(select jsonb_array_elements_text(asked -> 'allowedActions')), nullif(asked -> 'responseSchema', 'null'), asked ->> 'assignee', opened, due,
      asked ->> 'role', coalesce((asked ->> 'quorum')::int, 1), coalesce((asked ->> 'selfApproval')::boolean, true), nullif(asked -> 'effect', 'null'),
      nullif(asked -> 'before', 'null'), coalesce(asked ->> 'mails', 'NONE'), asked ->> 'resumeUrl',
      opened + make_interval(secs => (asked #>> '{onExpiry,afterHours}')::float8 * 3600), asked #>> '{onExpiry,action}',
      planned.items, planned.times
    from workflow.runs r, lateral (
      select array_agg(p.item order by p.at) as items, array_agg(p.at order by p.at) as times from (
        select due as at, '{"kind": "DUE"}'::jsonb as item
        union all select due - make_interval(secs => h::float8 * 3600), '{"kind": "REMIND"}'
          from jsonb_array_elements_text(coalesce(nullif(asked -> 'remindHours', 'null'), '[]')) h where h::float8 < (asked ->> 'dueHours')::float8
        union all select opened + make_interval(secs => (e ->> 'afterHours')::float8 * 3600), e || '{"kind": "ESCALATE"}'
          from jsonb_array_elements(coalesce(nullif(asked -> 'escalations', 'null'), '[]')) e) p
    ) planned
    where r.organization_id = p_organization and r.id = p_run
    on conflict (organization_id, run_id, interrupt_id) do nothing returning id into new_id;
    if new_id is not null and asked ->> 'mails' = 'ALL' then
      insert into workflow.review_notices (organization_id, review_id, kind) values (p_organization, new_id, 'OPENED');
    end if;
  end loop;
end $$;

-- As before, but for how reviews open.
create or replace function workflow.flush(p_organization uuid, p_run uuid, p_epoch int, p_patch jsonb, p_transitions jsonb,
  p_checkpoints jsonb default null, p_data bytea[] default null, p_writes jsonb default null, p_write_data bytea[] default null,
  p_reviews jsonb default null, p_waits jsonb default null, p_effects jsonb default null)
returns int language plpgsql as $$
declare
  seq int;
begin
  seq := workflow.advance(p_organization, p_run, p_epoch, p_patch, p_transitions);
  if p_checkpoints is not null then
    insert into checkpoint.checkpoints (organization_id, run_id, namespace, id, parent_id, step, source, type, data, metadata_type, metadata)
    select p_organization, p_run, c ->> 'namespace', c ->> 'id', c ->> 'parentId', (c ->> 'step')::int, c ->> 'source', c ->> 'type', p_data[2 * n - 1],
      c ->> 'metadataType', p_data[2 * n]
    from jsonb_array_elements(p_checkpoints) with ordinality as given (c, n)
    on conflict (organization_id, run_id, namespace, id) do update set type = excluded.type, data = excluded.data,
      metadata_type = excluded.metadata_type, metadata = excluded.metadata;
  end if;
  if p_writes is not null then
    insert into checkpoint.writes (organization_id, run_id, namespace, checkpoint_id, task_id, idx, task_path, channel, type, data)
    select p_organization, p_run, w ->> 'namespace', w ->> 'checkpointId', w ->> 'taskId', (w ->> 'idx')::int, w ->> 'path', w ->> 'channel',
      w ->> 'type', p_write_data[n]
    from jsonb_array_elements(p_writes) with ordinality as given (w, n)
    on conflict (organization_id, run_id, namespace, checkpoint_id, task_id, idx) do update set channel = excluded.channel,
      type = excluded.type, data = excluded.data, task_path = excluded.task_path where excluded.idx < 0;
  end if;
  if p_reviews is not null then
    perform workflow.open_reviews(p_organization, p_run, p_reviews);
  end if;
  if p_waits is not null then
    insert into workflow.waits (organization_id, run_id, interrupt_id, checkpoint_id, node, kind, wake_at, event_name, event_key, child_run_id)
    select p_organization, p_run, w ->> 'interruptId', w ->> 'checkpointId', w ->> 'node', w ->> 'kind', (w ->> 'wakeAt')::timestamptz, w ->> 'eventName',
      w ->> 'eventKey', (w ->> 'childRunId')::uuid
    from jsonb_array_elements(p_waits) as w
    on conflict (organization_id, run_id, interrupt_id) do nothing;
  end if;
  if p_effects is not null then
    insert into workflow.effects (organization_id, run_id, task, key, kind, state, result, settled_at)
    select p_organization, p_run, e ->> 'task', e ->> 'key', e ->> 'kind', e ->> 'state', nullif(e -> 'result', 'null'),
      case when e ->> 'state' = 'SETTLED' then clock_timestamp() end
    from jsonb_array_elements(p_effects) as e
    on conflict (organization_id, run_id, task, key) do update set state = excluded.state, result = excluded.result, settled_at = excluded.settled_at;
  end if;
  return seq;
end $$;

-- Where the run gave an address for it, the decision that stands sets out for n8n.
create function workflow.send_decision(p_organization uuid, p_review uuid) returns void language sql as $$
  insert into workflow.review_deliveries (organization_id, review_id, url, body)
  select v.organization_id, v.id, v.resume_url, jsonb_build_object('type', 'review.' || lower(v.status), 'timestamp', v.changed_at,
    'data', jsonb_build_object('reviewId', v.id, 'runId', v.run_id, 'caseId', r.case_id, 'node', v.node, 'status', v.status,
      'action', v.decision_action, 'value', v.decision_value, 'comment', v.decision_comment, 'decidedAt', v.decided_at,
      'decidedBy', case when v.decided_by_id is not null then jsonb_build_object('kind', v.decided_by_kind, 'id', v.decided_by_id) end,
      'final', case when v.decision_action is distinct from 'REJECT' and v.decision_action is not null
        then v.proposal || coalesce(nullif(v.decision_value, 'null'), '{}') end))
  from workflow.reviews v join workflow.runs r on r.organization_id = v.organization_id and r.id = v.run_id
  where v.organization_id = p_organization and v.id = p_review and v.resume_url is not null
$$;

-- A run that was cancelled lets n8n go as well.
create function workflow.send_withdrawal() returns trigger language plpgsql as $$
begin
  perform workflow.send_decision(new.organization_id, new.id);
  return null;
end $$;
create trigger review_withdrawn after update of status on workflow.reviews for each row
  when (new.status = 'WITHDRAWN' and old.status = 'OPEN' and new.resume_url is not null) execute function workflow.send_withdrawal();

-- Part of `reviews_due`: nobody decided. What the definition says then counts, as the decision of the system actor `expiry`. Returns whether
-- the run was queued.
create function workflow.expire_review(v workflow.reviews) returns boolean language plpgsql as $$
declare
  stands text;
  waits boolean;
begin
  update workflow.reviews set status = 'EXPIRED', decision_action = nullif(v.expiry_action, 'FAIL'), decided_by_kind = 'SYSTEM', decided_by_id = 'expiry',
    decided_at = clock_timestamp(), changed_at = clock_timestamp(), claimed_by_id = null, claimed_until = null
  where organization_id = v.organization_id and id = v.id;
  select status into stands from workflow.runs where organization_id = v.organization_id and id = v.run_id;
  waits := stands in ('WAITING', 'WAITING_FOR_REVIEW');
  perform workflow.advance(v.organization_id, v.run_id, null, case when waits then '{"leaseOwner": null}'::jsonb else '{}' end, jsonb_build_array(jsonb_build_object(
    'kind', 'REVIEW_EXPIRED', 'status', case when waits then 'QUEUED' else stands end, 'node', v.node, 'checkpointId', v.checkpoint_id,
    'durationMs', extract(epoch from clock_timestamp() - v.opened_at) * 1000, 'actor', '{"kind": "SYSTEM", "id": "expiry"}'::jsonb,
    'summary', 'Nobody decided in time: ' || case v.expiry_action when 'APPROVE' then 'it goes on as proposed.' when 'REJECT' then 'it counts as rejected.'
      else 'the run cannot go on.' end)));
  perform workflow.send_decision(v.organization_id, v.id);
  return waits;
end $$;

-- Part of `reviews_due`: what the agenda says for now.
create function workflow.follow_agenda(v workflow.reviews) returns void language plpgsql as $$
declare
  item jsonb;
  reminded boolean := false;
  expiry constant jsonb := '{"kind": "SYSTEM", "id": "expiry"}';
begin
  if v.claimed_until <= clock_timestamp() then
    insert into workflow.review_handovers (organization_id, review_id, kind, to_id, comment, actor_kind, actor_id)
    values (v.organization_id, v.id, 'RELEASED', null, 'Nothing happened for a while.', 'SYSTEM', 'expiry');
    v.claimed_by_id := null;
    v.claimed_until := null;
  end if;
  while v.agenda_at[1] <= clock_timestamp() loop
    item := v.agenda[1];
    v.agenda := v.agenda[2:];
    v.agenda_at := v.agenda_at[2:];
    reminded := reminded or item ->> 'kind' = 'REMIND';
    if item ->> 'kind' = 'ESCALATE' then
      v.role := coalesce(item ->> 'role', v.role);
      v.assignee_id := coalesce(item ->> 'assignee', case when item ? 'role' then null else v.assignee_id end);
      v.escalated_at := clock_timestamp();
      v.claimed_by_id := null;
      v.claimed_until := null;
      insert into workflow.review_handovers (organization_id, review_id, kind, to_id, role, actor_kind, actor_id)
      values (v.organization_id, v.id, 'ESCALATED', v.assignee_id, v.role, 'SYSTEM', 'expiry');
      perform workflow.advance(v.organization_id, v.run_id, null, '{}', (select jsonb_build_array(jsonb_build_object('kind', 'REVIEW_ASSIGNED',
        'status', r.status, 'node', v.node, 'actor', expiry, 'summary', 'Nobody decided yet: the review was passed on.'))
        from workflow.runs r where r.organization_id = v.organization_id and r.id = v.run_id));
      if v.mails <> 'NONE' then
        insert into workflow.review_notices (organization_id, review_id, kind) values (v.organization_id, v.id, 'ESCALATED');
      end if;
    end if;
  end loop;
  if reminded then
    v.reminded_at := clock_timestamp();
    insert into workflow.review_handovers (organization_id, review_id, kind, to_id, role, actor_kind, actor_id)
    values (v.organization_id, v.id, 'REMINDED', v.assignee_id, v.role, 'SYSTEM', 'expiry');
    if v.mails <> 'NONE' then
      insert into workflow.review_notices (organization_id, review_id, kind) values (v.organization_id, v.id, 'REMINDED');
    end if;
  end if;
  update workflow.reviews set role = v.role, assignee_id = v.assignee_id, escalated_at = v.escalated_at, reminded_at = v.reminded_at,
    claimed_by_id = v.claimed_by_id, claimed_until = v.claimed_until, agenda = v.agenda, agenda_at = v.agenda_at, changed_at = clock_timestamp()
  where organization_id = v.organization_id and id = v.id;
end $$;

-- Security definer, across tenants: does what has fallen due with open reviews, once, whoever asks. Returns the runs that moved.
create function workflow.reviews_due(p_limit int) returns table (organization_id uuid, run_id uuid, queued boolean)
language plpgsql security definer set search_path = workflow, pg_temp as $$
#variable_conflict use_column
declare
  due record;
  v workflow.reviews;
begin
  for due in
    select w.organization_id, w.id, w.run_id from workflow.reviews w where w.status = 'OPEN' and w.next_at <= clock_timestamp() order by w.next_at limit p_limit
  loop
    perform set_config('app.organization', due.organization_id::text, true), set_config('app.organizations', format('{%s}', due.organization_id), true);
    -- The run's row first, as everywhere; what somebody is at just now is looked at again.
    perform 1 from workflow.runs r where r.organization_id = due.organization_id and r.id = due.run_id for update skip locked;
    continue when not found;
    select w.* into v from workflow.reviews w where w.organization_id = due.organization_id and w.id = due.id and w.status = 'OPEN'
      and w.next_at <= clock_timestamp() for update skip locked;
    continue when not found;
    if v.expires_at <= clock_timestamp() then
      return query select due.organization_id, due.run_id, workflow.expire_review(v);
    else
      perform workflow.follow_agenda(v);
      return query select due.organization_id, due.run_id, false;
    end if;
  end loop;
  perform set_config('app.organization', '', true), set_config('app.organizations', '', true);
end $$;

-- Security definer, across tenants: claims notices that no mail was asked for yet, with what their mails tell. Ask in the same transaction.
create function workflow.take_review_notices(p_limit int) returns table (organization_id uuid, id uuid, kind text, review_id uuid, question text,
  workflow text, assignee_id text, role text, due_at timestamptz, expires_at timestamptz, expiry_action text, comment text)
language sql security definer set search_path = workflow, pg_temp as $$
  with taken as (
    update workflow.review_notices n set asked_at = clock_timestamp() where (n.organization_id, n.id) in (
      select w.organization_id, w.id from workflow.review_notices w where w.asked_at is null order by w.id limit p_limit for update skip locked)
    returning n.*
  )
  select t.organization_id, t.id, t.kind, v.id, v.question, f.name, v.assignee_id, v.role, v.due_at, v.expires_at, v.expiry_action,
    case when t.kind = 'DELEGATED' then (select h.comment from workflow.review_handovers h
      where h.organization_id = v.organization_id and h.review_id = v.id and h.kind = 'DELEGATED' order by h.id desc limit 1) end
  from taken t join workflow.reviews v on v.organization_id = t.organization_id and v.id = t.review_id and v.status = 'OPEN'
    join workflow.workflows f on f.organization_id = v.organization_id and f.id = v.workflow_id order by t.id
$$;

-- Security definer, across tenants: claims deliveries that are due; who claims one has so long to settle it.
create function workflow.take_review_deliveries(p_limit int, p_lease interval)
returns table (organization_id uuid, id uuid, run_id uuid, url text, body text, attempts int)
language sql security definer set search_path = workflow, pg_temp as $$
  update workflow.review_deliveries d set attempts = d.attempts + 1, due_at = clock_timestamp() + p_lease
  from workflow.reviews v
  where v.organization_id = d.organization_id and v.id = d.review_id and (d.organization_id, d.id) in (
    select w.organization_id, w.id from workflow.review_deliveries w where w.status = 'PENDING' and w.due_at <= clock_timestamp()
    order by w.due_at limit p_limit for update skip locked)
  returning d.organization_id, d.id, v.run_id, d.url, d.body::text, d.attempts
$$;

-- What became of a try: DELIVERED, FAILED for good, or PENDING until the next.
create function workflow.settle_review_delivery(p_organization uuid, p_delivery uuid, p_status text, p_http_status int, p_fault text, p_pause interval)
returns void language plpgsql as $$
begin
  perform workflow.enter_tenant(p_organization);
  update workflow.review_deliveries set status = p_status, http_status = p_http_status, fault = p_fault, due_at = clock_timestamp() + p_pause,
    settled_at = case when p_status <> 'PENDING' then clock_timestamp() end
  where organization_id = p_organization and id = p_delivery and status = 'PENDING';
  update workflow.reviews set changed_at = clock_timestamp() where organization_id = p_organization
    and id = (select review_id from workflow.review_deliveries where organization_id = p_organization and id = p_delivery);
end $$;

grant execute on function workflow.open_reviews, workflow.send_decision, workflow.reviews_due, workflow.take_review_notices,
  workflow.take_review_deliveries, workflow.settle_review_delivery to workflow_app;
revoke execute on function workflow.expire_review, workflow.follow_agenda from workflow_app;
