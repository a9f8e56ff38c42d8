import type { AccessSchema } from './access-rules.ts'
import { COVERS, SEEN_FROM_ELSEWHERE } from './access-exceptions.ts'

/** Scopes that a caller has shown to get somewhere, and the way: `Query.run → Run.startedBy`. */
interface Way {
  shown: ReadonlySet<string>
  path: string[]
}

/**
 * Types that one field guards with a scope and another field reaches without it. A guarded root field is worth nothing when the same
 * data can be had through a neighbour: `serviceClients` needs org:admin, so `Run.startedBy` may not show a service client's scopes.
 * @returns a sentence for each field that shows too much; `access-exceptions.ts` lists what is meant to be seen
 */
export function reachedWithLess(schema: AccessSchema): string[] {
  const guards = guardsOf(schema)
  const faults: string[] = []
  for (const [type, ways] of waysTo(schema)) {
    const guard = guards.get(type)
    if (guard === undefined) continue
    for (const way of ways.filter(({ shown }) => !guard.some((set) => isCovered(set, shown)))) {
      const open = openFields(schema, type, guard, way.shown)
      if (open.length === 0) continue
      const wanted = guard.map((set) => set.join(' and ')).join(', or ')
      const has = [...way.shown].join(' and ') || 'a token'
      faults.push(
        `${type} is guarded by ${wanted} elsewhere, but ${way.path.join(' → ')} shows ${open.join(', ')} for ${has}: ` +
          'give these fields or the way that rule as well, or say in access-exceptions.ts why they may be seen',
      )
      break
    }
  }
  return faults
}

/** For each type the scopes that queries and subscriptions returning it demand. */
function guardsOf({ types, rules }: AccessSchema): Map<string, string[][]> {
  const guards = new Map<string, string[][]>()
  for (const [parent, { fields }] of types) {
    if (parent === 'Mutation') continue
    for (const [field, type] of fields) {
      const demand = rules.get(`${parent}.${field}`)
      if (types.has(type) && demand) guards.set(type, [...(guards.get(type) ?? []), ...demand])
    }
  }
  return guards
}

/** The least that has to be shown to come to each type, by every way. */
function waysTo({ types, members, rules }: AccessSchema): Map<string, Way[]> {
  const ways = new Map<string, Way[]>()
  const open: [type: string, way: Way][] = ['Query', 'Mutation', 'Subscription'].map((root) => [
    root,
    { shown: new Set(), path: [] },
  ])
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const [type, way] = next
    const known = ways.get(type) ?? []
    if (known.some(({ shown }) => isWithin(shown, way.shown))) continue
    ways.set(type, [...known.filter(({ shown }) => !isWithin(way.shown, shown)), way])
    for (const member of members.get(type) ?? []) open.push([member, way])
    for (const [field, returned] of types.get(type)?.fields ?? []) {
      if (!types.has(returned) && !members.has(returned)) continue
      const path = [...way.path, `${type}.${field}`]
      const demands = [rules.get(`${type}.${field}`), rules.get(returned)].filter(
        (demand) => demand !== undefined && demand !== null,
      )
      for (const shown of combine(way.shown, demands)) open.push([returned, { shown, path }])
    }
  }
  return ways
}

function combine(shown: ReadonlySet<string>, demands: string[][][]): ReadonlySet<string>[] {
  let sets = [shown]
  for (const demand of demands) sets = sets.flatMap((set) => demand.map((scopes) => new Set([...set, ...scopes])))
  return sets
}

const isWithin = (one: ReadonlySet<string>, other: ReadonlySet<string>) => [...one].every((scope) => other.has(scope))

const isCovered = (wanted: string[], shown: ReadonlySet<string>) =>
  wanted.every((scope) => shown.has(scope) || [...shown].some((held) => COVERS[held]?.includes(scope)))

/** Fields of a type that neither carry the guard themselves nor are meant to be seen. */
function openFields({ types, rules }: AccessSchema, type: string, guard: string[][], shown: ReadonlySet<string>): string[] {
  const { fields = [] } = SEEN_FROM_ELSEWHERE[type] ?? {}
  if (fields === 'all') return []
  return [...(types.get(type)?.fields.keys() ?? [])].filter((field) => {
    const own = rules.get(`${type}.${field}`)
    const isGuarded = own?.every((set) => guard.some((wanted) => isCovered(wanted, new Set([...shown, ...set]))))
    return !fields.includes(field) && isGuarded !== true
  })
}
