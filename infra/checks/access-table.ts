import { meets, readAccess, ROOTS, type Demand } from './access-rules.ts'

export interface TableInput {
  supergraph: string
  publicFields: string[]
  /** Roles with their scopes, in the order of the columns. */
  roles: Record<string, readonly string[]>
  /** Scopes that guard nothing yet, each with the reason. */
  reserved: Record<string, string>
}

const HEAD = `# Who may do what

Generated from the schema's rules and the roles' scopes by \`npm run schema\`; \`gateway/src/e2e/scopes.e2e.ts\` tries every line of it
against the running system. **yes** means: let in; what belongs to another organisation is not found all the same. Who lacks a scope gets
FORBIDDEN (HTTP 200), who lacks a token UNAUTHENTICATED (HTTP 401), from the gateway before anything is planned and from the subgraph
again. A service client may do what its own scopes allow.
`

const TITLES: Record<string, string> = { Query: 'Queries', Mutation: 'Mutations', Subscription: 'Subscriptions' }

/** The page that a person reads to know who may do what: every root field, and every other field with a rule of its own. */
export function accessTable({ supergraph, publicFields, roles, reserved }: TableInput): string {
  const { types, rules } = readAccess(supergraph)
  const open = new Set(publicFields)
  const row = (coordinate: string) => {
    const demand = rules.get(coordinate)
    const cells = Object.values(roles).map((scopes) => (meets(new Set(scopes), demand) ? 'yes' : 'no'))
    return [`\`${coordinate}\``, wordsFor(demand), open.has(coordinate) || demand === undefined ? 'yes' : 'no', ...cells]
  }
  const columns = ['needs', 'nobody', ...Object.keys(roles)]
  const rootFields = (root: string) => [...(types.get(root)?.fields.keys() ?? [])].map((field) => `${root}.${field}`).sort()
  const others = [...rules.keys()].filter((coordinate) => !ROOTS.includes(coordinate.split('.')[0]!)).sort()
  const sections = [
    ...ROOTS.map((root) => `## ${TITLES[root]}\n\n${markdown(['field', ...columns], rootFields(root).map(row))}`),
    `## Other fields with a rule of their own\n\nThey need what stands here beside what the way to them needs.\n\n${markdown(['field', ...columns], others.map(row))}`,
    `## Roles\n\n${markdown(
      ['role', 'scopes'],
      Object.entries(roles).map(([role, scopes]) => [role, scopes.join(' ')]),
    )}`,
    ...Object.entries(reserved).map(([scope, why]) => `\`${scope}\` guards nothing: ${why}.`),
  ]
  return `${HEAD}\n${sections.join('\n\n')}\n`
}

function wordsFor(demand: Demand | undefined): string {
  if (demand === undefined) return 'nothing'
  if (demand === null) return 'a token'
  return demand.map((set) => set.join(' and ')).join(', or ')
}

function markdown(head: string[], rows: string[][]): string {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
