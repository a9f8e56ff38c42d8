/**
 * What every table that is not an ordinary tenant's table holds, and why it may be otherwise; and which keys may lack the tenant. The
 * catalogue test (`catalogue.test.ts`) holds every other table of our schemas to the whole rule: row level security, forced; policies that
 * read the tenant's settings; the tenant in every key. A line here that the database no longer needs fails the test as well.
 */

/** How a table is kept. */
export type Holding =
  /** Closed to every runtime role: row level security, forced, and no right at all; functions of the owner are the only way in. */
  | { kind: 'closed'; why: string }
  /** A tenant's data under policies of the runtime roles, but with another column than `organization_id`, or with none. */
  | { kind: 'tenant'; column: string | null; why: string }
  /** No tenant's data. */
  | { kind: 'service'; why: string }

const MIGRATIONS = { kind: 'service', why: 'names of migrations' } as const

export const HOLDINGS: Record<string, Holding> = {
  'auth.migrations': MIGRATIONS,
  'workflow.migrations': MIGRATIONS,
  'telemetry.migrations': MIGRATIONS,
  'events.migrations': MIGRATIONS,
  'knowledge.migrations': MIGRATIONS,
  'auth.organizations': { kind: 'tenant', column: 'id', why: 'a row is the tenant itself' },
  'auth.users': {
    kind: 'tenant',
    column: null,
    why: 'a person belongs to many tenants: seen by those who share one, written by functions',
  },
  'auth.challenges': { kind: 'closed', why: 'one-time codes, before anybody is signed in' },
  'auth.code_locks': { kind: 'closed', why: 'failed one-time codes, before anybody is signed in' },
  'auth.outgoing_codes': { kind: 'closed', why: 'one-time codes on their way, sealed' },
  'auth.sessions': { kind: 'closed', why: 'a person’s, across the organisations that they switch between' },
  'auth.revocations': {
    kind: 'closed',
    why: 'ids of sessions, actors and keys; read as a whole by the stream to the other parts',
  },
  'auth.refresh_tokens': { kind: 'closed', why: 'part of sessions' },
  'auth.signing_keys': { kind: 'closed', why: 'the platform’s own keys' },
  'auth.oidc_grants': { kind: 'closed', why: 'what people let applications do: part of sessions' },
  'auth.client_failures': { kind: 'closed', why: 'counts of failed client authentications, before anybody is known' },
  'auth.oidc_payloads': { kind: 'closed', why: 'the OpenID provider’s protocol state, before anybody is signed in' },
  'events.outbox': { kind: 'closed', why: 'appended to and relayed by functions' },
  'events.log': { kind: 'closed', why: 'read by one function, by consumer position' },
  'events.notifications': {
    kind: 'closed',
    why: 'mails on their way to auth, which sends them; asked for and claimed by functions',
  },
  'events.head': { kind: 'service', why: 'the position of the log' },
  'telemetry.consumer': { kind: 'service', why: 'the position up to which events are applied' },
}

/** Unique indexes and primary keys of tenants' tables that do not carry the tenant. */
export const KEYS_WITHOUT_TENANT: Record<string, string> = {
  'auth.service_clients_client_id_key': 'made by us, never chosen by a tenant, and found before the tenant is known',
  'auth.service_clients_id': 'a UUID made by us; tokens name the client by it alone',
  'workflow.webhooks_path_hash': 'hashes of addresses made by us, never chosen by a tenant, and found before the tenant is known',
  'telemetry.dead_letter_pkey': 'a position in the log, given by the relay',
}

/** Foreign keys between tenants' tables that do not carry the tenant. */
export const REFERENCES_WITHOUT_TENANT: Record<string, string> = {
  'auth.organizations_agency_id_fkey': 'a client belongs to an agency: another tenant by nature',
}

/** Runtime roles that see every tenant, by an explicit policy. */
export const ALL_TENANTS_ROLES: Record<string, string> = {
  telemetry_consumer: 'applies the event log of all tenants',
}

/** Which runtime role enters which schema. */
export const SCHEMAS: Record<string, { owner: string; entered: string[] }> = {
  auth: { owner: 'auth_owner', entered: ['auth_app'] },
  workflow: { owner: 'workflow_owner', entered: ['workflow_app'] },
  checkpoint: { owner: 'workflow_owner', entered: ['workflow_app'] },
  knowledge: { owner: 'workflow_owner', entered: ['workflow_app'] },
  telemetry: { owner: 'telemetry_owner', entered: ['telemetry_app', 'telemetry_consumer'] },
  events: { owner: 'events_owner', entered: ['auth_app', 'workflow_app', 'telemetry_app', 'telemetry_consumer'] },
}

export const RUNTIME_ROLES = ['auth_app', 'workflow_app', 'telemetry_app', 'telemetry_consumer']
export const OWNER_ROLES = [...new Set(Object.values(SCHEMAS).map(({ owner }) => owner))]
