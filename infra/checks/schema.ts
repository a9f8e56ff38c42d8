/**
 * Writes `schema/`: each subgraph's SDL, the supergraph that the gateway serves, the API schema that clients see the table of who may
 * do what, and the JSON Schema of workflow definitions. With `--check` it writes nothing and fails when a file would change: that diff is the API review.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { composeServices } from '@apollo/composition'
import { SCOPES, type Scope } from '@signalbox/shared/scopes'
import { parse, printSchema } from 'graphql'
import { RESERVED_SCOPES } from './access-exceptions.ts'
import { accessFaults } from './access-faults.ts'
import { accessTable } from './access-table.ts'

const root = join(import.meta.dirname, '../..')
const publicFields = JSON.parse(readFileSync(join(import.meta.dirname, 'public-fields.json'), 'utf8')) as string[]
const ports = { auth: 4001, workflow: 4002, telemetry: 4003 }

interface SubgraphModule {
  [build: string]: () => Promise<{ sdl: string }>
}

/** The auth subgraph's roles: `subgraphs/auth/src/organizations/roles.ts`. */
interface RolesModule {
  Role: Record<string, string>
  scopesOf(role: string): readonly Scope[]
}

/** The workflow subgraph's JSON Schema of definitions: `subgraphs/workflow/src/workflows/definition-schema.ts`. */
interface DefinitionSchemaModule {
  workflowDefinitionSchema(): object
}

const subgraphs = await Promise.all(
  Object.entries(ports).map(async ([name, port]) => {
    const module = (await import(join(root, 'subgraphs', name, 'dist/schema.js'))) as SubgraphModule
    const build = module[`build${name[0]!.toUpperCase()}${name.slice(1)}Subgraph`]
    if (build === undefined) throw new Error(`subgraphs/${name}/src/schema.ts does not export its builder`)
    return { name, url: `http://127.0.0.1:${port}/graphql`, ...(await build()) }
  }),
)

const composed = composeServices(subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })))
if (composed.errors !== undefined) fail(`Composition failed:\n  ${composed.errors.map((error) => error.message).join('\n  ')}`)

const supergraph = `${composed.supergraphSdl}\n`
const faults = accessFaults({
  subgraphs: Object.fromEntries(subgraphs.map(({ name, sdl }) => [name, sdl])),
  supergraph,
  publicFields,
  scopes: SCOPES,
  reserved: RESERVED_SCOPES,
})
if (faults.length > 0) fail(`The graph is open where it should not be:\n  ${faults.join('\n  ')}`)

const { Role, scopesOf } = (await import(join(root, 'subgraphs/auth/dist/organizations/roles.js'))) as RolesModule
const roles = Object.fromEntries(Object.values(Role).map((role) => [role, scopesOf(role)]))

const definitions = (await import(join(root, 'subgraphs/workflow/dist/workflows/definition-schema.js'))) as DefinitionSchemaModule

const files = Object.fromEntries([
  ...subgraphs.map(({ name, sdl }) => [`${name}.graphql`, sdl]),
  ['supergraph.graphql', supergraph],
  ['api.graphql', `${printSchema(composed.schema.toAPISchema().toGraphQLJSSchema())}\n`],
  ['workflow-definition.schema.json', `${JSON.stringify(definitions.workflowDefinitionSchema(), null, 2)}\n`],
  ['access.md', accessTable({ supergraph, publicFields, roles, reserved: RESERVED_SCOPES })],
]) as Record<string, string>

const stale = Object.keys(files).filter((name) => files[name] !== read(name))
if (!process.argv.includes('--check')) {
  for (const name of stale) writeFileSync(join(root, 'schema', name), files[name]!)
  console.log(stale.length === 0 ? 'schema/ is up to date' : `schema/: wrote ${stale.join(', ')}`)
} else if (stale.length > 0) {
  fail(`schema/ does not match the code: ${stale.join(', ')}. Run "npm run schema" and review the diff.`)
}

function read(name: string): string | undefined {
  try {
    return readFileSync(join(root, 'schema', name), 'utf8')
  } catch {
    return undefined
  }
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
