import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Role } from './database.ts'
import { repositoryPath } from './data-directory.ts'
import { LocalFault } from './fault.ts'
import type { ProcessSpec } from './managed-process.ts'
import { BUCKET, OBJECT_STORE_KEY } from './object-store-settings.ts'
import type { Ports } from './ports.ts'
import { rolePasswords, trustedCallers, type Secrets, type SIGNING_SERVICES } from './secrets.ts'

export const STORES = ['knowledge', 'objects', 'mail'] as const
export const SERVICES = ['auth', 'workflow', 'worker', 'telemetry', 'gateway'] as const
export type StoreName = (typeof STORES)[number]
export type ServiceName = (typeof SERVICES)[number]
export const DATABASE = 'signalbox'

type Env = Record<string, string>

/** What every part is told. `extra` comes last, for tests that want other settings. */
export interface Settings {
  ports: Ports
  secrets: Secrets
  dataDirectory: string
  extra: Env
}

/** Settings of the person who starts us that reach the services. */
const PASSED_ON = [
  'NODE_ENV',
  'LOG_LEVEL',
  'OPENAI_BASE_URL',
  'OPENAI_API_KEY',
  'OPENAI_MODEL',
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_MODEL',
  'N8N_WEBHOOK_URL',
  'EGRESS_ALLOW',
  'WORKER_CONCURRENCY',
  'DATABASE_POOL_SIZE',
  'RATE_LIMIT_ADDRESS',
  'RATE_LIMIT_IDENTITY',
  'RATE_LIMIT_SIGN_IN',
]

/** Those that reach auth alone. */
const PASSED_ON_TO_AUTH = [
  'SIGNING_KEY_DAYS',
  'SESSION_MAX_DAYS',
  'SESSION_IDLE_DAYS',
  'CODE_SENDS_PER_HOUR',
  'CODE_SENDS_PER_CLIENT',
  'CODE_LOCK_AFTER',
  'TWILIO_BASE_URL',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_FROM',
  'TWILIO_MESSAGING_SERVICE_SID',
]

export const passedOn = (source: NodeJS.ProcessEnv = process.env, names: readonly string[] = PASSED_ON): Env =>
  Object.fromEntries(names.flatMap((name) => (source[name] ? [[name, source[name]]] : [])))

const local = (port: number) => `http://127.0.0.1:${port}`

export function storeSpecs({ ports, dataDirectory }: Settings): Record<StoreName, ProcessSpec> {
  const script = (name: string) => join(import.meta.dirname, `${name}${import.meta.filename.slice(-3)}`)
  const at = (directory: string, port: number, more: Env = {}) => ({
    DIRECTORY: join(dataDirectory, directory),
    PORT: String(port),
    ...more,
  })
  return {
    knowledge: { name: 'knowledge', script: script('knowledge-store'), env: at('knowledge', ports.knowledge) },
    objects: { name: 'objects', script: script('object-store'), env: at('objects', ports.objects) },
    mail: {
      name: 'mail',
      script: script('mail/mail'),
      env: at('mail', ports.inbox, { SMTP_PORT: String(ports.smtp), SIGNALBOX_URL: local(ports.gateway) }),
    },
  }
}

export function serviceSpecs(settings: Settings): Record<ServiceName, ProcessSpec> {
  const env = serviceEnvs(settings)
  return {
    auth: { name: 'auth', script: built('subgraphs/auth/dist/main.js'), env: env.auth },
    workflow: { name: 'workflow', script: built('subgraphs/workflow/dist/main.js'), env: env.workflow },
    worker: { name: 'worker', script: built('subgraphs/workflow/dist/worker.main.js'), env: env.worker },
    telemetry: { name: 'telemetry', script: built('subgraphs/telemetry/dist/main.js'), env: env.telemetry },
    gateway: { name: 'gateway', script: built('gateway/dist/main.js'), env: env.gateway },
  }
}

/** The environment of each service, as the services' own `env.ts` reads it. */
export function serviceEnvs(settings: Settings): Record<ServiceName, Env> {
  const { ports, secrets, extra } = settings
  const url = local(ports.gateway)
  const common = { NODE_ENV: 'production', LOG_LEVEL: 'info', APOLLO_TELEMETRY_DISABLED: 'true' }
  const tokens = {
    PUBLIC_URL: url,
    ISSUER: `${url}/oidc`,
    AUDIENCE: 'urn:signalbox:api',
    JWKS_URL: `${local(ports.auth)}/oidc/jwks`,
    REVOCATIONS_URL: `${local(ports.auth)}/revocations`,
  }
  const callers = trustedCallers(secrets)
  const served = (name: (typeof SIGNING_SERVICES)[number], port: number) => ({
    ...common,
    ...tokens,
    HOST: '127.0.0.1',
    PORT: String(port),
    SERVICE_KEY: secrets[`service-key-${name}`],
    TRUSTED_CALLERS: callers,
  })
  const engine = {
    DATABASE_URL: databaseUrl(settings, 'workflow_app'),
    KNOWLEDGE_DATABASE_URL: knowledgeUrl(ports, 'workflow_app'),
    S3_ENDPOINT: local(ports.objects),
    S3_REGION: 'us-east-1',
    S3_BUCKET: BUCKET,
    S3_ACCESS_KEY: OBJECT_STORE_KEY.accessKey,
    S3_SECRET_KEY: OBJECT_STORE_KEY.secretKey,
    // As a file: a rotation of the keys needs no restart.
    ENCRYPTION_KEYS_FILE: join(settings.dataDirectory, 'secrets/encryption-keys'),
  }
  return {
    auth: {
      ...served('auth', ports.auth),
      DATABASE_URL: databaseUrl(settings, 'auth_app'),
      SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
      MAIL_FROM: 'Signalbox <no-reply@signalbox.example>',
      AUTH_SECRET: secrets['auth-secret'],
      ...passedOn(process.env, PASSED_ON_TO_AUTH),
      ...extra,
    },
    workflow: { ...served('workflow', ports.workflow), ...engine, ...extra },
    worker: { ...common, PUBLIC_URL: url, ...engine, ...extra },
    telemetry: {
      ...served('telemetry', ports.telemetry),
      DATABASE_URL: databaseUrl(settings, 'telemetry_app'),
      CONSUMER_DATABASE_URL: databaseUrl(settings, 'telemetry_consumer'),
      ...extra,
    },
    gateway: {
      ...served('gateway', ports.gateway),
      SUBGRAPH_AUTH_URL: `${local(ports.auth)}/graphql`,
      SUBGRAPH_WORKFLOW_URL: `${local(ports.workflow)}/graphql`,
      SUBGRAPH_TELEMETRY_URL: `${local(ports.telemetry)}/graphql`,
      ...extra,
    },
  }
}

/** One-shots that bring the schemas up to date: the event log first, then the others at the same time. */
export function migrationSpecs(settings: Settings): ProcessSpec[][] {
  const migration = (name: string, script: string, role: Role, more: Env = {}) => ({
    name: `migrate-${name}`,
    script: built(script),
    env: { DATABASE_OWNER_URL: databaseUrl(settings, role), ...more },
  })
  const knowledge = { KNOWLEDGE_OWNER_URL: knowledgeUrl(settings.ports, 'workflow_owner') }
  return [
    [migration('events', 'subgraphs/shared/dist/events/migrate.main.js', 'events_owner')],
    [
      migration('auth', 'subgraphs/auth/dist/migrate.main.js', 'auth_owner'),
      migration('workflow', 'subgraphs/workflow/dist/migrate.main.js', 'workflow_owner', knowledge),
      migration('telemetry', 'subgraphs/telemetry/dist/migrate.main.js', 'telemetry_owner'),
    ],
  ]
}

/** One-shots that put the demo in; each leaves alone what is there. */
export function seedSpecs(settings: Settings): ProcessSpec[] {
  const env = serviceEnvs(settings)
  const cli = { CLI_CLIENT_SECRET: settings.secrets['cli-client-secret'] }
  return [
    { name: 'seed-auth', script: built('subgraphs/auth/dist/seed.main.js'), env: { ...env.auth, ...cli } },
    { name: 'seed-workflow', script: built('subgraphs/workflow/dist/seed.main.js'), env: env.workflow },
    { name: 'seed-telemetry', script: built('subgraphs/telemetry/dist/seed.main.js'), env: env.telemetry },
  ]
}

export function databaseUrl({ ports, secrets }: Settings, role: Role): string {
  const password = encodeURIComponent(rolePasswords(secrets)[role])
  return `postgresql://${role}:${password}@127.0.0.1:${ports.postgres}/${DATABASE}`
}

/** The name is for show: behind the socket everybody is one superuser's session. */
const knowledgeUrl = (ports: Ports, role: Role) => `postgresql://${role}@127.0.0.1:${ports.knowledge}/postgres`

/** @throws {LocalFault} naming the file that is not there */
function built(path: string): string {
  const file = repositoryPath(path)
  if (!existsSync(file)) throw new LocalFault(`${path} is missing: the project is not built. Build it with: npm run build`)
  return file
}
