import type { Path, Report } from './report.ts'

/** Largest document, in characters of its JSON, and how deep it may nest. */
export const MAX_DOCUMENT = 512 * 1024
export const MAX_DEPTH = 60

const TOO_LARGE = Symbol('too large')

/**
 * The document as plain JSON, read once: whatever it is (a cycle, a getter that throws, a list of millions), this ends soon and throws
 * nothing. Undefined when it is no JSON, too large or too deep, which is reported.
 */
export function plainCopy(document: unknown, report: Report): unknown {
  let room = MAX_DOCUMENT
  const refuse = (path: Path, message: string) => {
    report(path, message)
    return undefined
  }
  const spend = (characters: number) => {
    room -= characters
    if (room < 0) throw TOO_LARGE
  }
  const copy = (value: unknown, path: Path): unknown => {
    spend(2)
    if (path.length > MAX_DEPTH) return refuse(path.slice(0, 2), `must nest at most ${MAX_DEPTH} levels deep`)
    if (value === null || typeof value === 'boolean') return value
    if (typeof value === 'string') {
      spend(value.length)
      return value
    }
    if (typeof value === 'number') return Number.isFinite(value) ? value : refuse(path, 'must be a finite number')
    if (typeof value !== 'object') return refuse(path, `must be JSON, not a ${typeof value}`)
    if (Array.isArray(value)) return copyList(value)
    return copyObject(value)

    function copyList(list: unknown[]) {
      spend(list.length)
      return Array.from(list, (one, at) => copy(one, [...path, at]))
    }
    function copyObject(object: object) {
      const result: Record<string, unknown> = {}
      for (const key of Object.keys(object)) {
        spend(key.length + 4)
        const one = (object as Record<string, unknown>)[key]
        if (key === '__proto__') refuse(path, 'must not have a member called __proto__')
        else if (one !== undefined) result[key] = copy(one, [...path, key])
      }
      return result
    }
  }
  try {
    return copy(document, [])
  } catch (error) {
    const reason = error === TOO_LARGE ? `must have at most ${MAX_DOCUMENT / 1024} KB of JSON` : 'cannot be read as JSON'
    return refuse([], reason)
  }
}
