-- Freezes the before/after snapshot of every run whose case has closed: the first one, or a successor when a late outcome has moved the
-- figure. A successor keeps its predecessor's baseline. The percentile reads a log-normal distribution fitted to median and p90
-- (1.2816 is the normal quantile of 0.9).
create function telemetry.freeze_snapshots(keys jsonb) returns void
language sql set search_path = telemetry, pg_temp as $$
  with closed as materialized (
    select c.organization_id, c.case_id, c.workflow_slug, c.closed_at, r.run_id, r.version_id, c.turnaround_ms / 3600000 as after_value,
      s.version, s.baseline_id
    from (select distinct organization_id, case_id from jsonb_to_recordset(keys) as k (organization_id uuid, case_id text)) k
    join cases c using (organization_id, case_id)
    join run r on r.organization_id = c.organization_id and r.case_id = c.case_id and r.production
    left join lateral (
      select snapshot.version, snapshot.baseline_id, snapshot.after_value from snapshot
      where snapshot.organization_id = r.organization_id and snapshot.run_id = r.run_id and snapshot.kpi = 'TURNAROUND'
      order by snapshot.version desc limit 1
    ) s on true
    where c.turnaround_ms is not null and s.after_value is distinct from c.turnaround_ms / 3600000
  ), recent as materialized (
    select w.organization_id, w.workflow_slug, sample.median, sample.n
    from (select organization_id, workflow_slug, max(closed_at) as until from closed group by organization_id, workflow_slug) w
    cross join lateral (
      select percentile_cont(0.5) within group (order by hours) as median, count(*) as n from (
        select c.turnaround_ms / 3600000 as hours from cases c
        where c.organization_id = w.organization_id and c.workflow_slug = w.workflow_slug and c.production and c.turnaround_ms is not null
          and c.closed_at > w.until - interval '30 days' and c.closed_at <= w.until
        order by c.closed_at desc limit 5000
      ) latest
    ) sample
  )
  insert into snapshot (organization_id, run_id, kpi, version, case_id, workflow_version_id, baseline_id, after_value, rolling, rolling_n,
    delta, change, percentile, formula_version)
  select closed.organization_id, closed.run_id, 'TURNAROUND', coalesce(closed.version, 0) + 1, closed.case_id, closed.version_id, b.id,
    closed.after_value, recent.median, coalesce(recent.n, 0), b.median - closed.after_value, (b.median - closed.after_value) / b.median,
    case when closed.after_value <= 0 then 100 when b.p90 > b.median then
      100 * (1 - 0.5 * (1 + erf(ln(closed.after_value / b.median) / (ln(b.p90 / b.median) / 1.2815515655446004) / sqrt(2::double precision)))) end,
    1
  from closed
  join recent on recent.organization_id = closed.organization_id and recent.workflow_slug = closed.workflow_slug
  join lateral (
    select * from baseline where baseline.organization_id = closed.organization_id and baseline.kpi = 'TURNAROUND' and baseline.median > 0
      and case when closed.baseline_id is null then baseline.workflow is null or baseline.workflow = closed.workflow_slug else baseline.id = closed.baseline_id end
    order by baseline.workflow nulls last, baseline.version desc limit 1
  ) b on true
$$;

-- Derives the given cases from their production runs, their reviews and their outcomes, and freezes the snapshots of those that closed. Safe
-- to repeat. The rows are locked first, in one order: whoever comes second sees what the first has committed.
create function telemetry.refresh_cases(keys jsonb) returns void
language plpgsql set search_path = telemetry, pg_temp as $$
begin
  insert into cases (organization_id, case_id)
  select distinct k.organization_id, k.case_id from jsonb_to_recordset(keys) as k (organization_id uuid, case_id text) order by 1, 2
  on conflict do nothing;
  perform from cases c join (select distinct * from jsonb_to_recordset(keys) as k (organization_id uuid, case_id text)) k using (organization_id, case_id)
  order by c.organization_id, c.case_id for update of c;

  with k as materialized (
    select distinct * from jsonb_to_recordset(keys) as k (organization_id uuid, case_id text)
  ), runs as (
    select organization_id, case_id,
      (array_agg(run.workflow_id order by run.queued_at, run.run_id))[1] as workflow_id,
      (array_agg(run.workflow_slug order by run.queued_at, run.run_id))[1] as workflow_slug,
      min(run.queued_at) as queued_at,
      -- A run that names no case is its own: its end closes it. A named case is closed by its outcome only.
      case when bool_or(run.run_id::text = case_id) and bool_and(run.finished_at is not null) then max(run.finished_at) end as finished_at,
      (array_agg(run.status order by run.finished_at desc nulls first))[1] = 'SUCCEEDED' as succeeded,
      sum(run.queue_ms) as queue_ms, sum(run.machine_ms) as machine_ms, sum(run.human_wait_ms) as human_wait_ms, sum(run.retry_wait_ms) as retry_wait_ms
    from k join run using (organization_id, case_id) where run.production group by organization_id, case_id
  ), said as (
    select organization_id, case_id,
      min(o.at) filter (where o.kind = 'CASE_RECEIVED') as received_at,
      max(o.at) filter (where o.kind = 'CASE_CLOSED') as closed_at,
      (array_agg(o.kind order by o.at desc, o.recorded_at desc) filter (where o.kind in ('GOAL_MET', 'GOAL_MISSED')))[1] = 'GOAL_MET' as goal_met,
      min(o.at) filter (where o.kind = 'GOAL_MET') as goal_met_at,
      bool_or(o.kind = 'REWORKED') as reworked,
      array_agg(o.at) filter (where o.kind = 'RECONTACTED') as recontacts,
      (array_agg(o.value order by o.at desc, o.recorded_at desc) filter (where o.kind = 'RATED'))[1] as rating,
      sum(o.value) filter (where o.kind = 'HUMAN_MINUTES') as exception_minutes
    from k join outcome o using (organization_id, case_id) group by organization_id, case_id
  ), reviewed as (
    select k.organization_id, k.case_id, count(*) as reviews,
      bool_and(d.action = 'APPROVE' and not d.edited) as accepted,
      avg(case when d.action = 'APPROVE' and not d.edited then 1 when d.action in ('APPROVE', 'EDIT', 'RESPOND') then 1 - coalesce(d.edit_distance, 1) else 0 end) as acceptance,
      min(d.decided_at) filter (where d.action in ('APPROVE', 'EDIT')) as accepted_at,
      -- null when one of them was not measured
      case when bool_and(d.active_ms is not null) then sum(d.active_ms) / 60000 end as inbox_minutes
    from k join run r on r.organization_id = k.organization_id and r.case_id = k.case_id and r.production
    join review_decision d on d.organization_id = r.organization_id and d.run_id = r.run_id group by k.organization_id, k.case_id
  ), facts as (
    select k.organization_id, k.case_id, runs.workflow_id, runs.workflow_slug, runs.queued_at is not null as production,
      coalesce(said.received_at, runs.queued_at) as received_at, coalesce(said.closed_at, runs.finished_at) as closed_at,
      said.closed_at is not null or coalesce(runs.succeeded, false) as timed,
      runs.queue_ms, runs.machine_ms, runs.human_wait_ms, runs.retry_wait_ms, runs.succeeded, said.goal_met,
      least(case when said.goal_met then said.goal_met_at end, case when runs.succeeded then reviewed.accepted_at end) as accepted_at,
      coalesce(said.reworked, false) as reworked, said.recontacts, said.rating, coalesce(reviewed.reviews, 0) as reviews, reviewed.accepted,
      reviewed.acceptance,
      case when reviewed.reviews > 0 and reviewed.inbox_minutes is null and said.exception_minutes is null then null
        else coalesce(reviewed.inbox_minutes, 0) + coalesce(said.exception_minutes, 0) end as human_minutes,
      coalesce(organization.time_zone, 'UTC') as zone
    from k left join runs using (organization_id, case_id) left join said using (organization_id, case_id)
    left join reviewed using (organization_id, case_id) left join organization using (organization_id)
  )
  update cases c set
    workflow_id = f.workflow_id, workflow_slug = f.workflow_slug, production = f.production, received_at = f.received_at, closed_at = f.closed_at,
    turnaround_ms = case when f.timed and f.closed_at >= f.received_at then extract(epoch from f.closed_at - f.received_at) * 1000 end,
    business_ms = case when f.timed and f.closed_at >= f.received_at
      then office_ms(f.closed_at at time zone f.zone) - office_ms(f.received_at at time zone f.zone) end,
    queue_ms = f.queue_ms, machine_ms = f.machine_ms, human_wait_ms = f.human_wait_ms, retry_wait_ms = f.retry_wait_ms,
    succeeded = f.succeeded, goal_met = f.goal_met, accepted_at = f.accepted_at, reworked = f.reworked,
    recontacted = exists (select from unnest(f.recontacts) as x where x >= f.closed_at and x <= f.closed_at + interval '7 days'),
    rating = f.rating, reviews = f.reviews, accepted = f.accepted, acceptance = f.acceptance, human_minutes = f.human_minutes
  from facts f where c.organization_id = f.organization_id and c.case_id = f.case_id;

  perform freeze_snapshots(keys);
end $$;

grant execute on function telemetry.office_ms, telemetry.in_office_hours, telemetry.freeze_snapshots, telemetry.refresh_cases
  to telemetry_app, telemetry_consumer;
