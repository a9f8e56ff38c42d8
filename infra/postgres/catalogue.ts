/**
 * What Postgres's own catalogue says about our schemas, as plain facts. Nothing is judged here (`tenancy-rules.ts` does that).
 */
export type Query = <T>(sql: string, values: unknown[]) => Promise<T[]>

export interface Table {
  name: string
  schema: string
  owner: string
  secured: boolean
  forced: boolean
  columns: { name: string; type: string; required: boolean }[]
  /** Rights by runtime role: `{ auth_app: ['SELECT'] }`; roles without any are absent. */
  rights: Record<string, string[]>
  policies: Policy[]
  uniques: { name: string; primary: boolean; columns: string[] }[]
  references: { name: string; columns: string[]; target: string; targetColumns: string[] }[]
}

export interface Policy {
  name: string
  /** Empty: everybody. */
  roles: string[]
  command: string
  permissive: boolean
  /** What `using` and `with check` say; null: nothing. */
  using: string | null
  check: string | null
}

export interface Routine {
  name: string
  owner: string
  definer: boolean
  settings: string[]
}

/** Every right that a table can give; the first four are what a service needs. */
const RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']

export const readTables = (query: Query, schemas: string[], roles: string[]): Promise<Table[]> =>
  query<Table>(
    `select n.nspname as schema, n.nspname || '.' || c.relname as name, pg_get_userbyid(c.relowner) as owner,
      c.relrowsecurity as secured, c.relforcerowsecurity as forced,
      (select coalesce(jsonb_agg(jsonb_build_object('name', attname, 'type', format_type(atttypid, null), 'required', attnotnull)), '[]')
       from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns,
      (select coalesce(jsonb_object_agg(role, held), '{}') from (
        select role, jsonb_agg(right_name) as held from unnest($2::text[]) as role, unnest($3::text[]) as right_name
        where has_table_privilege(role, c.oid, right_name)
          or (right_name in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') and has_any_column_privilege(role, c.oid, right_name)) group by role) r) as rights,
      (select coalesce(jsonb_agg(jsonb_build_object('name', polname, 'command', polcmd::text, 'permissive', polpermissive,
        'roles', array(select pg_get_userbyid(role) from unnest(polroles) as role where role <> 0),
        'using', pg_get_expr(polqual, polrelid), 'check', pg_get_expr(polwithcheck, polrelid))), '[]')
       from pg_policy where polrelid = c.oid) as policies,
      (select coalesce(jsonb_agg(jsonb_build_object('name', ic.relname, 'primary', i.indisprimary, 'columns',
        array(select a.attname from unnest(i.indkey::int[]) with ordinality as key (number, place) join pg_attribute a on a.attrelid = c.oid and a.attnum = key.number
          order by key.place))), '[]')
       from pg_index i join pg_class ic on ic.oid = i.indexrelid where i.indrelid = c.oid and i.indisunique) as uniques,
      (select coalesce(jsonb_agg(jsonb_build_object('name', conname, 'target', confrelid::regclass::text,
        'columns', array(select attname from unnest(conkey) with ordinality k (number, place) join pg_attribute on attrelid = conrelid and attnum = k.number order by place),
        'targetColumns', array(select attname from unnest(confkey) with ordinality k (number, place) join pg_attribute on attrelid = confrelid and attnum = k.number order by place))), '[]')
       from pg_constraint where conrelid = c.oid and contype = 'f') as references
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any ($1) and c.relkind in ('r', 'p', 'f', 'm') order by 2`,
    [schemas, roles, RIGHTS],
  )

export const readRoutines = (query: Query, schemas: string[]): Promise<Routine[]> =>
  query<Routine>(
    `select p.oid::regprocedure::text as name, pg_get_userbyid(proowner) as owner, prosecdef as definer, to_jsonb(coalesce(proconfig, '{}')) as settings
     from pg_proc p join pg_namespace n on n.oid = pronamespace where n.nspname = any ($1) order by 1`,
    [schemas],
  )

export const readViews = (query: Query, schemas: string[]) =>
  query<{ name: string; invoker: boolean }>(
    `select n.nspname || '.' || c.relname as name, coalesce('security_invoker=true' = any (reloptions) or 'security_invoker=on' = any (reloptions), false) as invoker
     from pg_class c join pg_namespace n on n.oid = relnamespace where n.nspname = any ($1) and relkind = 'v' order by 1`,
    [schemas],
  )

export const readRoles = (query: Query, roles: string[]) =>
  query<{ name: string; powers: string[]; member: string[] }>(
    `select rolname as name,
      to_jsonb(array_remove(array[case when rolsuper then 'SUPERUSER' end, case when rolbypassrls then 'BYPASSRLS' end,
        case when rolcreaterole then 'CREATEROLE' end, case when rolcreatedb then 'CREATEDB' end, case when rolreplication then 'REPLICATION' end], null)) as powers,
      to_jsonb(array(select pg_get_userbyid(roleid) from pg_auth_members where member = r.oid)) as member
     from pg_roles r where rolname = any ($1) order by 1`,
    [roles],
  )

/** What runtime roles own, anywhere in this database. */
export const readOwned = (query: Query, roles: string[]) =>
  query<{ owner: string; name: string }>(
    `select pg_get_userbyid(refobjid) as owner, pg_describe_object(classid, objid, 0) as name from pg_shdepend
     where deptype = 'o' and refclassid = 'pg_authid'::regclass and pg_get_userbyid(refobjid) = any ($1)
       and dbid in (0, (select oid from pg_database where datname = current_database())) order by 1, 2`,
    [roles],
  )

/** Schemas with their owners, who enters them and who may create in them; the database itself included, as `database`. */
export const readSchemas = (query: Query, roles: string[]) =>
  query<{ name: string; owner: string | null; entered: string[]; created: string[] }>(
    `select nspname as name, pg_get_userbyid(nspowner) as owner,
      to_jsonb(array(select role from unnest($1::text[]) as role where has_schema_privilege(role, n.oid, 'USAGE'))) as entered,
      to_jsonb(array(select role from unnest($1::text[]) as role where has_schema_privilege(role, n.oid, 'CREATE'))) as created
     from pg_namespace n where nspname !~ '^pg_' and nspname <> 'information_schema'
     union all select 'database', null, '[]', to_jsonb(array(select role from unnest($1::text[]) as role where has_database_privilege(role, current_database(), 'CREATE')))
     order by 1`,
    [roles],
  )

/** Rights that everybody (PUBLIC) has in our schemas, in words: also those that a null access list means, and default privileges. */
export const readPublicRights = async (query: Query, schemas: string[]) => {
  const rows = await query<{ what: string }>(
    `select privilege_type || ' on ' || what as what from (
       select 'schema ' || nspname as what, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) as acl from pg_namespace where nspname = any ($1)
       union all select 'relation ' || c.oid::regclass, aclexplode(coalesce(relacl, acldefault('r', relowner)))
         from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = any ($1) and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
       union all select 'routine ' || p.oid::regprocedure, aclexplode(coalesce(proacl, acldefault('f', proowner)))
         from pg_proc p join pg_namespace n on n.oid = pronamespace where nspname = any ($1)
       union all select 'a column of ' || a.attrelid::regclass, aclexplode(attacl)
         from pg_attribute a join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace where nspname = any ($1) and attacl is not null
       union all select 'future objects of ' || pg_get_userbyid(defaclrole), aclexplode(defaclacl) from pg_default_acl
     ) given, lateral (select (acl).grantee, (acl).privilege_type) a where grantee = 0 order by 1`,
    [schemas],
  )
  return rows.map(({ what }) => what)
}
