-- What an organisation lets its runs use: accounts at other services, named tools over the connectors, and a record of every call.

-- Accounts that tools act for. What is secret (a header's value; an OAuth2 client with its tokens, as JSON) is enveloped as in
-- workflow.credentials. A secret goes to `host` and its subdomains only.
create table workflow.accounts (
  organization_id uuid not null,
  id uuid not null,
  name text not null check (name <> ''),
  kind text not null check (kind in ('HEADER', 'OAUTH2')),
  host text not null check (host <> ''),
  hint text not null,
  -- NEW: nobody has agreed at the provider yet. ATTENTION: the provider no longer renews the access; `attention` says why.
  state text not null check (state in ('NEW', 'CONNECTED', 'ATTENTION')),
  attention text,
  token_expires_at timestamptz,
  -- The one authorization that is under way: its state can be used once.
  pending uuid,
  key_id text not null,
  wrapped_key bytea not null,
  ciphertext bytea not null,
  saved_by_kind text not null,
  saved_by_id text not null,
  saved_at timestamptz not null default clock_timestamp(),
  last_used_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, name)
);
create index accounts_key on workflow.accounts (key_id);

create table workflow.tools (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  name text not null check (name ~ '^[a-z][a-z0-9_]{0,63}$'),
  description text not null,
  kind text not null,
  settings jsonb not null,
  account_id uuid,
  rate_per_minute int not null check (rate_per_minute between 1 and 6000),
  enabled boolean not null default true,
  saved_by_kind text not null,
  saved_by_id text not null,
  saved_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  unique (organization_id, name),
  foreign key (organization_id, account_id) references workflow.accounts
);
create index tools_account on workflow.tools (organization_id, account_id);

-- A token bucket for each tool: `tokens` as of `refilled_at`, refilled evenly over the minute, at most the minute's number.
create table workflow.tool_rates (
  organization_id uuid not null,
  tool text not null,
  tokens double precision not null,
  refilled_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, tool)
);

-- Takes one call out of the bucket; gives 0, or the seconds until one can be had.
create function workflow.take_tool_call(p_organization uuid, p_tool text, p_per_minute int) returns double precision
language plpgsql as $$
declare
  missing double precision;
begin
  insert into workflow.tool_rates as bucket (organization_id, tool, tokens) values (p_organization, p_tool, p_per_minute - 1)
  on conflict (organization_id, tool) do update set refilled_at = clock_timestamp(),
    tokens = least(p_per_minute, bucket.tokens + extract(epoch from clock_timestamp() - bucket.refilled_at) * p_per_minute / 60) - 1
  where least(p_per_minute, bucket.tokens + extract(epoch from clock_timestamp() - bucket.refilled_at) * p_per_minute / 60) >= 1;
  if found then return 0; end if;
  select 1 - (bucket.tokens + extract(epoch from clock_timestamp() - bucket.refilled_at) * p_per_minute / 60) into missing
  from workflow.tool_rates bucket where bucket.organization_id = p_organization and bucket.tool = p_tool;
  return greatest(missing * 60 / p_per_minute, 0.001);
end $$;
grant execute on function workflow.take_tool_call to workflow_app;

-- Every call of a tool. `request` and `answer` are shown, masked and cut; `result` is what the run was given and is given again when the
-- same key comes again, never shown. STARTED: under way, or its worker died; UNKNOWN: it was sent, and nobody can say what came of it.
create table workflow.tool_calls (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid,
  node text,
  tool text not null,
  idempotency_key text not null,
  arguments_hash text not null,
  status text not null check (status in ('STARTED', 'SUCCEEDED', 'FAILED', 'UNKNOWN')),
  attempts int not null default 1,
  request jsonb not null,
  answer jsonb,
  result jsonb,
  error text,
  duration_ms double precision,
  bytes bigint,
  at timestamptz not null default clock_timestamp(),
  -- The later answer of a call with a callback, once.
  callback jsonb,
  callback_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, tool, idempotency_key),
  foreign key (organization_id, run_id) references workflow.runs on delete cascade
);
create index tool_calls_by_run on workflow.tool_calls (organization_id, run_id, id);

-- Calls are read with their run. The rest is like workflow.credentials: an agency does not read its clients' connections.
do $$
declare
  name text;
  readers text;
begin
  foreach name in array array['workflow.accounts', 'workflow.tools', 'workflow.tool_rates', 'workflow.tool_calls'] loop
    readers := case name when 'workflow.tool_calls' then 'organization_id = any ((select workflow.readable_organizations())::uuid[])'
      else 'organization_id = (select workflow.active_organization())' end;
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy owner_all on %s to workflow_owner using (true) with check (true)', name);
    execute format('create policy app_read on %s for select to workflow_app using (%s)', name, readers);
    execute format('create policy app_insert on %s for insert to workflow_app with check (organization_id = (select workflow.active_organization()))', name);
    execute format('create policy app_update on %s for update to workflow_app using (organization_id = (select workflow.active_organization()))', name);
    execute format('create policy app_delete on %s for delete to workflow_app using (organization_id = (select workflow.active_organization()))', name);
  end loop;
end $$;
