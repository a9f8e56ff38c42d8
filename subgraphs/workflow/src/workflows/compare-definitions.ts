import { isDeepStrictEqual } from 'node:util'
import { DefinitionChangeKind, type DefinitionChange } from './comparison.type.ts'

type Json = Record<string, unknown>
interface Difference {
  path: string
  before: unknown
  after: unknown
}

/** Lists whose members have a name of their own: what changed in one is told by its name, wherever it stands in the list. */
const NAMED: Record<string, (member: Json) => string> = {
  nodes: ({ name }) => String(name),
  agents: ({ name }) => String(name),
  edges: ({ from, to }) => `${String(from)} → ${String(to)}`,
}

/** What differs between two definitions, of any age and whether they are right or not. */
export function compareDefinitions(before: unknown, after: unknown): DefinitionChange[] {
  const [one, other] = [asObject(before), asObject(after)]
  return union(one, other).flatMap((part) => {
    const keyOf = NAMED[part]
    if (keyOf !== undefined) return compareNamed(part, asList(one[part]), asList(other[part]), keyOf)
    return differences(one[part], other[part], part).map((difference) => change(part, null, difference))
  })
}

function compareNamed(part: string, before: Json[], after: Json[], keyOf: (member: Json) => string): DefinitionChange[] {
  const [old, now] = [keyed(before, keyOf), keyed(after, keyOf)]
  const changes = [...now].flatMap(([key, { at, value, subject }]) => {
    const path = `${part}.${at}`
    const known = old.get(key)
    if (known === undefined) return [change(part, subject, { path, before: null, after: value }, DefinitionChangeKind.ADDED)]
    return differences(known.value, value, path).map((difference) => change(part, subject, difference))
  })
  const removed = [...old]
    .filter(([key]) => !now.has(key))
    .map(([, { at, value, subject }]) =>
      change(part, subject, { path: `${part}.${at}`, before: value, after: null }, DefinitionChangeKind.REMOVED),
    )
  return [...changes, ...removed, ...(part === 'edges' ? compareOrder(before, after) : [])]
}

/** Of several ways out of a step the first that holds is taken: their order counts. */
function compareOrder(before: Json[], after: Json[]): DefinitionChange[] {
  const order = (edges: Json[], from: unknown, among: Json[]) =>
    edges
      .filter((edge) => edge['from'] === from && among.some(({ from: f, to }) => f === from && to === edge['to']))
      .map(({ to }) => to)
  return [...new Set(after.map(({ from }) => from))].flatMap((from) => {
    const [old, now] = [order(before, from, after), order(after, from, before)]
    if (isDeepStrictEqual(old, now) || old.length !== now.length) return []
    return [change('edges', `order of the ways out of ${String(from)}`, { path: 'edges', before: old, after: now })]
  })
}

/** Members by their key; a second one of the same name gets a key of its own. */
function keyed(members: Json[], keyOf: (member: Json) => string) {
  const known = new Map<string, { at: number; value: Json; subject: string }>()
  for (const [at, value] of members.entries()) {
    const subject = keyOf(value)
    let key = subject
    for (let again = 2; known.has(key); again += 1) key = `${subject} (${again})`
    known.set(key, { at, value, subject })
  }
  return known
}

function differences(before: unknown, after: unknown, path: string): Difference[] {
  if (isDeepStrictEqual(before, after)) return []
  if (isObject(before) && isObject(after))
    return union(before, after).flatMap((key) => differences(before[key], after[key], `${path}.${key}`))
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length && after.every(isObject))
    return after.flatMap((one, at) => differences(before[at], one, `${path}.${at}`))
  return [{ path, before: before ?? null, after: after ?? null }]
}

const change = (
  part: string,
  subject: string | null,
  difference: Difference,
  kind: DefinitionChangeKind = DefinitionChangeKind.CHANGED,
): DefinitionChange => ({ kind, part, subject, ...difference })

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const asObject = (value: unknown): Json => (isObject(value) ? value : {})
const asList = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : [])
/** The members of the newer in its order, then those that only the older has. */
const union = (before: Json, after: Json): string[] => [...new Set([...Object.keys(after), ...Object.keys(before)])]
