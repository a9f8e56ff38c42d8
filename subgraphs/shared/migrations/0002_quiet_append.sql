-- As `events.append`, for a service that tells listeners itself, once for many transactions: a NOTIFY makes commits wait for each other.
create function events.append_quietly(organization uuid, event_type text, payload jsonb) returns void
language plpgsql security definer set search_path = events, pg_temp as $$
begin
  if nullif(current_setting('app.organization', true), '')::uuid is distinct from organization then
    raise insufficient_privilege using message = 'an event must belong to the organisation that the transaction acts for';
  end if;
  insert into events.outbox (organization_id, type, payload) values (organization, event_type, payload);
end $$;

grant execute on function events.append_quietly to workflow_app, workflow_owner;
