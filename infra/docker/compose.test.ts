import { beforeAll, describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { readGatewayEnv } from '../../gateway/src/env.ts'
import { parseServiceKey, parseTrustedCallers } from '../../subgraphs/shared/src/service-credential.ts'
import { readAuthEnv, readSeedEnv } from '../../subgraphs/auth/src/env.ts'
import { readTelemetryEnv } from '../../subgraphs/telemetry/src/env.ts'
import { readApiEnv, readWorkerEnv } from '../../subgraphs/workflow/src/env.ts'
import { stagesOf, type Stage } from './dockerfile.ts'

interface Service {
  image: string
  build?: { context: string; dockerfile: string; target: string }
  command?: string[]
  entrypoint?: string[]
  environment?: Record<string, string>
  healthcheck?: { test: string[] }
  depends_on?: Record<string, { condition: string }>
  networks: string[]
  ports?: string[]
  volumes?: string[]
  profiles?: string[]
  restart?: string
  user?: string
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const composeText = read('docker-compose.yml')
const example = read('.env.example')

const directory = mkdtempSync(join(tmpdir(), 'signalbox-compose-'))
const envFile = join(directory, 'env')
const made = spawnSync(process.execPath, [join(root, 'infra/docker/make-env.mjs'), envFile], { encoding: 'utf8' })

const variablesOf = (text: string) =>
  Object.fromEntries([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]))

/** `${NAME:-default}` and `${NAME:?complaint}`, as Compose reads them. */
function interpolate(text: string, values: Record<string, string>): string {
  return text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name: string, how: string | undefined, rest: string) => {
    if (values[name]) return values[name]
    if (how === '?') throw new Error(`${name}: ${rest}`)
    return rest ?? ''
  })
}

let services: Record<string, Service> = {}
let stages: Map<string, Stage>

beforeAll(() => {
  if (made.status !== 0) throw new Error(made.stderr)
  const compose = parse(interpolate(composeText, variablesOf(readFileSync(envFile, 'utf8'))), { merge: true }) as {
    services: typeof services
  }
  services = compose.services
  stages = stagesOf(read('infra/docker/Dockerfile'))
})

const isOneShot = (service: Service) => service.restart === 'no'
const stageOf = (service: Service) => (service.build ? stages.get(service.build.target) : undefined)
const commandOf = (service: Service) => service.command ?? stageOf(service)?.command ?? []

describe('the environment', () => {
  it.each([
    ['auth', readAuthEnv],
    ['seed-auth', readSeedEnv],
    ['workflow-api', readApiEnv],
    ['seed-workflow', readApiEnv],
    ['workflow-worker', readWorkerEnv],
    ['telemetry', readTelemetryEnv],
    ['seed-telemetry', readTelemetryEnv],
    ['gateway', readGatewayEnv],
  ] as [string, (source: Record<string, string>) => unknown][])('of %s is complete for its own reader', (name, readEnv) => {
    expect(() => readEnv(stringsOf(services[name]!.environment))).not.toThrow()
  })

  it('of the gateway names every subgraph of the supergraph, and signs people in', () => {
    const env = readGatewayEnv(stringsOf(services['gateway']!.environment))
    const subgraphs = [...read('schema/supergraph.graphql').matchAll(/@join__graph\(name: "(\w+)"/g)].map(([, name]) =>
      name!.toUpperCase(),
    )
    expect(Object.keys(env.subgraphUrls).sort()).toEqual(subgraphs.sort())
    expect(env.tokens).not.toBeNull()
  })

  it('of every migration has the address of its owner', () => {
    for (const name of ['events', 'auth', 'workflow', 'telemetry']) {
      expect(services[`migrate-${name}`]!.environment!['DATABASE_OWNER_URL']).toMatch(
        new RegExp(`^postgresql://${name}_owner:\\w+@postgres:5432/signalbox$`),
      )
    }
  })

  it('agrees on issuer, audience, keys and passwords everywhere', () => {
    for (const name of ['ISSUER', 'AUDIENCE', 'JWKS_URL', 'PUBLIC_URL']) {
      const values = Object.values(services).flatMap((service) => service.environment?.[name] ?? [])
      expect(values.length).toBeGreaterThanOrEqual(4)
      expect(new Set(values).size).toBe(1)
    }
    const passwords = services['init-database']!.environment!
    for (const { environment } of Object.values(services)) {
      for (const value of Object.values(environment ?? {})) {
        const { 1: role, 2: password } = /^postgresql:\/\/(\w+):(\w+)@/.exec(String(value)) ?? []
        if (role !== undefined) expect(password).toBe(passwords[`${role.toUpperCase()}_PASSWORD`])
      }
    }
  })

  it('gives every service its own key, and all of them the public half of each', () => {
    const named = { gateway: 'gateway', auth: 'auth', 'workflow-api': 'workflow', telemetry: 'telemetry' }
    const sets = new Set<string>()
    for (const [service, name] of Object.entries(named)) {
      const { SERVICE_KEY, TRUSTED_CALLERS } = services[service]!.environment!
      const trusted = parseTrustedCallers(TRUSTED_CALLERS!)
      const { kid, privateKey } = parseServiceKey(SERVICE_KEY!)
      expect([service, kid, [...trusted.keys()].sort()]).toEqual([service, name, Object.values(named).sort()])
      expect(createPublicKey(privateKey as never).equals(trusted.get(name)!)).toBe(true)
      sets.add(TRUSTED_CALLERS!)
    }
    expect(sets.size).toBe(1)
  })

  it('sets the password of every role that init.sql makes', () => {
    const roles = [.../array\[([^\]]+)\]/.exec(read('infra/postgres/init.sql'))![1]!.matchAll(/'(\w+)'/g)].map(
      ([, role]) => role!,
    )
    const sql = read('infra/docker/passwords.sql')
    expect(roles.length).toBe(8)
    for (const role of roles) {
      expect(sql).toContain(`\\getenv ${role} ${role.toUpperCase()}_PASSWORD\nalter role ${role} password :'${role}';`)
      expect(services['init-database']!.environment).toHaveProperty(`${role.toUpperCase()}_PASSWORD`)
    }
  })
})

describe('.env.example', () => {
  it('has every variable of the compose file and no other, each explained', () => {
    const used = new Set([...composeText.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!))
    expect(Object.keys(variablesOf(example)).sort()).toEqual([...used].sort())
    const paragraphs = example.split(/\n(?=#)/).filter((part) => /^\w+=/m.test(part))
    for (const part of paragraphs) expect(part).toMatch(/^# \S/)
  })

  it('gives the same defaults as the compose file, and no secret', () => {
    const values = variablesOf(example)
    for (const [, name, fallback] of composeText.matchAll(/\$\{(\w+):-([^}]*)\}/g))
      expect([name, values[name!]]).toEqual([name, fallback])
    const secrets = Object.keys(values).filter((name) => /PASSWORD|SECRET|_KEY$/.test(name))
    expect(secrets.length).toBeGreaterThan(10)
    for (const name of secrets) expect([name, values[name]]).toEqual([name, ''])
  })

  it('is filled by make-env with secrets that differ, and never over a file that is there', () => {
    const filled = Object.entries(variablesOf(readFileSync(envFile, 'utf8'))).filter(
      ([name, value]) => variablesOf(example)[name] !== value,
    )
    expect(filled.length).toBeGreaterThan(10)
    expect(new Set(filled.map(([, value]) => value)).size).toBe(filled.length)
    const again = spawnSync(process.execPath, [join(root, 'infra/docker/make-env.mjs'), envFile], { encoding: 'utf8' })
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('is there already')])
  })
})

describe('every address', () => {
  const SERVERS: Record<string, number[]> = { postgres: [5432], objects: [9000], mail: [1025] }

  it('names a service that listens on that port and shares a network with the caller', () => {
    let checked = 0
    for (const [name, service] of Object.entries(services)) {
      for (const [variable, value] of Object.entries(service.environment ?? {})) {
        if (!/_URL$|_ENDPOINT$/.test(variable) || !value || variable === 'PUBLIC_URL') continue
        const { hostname, port } = new URL(value)
        const called = services[hostname]
        const ports = SERVERS[hostname] ?? [Number(called?.environment?.['PORT'])]
        expect([name, variable, ports]).toEqual([name, variable, [Number(port)]])
        expect([name, variable, called!.networks.some((network) => service.networks.includes(network))]).toEqual([
          name,
          variable,
          true,
        ])
        checked += 1
      }
    }
    expect(checked).toBeGreaterThan(20)
  })

  it('that the edge calls is the gateway, and every published port is one that something listens on', () => {
    const configuration = readdirSync(join(root, 'infra/nginx'))
      .filter((file) => file.endsWith('.conf'))
      .map((file) => read(`infra/nginx/${file}`))
      .join('\n')
    const upstreams = [...configuration.matchAll(/set \$gateway (\S+);/g)].map(([, address]) => address)
    expect(new Set(upstreams)).toEqual(new Set([`gateway:${services['gateway']!.environment!['PORT']}`]))
    const listens = new Set([...configuration.matchAll(/listen (\d+)[ ;]/g)].map(([, port]) => port))
    expect(new Set(services['edge']!.ports!.map((port) => port.split(':').at(-1)))).toEqual(listens)
    expect(services['mail']!.ports).toEqual(['127.0.0.1:8025:8025'])
    const published = Object.keys(services).filter((name) => services[name]!.ports !== undefined)
    expect(published).toEqual(['edge', 'mail'])
  })

  it('of PUBLIC_URL is where the edge is published', () => {
    const { PUBLIC_URL, HTTP_PORT } = variablesOf(example)
    expect(new URL(PUBLIC_URL!).port).toBe(HTTP_PORT)
  })
})

describe('every container', () => {
  it('runs a file that a known package builds, and its image holds that package', () => {
    const ours = Object.entries(services).filter(([, service]) => commandOf(service)[0] === 'node')
    expect(ours.length).toBe(14)
    for (const [name, service] of ours) {
      const [, workspace, file] = /^(.+)\/dist\/(.+)\.js$/.exec(commandOf(service)[1]!)!
      const packages = (JSON.parse(read('package.json')) as { workspaces: string[] }).workspaces
      expect([name, packages.includes(workspace!)]).toEqual([name, true])
      expect([name, existsSync(join(root, workspace!, 'src', `${file}.ts`))]).toEqual([name, true])
      expect([name, stageOf(service)!.copiedFromBuild]).toEqual([
        name,
        expect.arrayContaining([`/app/${workspace!}`, '/app/subgraphs/shared']),
      ])
    }
  })

  it('is built from a stage that exists, from files that exist', () => {
    for (const service of Object.values(services)) {
      if (!service.build) continue
      expect(stages.has(service.build.target)).toBe(true)
      expect(existsSync(join(root, service.build.dockerfile))).toBe(true)
    }
    for (const path of [...stages.values()].flatMap((stage) => stage.copiedFromContext)) {
      expect([path, existsSync(join(root, path.replace(/\/\*\.conf$/, '')))]).toEqual([path, true])
    }
  })

  it('that stays has a health check; one that does not ends by itself', () => {
    for (const [name, service] of Object.entries(services)) {
      const checked = service.healthcheck !== undefined || stageOf(service)?.hasHealthcheck === true
      expect([name, checked || isOneShot(service)]).toEqual([name, true])
    }
  })

  it('runs as a user other than root', () => {
    for (const [name, service] of Object.entries(services)) {
      const user = service.user ?? stageOf(service)?.user
      expect([name, user]).toEqual([name, expect.stringMatching(/^(node|postgres|[1-9]\d*(:\d+)?)$/)])
    }
  })

  it('waits for what it needs: the healthy for those that stay, the ended for those that end', () => {
    for (const [name, service] of Object.entries(services)) {
      for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
        const expected = isOneShot(services[needed]!) ? 'service_completed_successfully' : 'service_healthy'
        expect([name, needed, condition]).toEqual([name, needed, expected])
        expect([name, needed, services[needed]!.profiles ?? []]).toEqual([name, needed, []])
      }
    }
    for (const name of ['auth', 'workflow', 'telemetry']) {
      const serving = Object.keys(services).filter(
        (one) => services[one]!.image === `signalbox/${name}` && services[one]!.environment?.['DATABASE_URL'],
      )
      for (const one of serving)
        expect([one, Object.keys(services[one]!.depends_on!)]).toEqual([one, expect.arrayContaining([`migrate-${name}`])])
    }
  })

  it('mounts only files that are here', () => {
    const mounts = Object.values(services).flatMap((service) => service.volumes ?? [])
    const files = mounts.map((mount) => mount.split(':')[0]!).filter((path) => path.startsWith('./') && !path.endsWith('/tls'))
    expect(files.length).toBe(5)
    for (const path of files) expect([path, existsSync(join(root, path))]).toEqual([path, true])
  })
})

const compose = [['docker-compose'], ['docker', 'compose']].find(
  ([command, ...words]) => spawnSync(command!, [...words, 'version'], { encoding: 'utf8' }).status === 0,
)
const itWithCompose = compose ? it : it.skip

itWithCompose('Compose itself takes the file, and refuses it while a secret is missing', () => {
  const [command, ...words] = compose!
  const config = (file: string) =>
    spawnSync(command!, [...words, '--env-file', file, 'config', '--quiet'], { cwd: root, encoding: 'utf8' })
  expect(config(envFile)).toMatchObject({ status: 0 })
  const refused = config(join(root, '.env.example'))
  expect(refused.status).not.toBe(0)
  expect(refused.stderr).toContain('see .env.example')
})

/** YAML gives numbers where Compose passes text. */
const stringsOf = (environment: Record<string, string | number | null> = {}) =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value ?? '')]))
