-- The log and the saved states of a run come by the dozen, each with the run's own row, which its lock keeps from going away (`advance`). A
-- foreign key would look that row up again for each of them, a third of what a flush costs: it stays written down, unenforced.
alter table workflow.run_transitions alter constraint run_transitions_organization_id_run_id_fkey not enforced;
alter table checkpoint.checkpoints alter constraint checkpoints_organization_id_run_id_fkey not enforced;
alter table checkpoint.writes alter constraint writes_organization_id_run_id_fkey not enforced;

-- In the place of their `on delete cascade`.
create function workflow.forget_logs() returns trigger language plpgsql security definer set search_path = workflow, pg_temp as $$
begin
  delete from workflow.run_transitions t using gone where t.organization_id = gone.organization_id and t.run_id = gone.id;
  delete from checkpoint.writes w using gone where w.organization_id = gone.organization_id and w.run_id = gone.id;
  delete from checkpoint.checkpoints c using gone where c.organization_id = gone.organization_id and c.run_id = gone.id;
  return null;
end $$;
create trigger runs_deleted after delete on workflow.runs referencing old table as gone for each statement execute function workflow.forget_logs();

-- What several runs of one organisation flush, all in one transaction: [{ runId, epoch, patch, transitions, checkpoints, writes, reviews, waits,
-- effects }], absent where there is none. `p_data` holds the bytes of all checkpoints and writes; each says where: [position from 1, length].
-- Returns the runs that are no longer held under their epoch; of them nothing is kept. Their rows are locked in the order of their ids, so that
-- nobody who does likewise waits for us while we wait for them.
create function workflow.flush_runs(p_organization uuid, p_flushes jsonb, p_data bytea) returns setof uuid language plpgsql as $$
declare
  one record;
begin
  perform workflow.enter_tenant(p_organization);
  for one in select f.* from jsonb_to_recordset(p_flushes) as f ("runId" uuid, epoch int, patch jsonb, transitions jsonb, checkpoints jsonb,
    writes jsonb, reviews jsonb, waits jsonb, effects jsonb) order by f."runId"
  loop
    perform from workflow.runs where organization_id = p_organization and id = one."runId" and epoch = one.epoch for no key update;
    if found then
      perform workflow.flush(p_organization, one."runId", one.epoch, one.patch, one.transitions, one.checkpoints, one.writes, p_data, one.reviews,
        one.waits, one.effects);
    else
      return next one."runId";
    end if;
  end loop;
end $$;

-- Part of `flush_runs`: one run's.
drop function workflow.flush;
create function workflow.flush(p_organization uuid, p_run uuid, p_epoch int, p_patch jsonb, p_transitions jsonb, p_checkpoints jsonb, p_writes jsonb,
  p_data bytea, p_reviews jsonb, p_waits jsonb, p_effects jsonb)
returns void language plpgsql as $$
begin
  perform workflow.advance(p_organization, p_run, p_epoch, p_patch, p_transitions);
  if p_checkpoints is not null then
    insert into checkpoint.checkpoints (organization_id, run_id, namespace, id, parent_id, step, source, type, data, metadata_type, metadata)
    select p_organization, p_run, c.namespace, c.id, c."parentId", c.step, c.source, c.type, substring(p_data from c.data[1] for c.data[2]),
      c."metadataType", substring(p_data from c.metadata[1] for c.metadata[2])
    from jsonb_to_recordset(p_checkpoints) as c (namespace text, id text, "parentId" text, step int, source text, type text, data int[],
      "metadataType" text, metadata int[])
    on conflict (organization_id, run_id, namespace, id) do update set type = excluded.type, data = excluded.data,
      metadata_type = excluded.metadata_type, metadata = excluded.metadata;
  end if;
  if p_writes is not null then
    insert into checkpoint.writes (organization_id, run_id, namespace, checkpoint_id, task_id, idx, task_path, channel, type, data)
    select p_organization, p_run, w.namespace, w."checkpointId", w."taskId", w.idx, w.path, w.channel, w.type,
      substring(p_data from w.data[1] for w.data[2])
    from jsonb_to_recordset(p_writes) as w (namespace text, "checkpointId" text, "taskId" text, idx int, path text, channel text, type text, data int[])
    on conflict (organization_id, run_id, namespace, checkpoint_id, task_id, idx) do update set channel = excluded.channel,
      type = excluded.type, data = excluded.data, task_path = excluded.task_path where excluded.idx < 0;
  end if;
  if p_reviews is not null then
    perform workflow.open_reviews(p_organization, p_run, p_reviews);
  end if;
  if p_waits is not null then
    insert into workflow.waits (organization_id, run_id, interrupt_id, checkpoint_id, node, kind, wake_at, event_name, event_key, child_run_id)
    select p_organization, p_run, w."interruptId", w."checkpointId", w.node, w.kind, w."wakeAt", w."eventName", w."eventKey", w."childRunId"
    from jsonb_to_recordset(p_waits) as w ("interruptId" text, "checkpointId" text, node text, kind text, "wakeAt" timestamptz, "eventName" text,
      "eventKey" text, "childRunId" uuid)
    on conflict (organization_id, run_id, interrupt_id) do nothing;
  end if;
  if p_effects is not null then
    insert into workflow.effects (organization_id, run_id, task, key, kind, state, result, settled_at)
    select p_organization, p_run, e.task, e.key, e.kind, e.state, e.result, case when e.state = 'SETTLED' then clock_timestamp() end
    from jsonb_to_recordset(p_effects) as e (task text, key text, kind text, state text, result jsonb)
    on conflict (organization_id, run_id, task, key) do update set state = excluded.state, result = excluded.result, settled_at = excluded.settled_at;
  end if;
end $$;
grant execute on function workflow.flush_runs, workflow.flush to workflow_app;
