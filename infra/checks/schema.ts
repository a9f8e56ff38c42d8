/**
 * Writes `schema/`: each subgraph's SDL, the supergraph that the gateway serves and the API schema that clients see.
 * With `--check` it writes nothing and fails when a file would change: that diff is the API review.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { composeServices } from '@apollo/composition'
import { parse, printSchema, type GraphQLSchema } from 'graphql'

const root = join(import.meta.dirname, '../..')
const publicFields = new Set(JSON.parse(readFileSync(join(import.meta.dirname, 'public-fields.json'), 'utf8')) as string[])
const ports = { auth: 4001, workflow: 4002, telemetry: 4003 }

interface SubgraphModule {
  [build: string]: () => Promise<{ sdl: string; schema: GraphQLSchema }>
}

const subgraphs = await Promise.all(
  Object.entries(ports).map(async ([name, port]) => {
    const module = (await import(join(root, 'subgraphs', name, 'dist/schema.js'))) as SubgraphModule
    const build = module[`build${name[0]!.toUpperCase()}${name.slice(1)}Subgraph`]
    if (build === undefined) throw new Error(`subgraphs/${name}/src/schema.ts does not export its builder`)
    return { name, url: `http://127.0.0.1:${port}/graphql`, ...(await build()) }
  }),
)

const open = subgraphs.flatMap(({ name, schema }) => openRootFields(name, schema))
if (open.length > 0)
  fail(`Root fields with neither @authenticated nor @requiresScopes, outside public-fields.json:\n  ${open.join('\n  ')}`)

const composed = composeServices(subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })))
if (composed.errors !== undefined) fail(`Composition failed:\n  ${composed.errors.map((error) => error.message).join('\n  ')}`)

const files = Object.fromEntries([
  ...subgraphs.map(({ name, sdl }) => [`${name}.graphql`, sdl]),
  ['supergraph.graphql', `${composed.supergraphSdl}\n`],
  ['api.graphql', `${printSchema(composed.schema.toAPISchema().toGraphQLJSSchema())}\n`],
]) as Record<string, string>

const stale = Object.keys(files).filter((name) => files[name] !== read(name))
if (!process.argv.includes('--check')) {
  for (const name of stale) writeFileSync(join(root, 'schema', name), files[name]!)
  console.log(stale.length === 0 ? 'schema/ is up to date' : `schema/: wrote ${stale.join(', ')}`)
} else if (stale.length > 0) {
  fail(`schema/ does not match the code: ${stale.join(', ')}. Run "npm run schema" and review the diff.`)
}

function openRootFields(subgraph: string, schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  return roots.flatMap((type) =>
    Object.values(type?.getFields() ?? {})
      .filter((field) => !field.name.startsWith('_') && !publicFields.has(`${type!.name}.${field.name}`))
      .filter((field) => !field.astNode?.directives?.some(({ name }) => ['authenticated', 'requiresScopes'].includes(name.value)))
      .map((field) => `${subgraph}: ${type!.name}.${field.name}`),
  )
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
