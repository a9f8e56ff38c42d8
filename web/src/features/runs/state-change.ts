/** One place where two JSON values differ. */
export interface StateChange {
  /** `results.decide.reply` */
  path: string
  before: unknown
  after: unknown
}

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** Where two JSON values differ, in the order of their keys; lists are compared as a whole. */
export function changesOf(before: unknown, after: unknown, path = ''): StateChange[] {
  if (!isObject(before) || !isObject(after)) return same(before, after) ? [] : [{ path, before, after }]
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys.flatMap((key) => changesOf(before[key], after[key], path === '' ? key : `${path}.${key}`))
}

/** The JSON merge patch (RFC 7396) that makes `after` of `before`: null takes a member away. */
export function mergePatchOf(before: Json, after: Json): Json {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return Object.fromEntries(
    keys.flatMap((key): [string, unknown][] => {
      const [was, is] = [before[key], after[key]]
      if (same(was, is)) return []
      if (is === undefined) return [[key, null]]
      return [[key, isObject(was) && isObject(is) ? mergePatchOf(was, is) : is]]
    }),
  )
}
