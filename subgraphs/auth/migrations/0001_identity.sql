-- People, organisations, members and invitations. Two kinds of table in this schema, beside the service's own keys and protocol state:
--   a tenant's own: row level security, forced; the service reads and writes them in the tenancy of the caller's token;
--   what must work before anybody is signed in (one-time codes, sessions): closed to the service; the functions beside them are the only
--     way to them, and each does one step of a sign-in.

-- Row level security, forced. A tenant's own table (`tenant` names its column) is read and written by the service in the tenancy of the
-- caller's token; any other is closed to it but for the functions beside the table.
create procedure auth.guard(table_name text, tenant text) language plpgsql as $$
begin
  execute format('alter table auth.%I enable row level security', table_name);
  execute format('alter table auth.%I force row level security', table_name);
  execute format('create policy owner_all on auth.%I to auth_owner using (true) with check (true)', table_name);
  if tenant is null then return; end if;
  execute format($policy$create policy tenant_read on auth.%I for select to auth_app
    using (%I = any(coalesce(nullif(current_setting('app.organizations', true), ''), '{}')::uuid[]))$policy$, table_name, tenant);
  execute format($policy$create policy tenant_insert on auth.%I for insert to auth_app
    with check (%I = nullif(current_setting('app.organization', true), '')::uuid)$policy$, table_name, tenant);
  execute format($policy$create policy tenant_update on auth.%I for update to auth_app
    using (%2$I = nullif(current_setting('app.organization', true), '')::uuid)
    with check (%2$I = nullif(current_setting('app.organization', true), '')::uuid)$policy$, table_name, tenant);
  execute format($policy$create policy tenant_delete on auth.%I for delete to auth_app
    using (%I = nullif(current_setting('app.organization', true), '')::uuid)$policy$, table_name, tenant);
end $$;
revoke execute on procedure auth.guard from auth_app;

create table auth.users (
  id uuid primary key default uuidv7(),
  email text not null unique check (email = lower(email)),
  display_name text not null,
  created_at timestamptz not null default now()
);

create table auth.organizations (
  id uuid primary key default uuidv7(),
  name text not null,
  kind text not null check (kind in ('AGENCY', 'CLIENT')),
  agency_id uuid references auth.organizations,
  time_zone text not null default 'UTC',
  created_at timestamptz not null default now(),
  check ((kind = 'CLIENT') = (agency_id is not null))
);
create index organizations_agency on auth.organizations (agency_id);

-- A removed member keeps the row, ended: what the person decided goes on showing a name.
create table auth.memberships (
  organization_id uuid not null references auth.organizations,
  id uuid not null default uuidv7(),
  user_id uuid not null references auth.users,
  role text not null check (role in ('AGENCY_ADMIN', 'AGENCY_OPERATOR', 'CLIENT_OWNER', 'CLIENT_REVIEWER', 'CLIENT_VIEWER')),
  since timestamptz(3) not null default now(), -- to the millisecond, as cursors carry it
  ended_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, user_id)
);
create index memberships_user on auth.memberships (user_id);

-- One row for each address that an organisation has invited, about its last invitation: open, until it was accepted, withdrawn or has
-- expired. It lets in whoever proves the address, once.
create table auth.invitations (
  organization_id uuid not null references auth.organizations,
  id uuid not null default uuidv7(), -- anew with each invitation: a mail of a former one leads nowhere
  email text not null check (email = lower(email)),
  display_name text,
  role text not null check (role in ('AGENCY_ADMIN', 'AGENCY_OPERATOR', 'CLIENT_OWNER', 'CLIENT_REVIEWER', 'CLIENT_VIEWER')),
  invited_by uuid, -- a person, or null: a service client
  created_at timestamptz not null default now(),
  sent_at timestamptz not null default now(),
  sends int not null default 1,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid references auth.users,
  withdrawn_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, email),
  check ((accepted_at is null) = (accepted_by is null))
);
create index invitations_email on auth.invitations (email);
create index invitations_id on auth.invitations (id);

revoke insert, update, delete on auth.users from auth_app;
revoke delete on auth.organizations, auth.memberships, auth.invitations from auth_app;

-- Whether the caller may see this person: a member, now or once, of an organisation that the caller reads, or of its agency.
create function auth.is_in_sight(person uuid) returns boolean
language sql stable security definer set search_path = auth, pg_temp as $$
  with readable as (
    select unnest(coalesce(nullif(current_setting('app.organizations', true), ''), '{}')::uuid[]) as id
  )
  select exists (
    select from memberships
    where user_id = person and organization_id in (
      select id from readable union select agency_id from organizations where id in (select id from readable)
    )
  )
$$;

call auth.guard('users', null);
call auth.guard('organizations', 'id');
call auth.guard('memberships', 'organization_id');
call auth.guard('invitations', 'organization_id');
create policy people_in_sight on auth.users for select to auth_app using (auth.is_in_sight(id));

-- The people of a client's agency, who act there too: the client may know who they are. Nobody for an organisation that the caller does
-- not read, and for an agency.
create function auth.agency_people(client uuid) returns table (agency_name text, user_id uuid, role text, since timestamptz)
language sql stable security definer set search_path = auth, pg_temp as $$
  select agency.name, m.user_id, m.role, m.since
  from organizations c join organizations agency on agency.id = c.agency_id
    left join memberships m on m.organization_id = agency.id and m.ended_at is null
  where c.id = client and c.id = any(coalesce(nullif(current_setting('app.organizations', true), ''), '{}')::uuid[])
  order by m.since, m.id
$$;

-- The same of the agency's programs, which read what its people read.
create function auth.agency_programs(client uuid) returns table (id uuid, name text, scopes text[])
language plpgsql stable security definer set search_path = auth, pg_temp as $$
begin
  return query select p.id, p.name, p.scopes
    from organizations c join service_clients p on p.organization_id = c.agency_id -- of a later migration
    where c.id = client and c.id = any(coalesce(nullif(current_setting('app.organizations', true), ''), '{}')::uuid[])
      and p.revoked_at is null and (p.expires_at is null or p.expires_at > now())
    order by p.name, p.id;
end $$;

-- ── Signing in: people ───────────────────────────────────────────────────────────────────────────────────────────────────────

-- The person with this address; made when there is none. The name of a known person stays.
create function auth.ensure_user(address text, name text) returns uuid
language plpgsql security definer set search_path = auth, pg_temp as $$
declare
  found_id uuid;
begin
  insert into users (email, display_name) values (lower(address), name) on conflict (email) do nothing returning id into found_id;
  if found_id is null then select id into found_id from users where email = lower(address); end if;
  return found_id;
end $$;

create function auth.is_open(i auth.invitations) returns boolean
language sql stable set search_path = auth, pg_temp as $$
  select i.accepted_at is null and i.withdrawn_at is null and i.expires_at > now()
$$;

-- Whether a code for this address could sign anybody in: a member, or somebody who is invited.
create function auth.is_expected(address text) returns boolean
language sql stable security definer set search_path = auth, pg_temp as $$
  select exists (select from users join memberships on user_id = users.id and ended_at is null where email = lower(address))
    or exists (select from invitations i where email = lower(address) and is_open(i))
$$;

create function auth.open_invitations_to(address text) returns table (organization_id uuid, id uuid, role text, display_name text)
language sql stable security definer set search_path = auth, pg_temp as $$
  select organization_id, id, role, display_name from invitations i where email = lower(address) and is_open(i) order by created_at
$$;

-- The same for a person who is known already.
create function auth.open_invitations_of(person uuid) returns table (organization_id uuid, id uuid, role text, display_name text)
language sql stable security definer set search_path = auth, pg_temp as $$
  select i.organization_id, i.id, i.role, i.display_name from invitations i join users on users.email = i.email
  where users.id = person and is_open(i) order by i.created_at
$$;

-- One invitation as this person may know it: somebody with another address learns only that it is not theirs.
create function auth.invitation_for(invitation uuid, person uuid)
returns table (is_theirs boolean, organization_id uuid, role text, display_name text, state text)
language sql stable security definer set search_path = auth, pg_temp as $$
  select users.id is not null, i.organization_id, i.role, i.display_name,
    case
      when accepted_by = person and exists (
        select from memberships m where m.organization_id = i.organization_id and user_id = person and ended_at is null
      ) then 'JOINED'
      when accepted_at is not null then 'USED'
      when withdrawn_at is not null then 'WITHDRAWN'
      when expires_at <= now() then 'EXPIRED'
      else 'OPEN'
    end
  from invitations i left join users on users.id = person and users.email = i.email where i.id = invitation
$$;

-- The organisations that this person is a member of, oldest membership first, each with the clients of an agency.
create function auth.memberships_of(person uuid) returns table (organization_id uuid, role text, clients uuid[])
language sql stable security definer set search_path = auth, pg_temp as $$
  select organization_id, role, array(select id from organizations where agency_id = organization_id order by id)
  from memberships where user_id = person and ended_at is null order by since, memberships.id
$$;

-- Of all an agency's clients, those included that the caller's token does not name yet. Exact until the transaction's end: others who ask
-- wait for it.
create function auth.client_count(agency uuid) returns int
language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('auth.clients:' || agency, 0));
  return (select count(*) from organizations where agency_id = agency);
end $$;

revoke all on all functions in schema auth from public;
grant execute on all functions in schema auth to auth_app;
