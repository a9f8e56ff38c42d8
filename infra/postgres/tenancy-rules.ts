import {
  readOwned,
  readPublicRights,
  readRoles,
  readRoutines,
  readSchemas,
  readTables,
  readViews,
  type Policy,
  type Query,
  type Table,
} from './catalogue.ts'
import {
  ALL_TENANTS_ROLES,
  HOLDINGS,
  KEYS_WITHOUT_TENANT,
  OWNER_ROLES,
  REFERENCES_WITHOUT_TENANT,
  RUNTIME_ROLES,
  SCHEMAS,
  type Holding,
} from './holdings.ts'

const TENANT = 'organization_id'
const SERVICE_RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE']
/** The settings themselves, or a function that reads them. */
const READS_THE_TENANT = /'app\.organizations?'|readable_organizations\(\)|active_organization\(\)|is_in_sight\(/

/**
 * Everything in which a database breaks the rule of tenancy, a sentence each; none: it holds.
 * @param schemas those of ours that are in this database
 */
export async function tenancyFaults(query: Query, schemas = Object.keys(SCHEMAS)): Promise<string[]> {
  const tables = await readTables(query, schemas, RUNTIME_ROLES)
  return [
    ...tables.flatMap((table) => tableFaults(table, tables)),
    ...(await routineFaults(query, schemas)),
    ...(await viewFaults(query, schemas)),
    ...(await roleFaults(query)),
    ...(await schemaFaults(query, schemas)),
    ...(await readPublicRights(query, schemas)).map((right) => `everybody (PUBLIC) has ${right}`),
  ]
}

/** Lines of `holdings.ts` that no table, index or constraint of these databases answers to. */
export function needlessHoldings(tables: Table[]): string[] {
  const of = (names: string[]) => new Set(names)
  const known = {
    tables: of(tables.map(({ name }) => name)),
    keys: of(tables.flatMap(({ schema, uniques }) => uniques.map(({ name }) => `${schema}.${name}`))),
    references: of(tables.flatMap(({ schema, references }) => references.map(({ name }) => `${schema}.${name}`))),
  }
  return [
    ...Object.keys(HOLDINGS).filter((name) => !known.tables.has(name)),
    ...Object.keys(KEYS_WITHOUT_TENANT).filter((name) => !known.keys.has(name)),
    ...Object.keys(REFERENCES_WITHOUT_TENANT).filter((name) => !known.references.has(name)),
  ].map((name) => `holdings.ts names ${name}, which does not exist`)
}

const holdingOf = ({ name }: Table): Holding => HOLDINGS[name] ?? { kind: 'tenant', column: TENANT, why: '' }

function tableFaults(table: Table, all: Table[]): string[] {
  const holding = holdingOf(table)
  const faults = [...ownershipFaults(table)]
  if (holding.kind === 'service') {
    if (holding !== HOLDINGS[table.name] || hasTenant(table)) faults.push(`carries ${TENANT}, so it is a tenant’s table`)
  } else faults.push(...securityFaults(table))
  if (holding.kind === 'closed') faults.push(...closedFaults(table))
  if (holding.kind === 'tenant') faults.push(...policyFaults(table), ...keyFaults(table, holding.column, all))
  return faults.map((fault) => `table ${table.name}: ${fault}`)
}

const hasTenant = ({ columns }: Table) => columns.some(({ name }) => name === TENANT)

function ownershipFaults({ schema, owner, rights }: Table): string[] {
  const expected = SCHEMAS[schema]!.owner
  const excess = Object.entries(rights).flatMap(([role, held]) =>
    held.filter((right) => !SERVICE_RIGHTS.includes(right)).map((right) => `${role} may ${right}`),
  )
  return owner === expected ? excess : [`is owned by ${owner}, not by ${expected}`, ...excess]
}

function securityFaults({ secured, forced, policies, schema }: Table): string[] {
  const { owner } = SCHEMAS[schema]!
  const isOwners = ({ roles, command, using, check }: Policy) =>
    roles.length === 1 && roles[0] === owner && command === '*' && using === 'true' && check === 'true'
  return [
    ...(secured ? [] : ['row level security is not enabled']),
    ...(forced ? [] : ['row level security is not forced']),
    ...(policies.some(isOwners) ? [] : [`has no policy that lets ${owner} change its data in migrations`]),
  ]
}

const closedFaults = ({ rights }: Table) =>
  Object.entries(rights).map(([role, held]) => `is closed, but ${role} may ${held.join(', ')}`)

/** Each right of a runtime role rests on a policy that reads the tenant; a role without a policy sees nothing. */
function policyFaults({ policies, schema, rights }: Table): string[] {
  const { owner } = SCHEMAS[schema]!
  const others = policies.filter(({ roles }) => !(roles.length === 1 && roles[0] === owner))
  return others.flatMap((policy) => {
    const strangers = policy.roles.filter((role) => !RUNTIME_ROLES.includes(role))
    if (policy.roles.length === 0) return [`policy ${policy.name} is for everybody`]
    if (strangers.length > 0) return [`policy ${policy.name} is for ${strangers.join(', ')}`]
    if (policy.roles.every((role) => role in ALL_TENANTS_ROLES)) return []
    if (!policy.permissive) return []
    return conditionsOf(policy)
      .filter((condition) => condition === null || !READS_THE_TENANT.test(condition))
      .map(() => `policy ${policy.name} does not read the tenant of ${Object.keys(rights).join(', ') || 'anybody'}`)
  })
}

/** `using` decides what is seen, changed and removed; `with check` what is written, and `using` does where there is none. */
function conditionsOf({ command, using, check }: Policy): (string | null)[] {
  if (command === 'a') return [check]
  if (command === 'w' || command === '*') return [using, check ?? using]
  return [using]
}

function keyFaults(table: Table, column: string | null, all: Table[]): string[] {
  if (column === null) return []
  const tenant = table.columns.find(({ name }) => name === column)
  if (tenant === undefined) return [`has no ${column}: give it one, or say in holdings.ts what it holds`]
  const lacking = table.uniques.filter(
    ({ name, columns }) => !columns.includes(column) && !(`${table.schema}.${name}` in KEYS_WITHOUT_TENANT),
  )
  return [
    ...(tenant.type === 'uuid' && tenant.required ? [] : [`${column} is not a uuid that is never null`]),
    ...(table.uniques.length > 0 ? [] : ['has neither a primary key nor a unique index']),
    ...lacking.map(({ name }) => `unique index ${name} does not carry ${column}: it tells of other tenants’ rows`),
    ...referenceFaults(table, column, all),
  ]
}

/** A foreign key check bypasses row level security: without the tenant in it a row of another tenant can be pointed at. */
function referenceFaults({ schema, references }: Table, column: string, all: Table[]): string[] {
  return references.flatMap(({ name, columns, target, targetColumns }) => {
    const other = all.find((table) => table.name === target)
    const holding = other && holdingOf(other)
    if (holding?.kind !== 'tenant' || holding.column === null || `${schema}.${name}` in REFERENCES_WITHOUT_TENANT) return []
    const place = columns.indexOf(column)
    return place >= 0 && targetColumns[place] === holding.column
      ? []
      : [`foreign key ${name} to ${target} does not carry ${column}`]
  })
}

async function routineFaults(query: Query, schemas: string[]): Promise<string[]> {
  const routines = await readRoutines(query, schemas)
  return routines.flatMap(({ name, owner, definer, settings }) => {
    const { owner: expected } = SCHEMAS[name.split('.')[0]!] ?? {}
    const path = settings.find((setting) => setting.startsWith('search_path='))?.slice('search_path='.length)
    return [
      ...(owner === expected ? [] : [`routine ${name}: is owned by ${owner}, not by ${expected}`]),
      ...(definer && !/^[a-z_]+(, [a-z_]+)*, pg_temp$/.test(path ?? '')
        ? [
            `routine ${name}: runs as its owner, with the search path ${path ?? 'of its caller'}; it must be pinned and end in pg_temp`,
          ]
        : []),
    ]
  })
}

const viewFaults = async (query: Query, schemas: string[]) =>
  (await readViews(query, schemas))
    .filter(({ invoker }) => !invoker)
    .map(({ name }) => `view ${name}: runs as its owner: make it with (security_invoker = true)`)

async function roleFaults(query: Query): Promise<string[]> {
  const roles = await readRoles(query, [...RUNTIME_ROLES, ...OWNER_ROLES])
  const owned = await readOwned(query, RUNTIME_ROLES)
  return [
    ...roles.flatMap(({ name, powers }) => powers.map((power) => `role ${name} is ${power}`)),
    ...roles.flatMap(({ name, member }) => member.map((other) => `role ${name} is a member of ${other}`)),
    ...owned.map(({ owner, name }) => `role ${owner} owns ${name}`),
  ]
}

async function schemaFaults(query: Query, schemas: string[]): Promise<string[]> {
  const found = await readSchemas(query, RUNTIME_ROLES)
  return [
    ...schemas.filter((name) => !found.some((schema) => schema.name === name)).map((name) => `schema ${name} is missing`),
    ...found.flatMap(({ name, created }) => created.map((role) => `role ${role} may create in ${name}`)),
    ...found
      .filter(({ name }) => schemas.includes(name))
      .flatMap(({ name, owner, entered }) => [
        ...(owner === SCHEMAS[name]!.owner ? [] : [`schema ${name} is owned by ${owner}`]),
        ...entered.filter((role) => !SCHEMAS[name]!.entered.includes(role)).map((role) => `role ${role} may enter ${name}`),
      ]),
  ]
}
