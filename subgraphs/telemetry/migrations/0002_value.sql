-- What people and other systems state: outcomes, baselines (frozen, in versions) and engagements. The app writes them for the active organisation.
create table telemetry.outcome (
  organization_id uuid not null,
  key text not null,
  case_id text not null,
  kind text not null,
  at timestamptz not null,
  value double precision,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by text not null,
  primary key (organization_id, key)
);
create index outcome_case on telemetry.outcome (organization_id, case_id);

create table telemetry.baseline (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  workflow text, -- a slug; null: the whole organisation
  kpi text not null,
  median double precision not null,
  p90 double precision,
  n int not null,
  source text not null check (source in ('MEASURED', 'LOGGED', 'ESTIMATED')),
  time_window text not null,
  version int not null,
  set_at timestamptz not null default clock_timestamp(),
  set_by text not null,
  primary key (organization_id, id),
  unique nulls not distinct (organization_id, workflow, kpi, version)
);

create table telemetry.engagement (
  organization_id uuid not null,
  workflow text,
  started_at timestamptz not null,
  build_cost numeric not null check (build_cost >= 0), -- US dollars
  hourly_rate numeric not null check (hourly_rate >= 0),
  target_hours double precision,
  unique nulls not distinct (organization_id, workflow)
);

-- One row a case: what its runs, reviews and outcomes add up to. Null means "nobody said", never zero.
create table telemetry.cases (
  organization_id uuid not null,
  case_id text not null,
  workflow_id uuid,
  workflow_slug text,
  production boolean not null default false,
  received_at timestamptz,
  closed_at timestamptz,
  turnaround_ms double precision, -- null: open, or closed by a run that did not succeed
  business_ms double precision,
  queue_ms double precision,
  machine_ms double precision,
  human_wait_ms double precision,
  retry_wait_ms double precision,
  succeeded boolean,
  goal_met boolean,
  accepted_at timestamptz, -- the first goal met or approval
  reworked boolean not null default false,
  recontacted boolean not null default false, -- within 7 days after it closed
  rating double precision,
  reviews int not null default 0,
  accepted boolean, -- every review approved as proposed
  acceptance double precision,
  human_minutes double precision,
  primary key (organization_id, case_id)
);
create index cases_closed on telemetry.cases (organization_id, workflow_slug, closed_at);

create table telemetry.snapshot (
  organization_id uuid not null,
  run_id uuid not null,
  kpi text not null,
  version int not null,
  case_id text not null,
  workflow_version_id uuid not null,
  baseline_id uuid not null,
  after_value double precision not null,
  rolling double precision,
  rolling_n int not null,
  delta double precision not null,
  change double precision not null,
  percentile double precision,
  formula_version int not null,
  frozen_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, run_id, kpi, version),
  foreign key (organization_id, baseline_id) references telemetry.baseline (organization_id, id)
);

do $$
declare
  name text;
begin
  foreach name in array array['outcome', 'baseline', 'engagement', 'cases', 'snapshot'] loop
    execute format('alter table telemetry.%I enable row level security', name);
    execute format('alter table telemetry.%I force row level security', name);
    execute format('create policy owner_all on telemetry.%I to telemetry_owner using (true) with check (true)', name);
    execute format('create policy consumer_all on telemetry.%I to telemetry_consumer using (true) with check (true)', name);
    execute format(
      'create policy app_read on telemetry.%I for select to telemetry_app using (organization_id = any (coalesce(nullif(current_setting(''app.organizations'', true), ''''), ''{}'')::uuid[]))',
      name
    );
    execute format(
      'create policy app_insert on telemetry.%I for insert to telemetry_app with check (organization_id = nullif(current_setting(''app.organization'', true), '''')::uuid)',
      name
    );
    execute format('revoke delete on telemetry.%I from telemetry_app', name);
  end loop;
  -- What is frozen stays: outcomes, baselines and snapshots are never changed.
  foreach name in array array['outcome', 'baseline', 'snapshot'] loop
    execute format('revoke update on telemetry.%I from telemetry_app, telemetry_consumer', name);
    execute format('revoke delete on telemetry.%I from telemetry_consumer', name);
  end loop;
  foreach name in array array['engagement', 'cases'] loop
    execute format(
      'create policy app_update on telemetry.%I for update to telemetry_app using (organization_id = nullif(current_setting(''app.organization'', true), '''')::uuid) with check (organization_id = nullif(current_setting(''app.organization'', true), '''')::uuid)',
      name
    );
  end loop;
end $$;

-- Office time that has passed since a Monday long ago, in milliseconds: Monday to Friday, 9 to 17 o'clock.
create function telemetry.office_ms(local timestamp) returns double precision
language sql immutable set search_path = telemetry, pg_temp as $$
  select (floor(days / 7) * 5 + least(weekday, 5)) * 8 * 3600000
    + case when weekday < 5 then least(greatest(ms - 9 * 3600000, 0), 8 * 3600000) else 0 end
  from (select floor(since / 86400000) as days, since - floor(since / 86400000) * 86400000 as ms,
          floor(since / 86400000) - floor(since / 86400000 / 7) * 7 as weekday
        from (select extract(epoch from local - timestamp '2000-01-03')::double precision * 1000 as since) s) d
$$;

create function telemetry.in_office_hours(at timestamptz, zone text) returns boolean
language sql stable set search_path = telemetry, pg_temp as $$
  select extract(isodow from at at time zone zone) < 6 and (at at time zone zone)::time >= '09:00' and (at at time zone zone)::time < '17:00'
$$;

create view telemetry.current_baseline with (security_invoker = true) as
  select distinct on (organization_id, workflow, kpi) * from telemetry.baseline order by organization_id, workflow, kpi, version desc;

-- A case with what it is worth: minutes relieved (successful and measured cases only) and the hours within which it was due.
create view telemetry.case_value with (security_invoker = true) as
  select c.*, coalesce(c.goal_met, c.succeeded, false) as successful,
    coalesce(touch.median, touch_all.median) as touch_minutes,
    case when coalesce(c.goal_met, c.succeeded) then coalesce(touch.median, touch_all.median) - c.human_minutes end as relief_minutes,
    coalesce(e.target_hours, e_all.target_hours, before.median, before_all.median) as target_hours,
    coalesce(e.hourly_rate, e_all.hourly_rate) as hourly_rate
  from telemetry.cases c
  left join telemetry.current_baseline touch on touch.organization_id = c.organization_id and touch.kpi = 'STAFF_RELIEF' and touch.workflow = c.workflow_slug
  left join telemetry.current_baseline touch_all on touch_all.organization_id = c.organization_id and touch_all.kpi = 'STAFF_RELIEF' and touch_all.workflow is null
  left join telemetry.current_baseline before on before.organization_id = c.organization_id and before.kpi = 'TURNAROUND' and before.workflow = c.workflow_slug
  left join telemetry.current_baseline before_all on before_all.organization_id = c.organization_id and before_all.kpi = 'TURNAROUND' and before_all.workflow is null
  left join telemetry.engagement e on e.organization_id = c.organization_id and e.workflow = c.workflow_slug
  left join telemetry.engagement e_all on e_all.organization_id = c.organization_id and e_all.workflow is null;
