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
