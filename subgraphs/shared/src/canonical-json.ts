/**
 * JSON in its one canonical form (RFC 8785, JCS): no spaces, the names of an object in the order of their UTF-16 code units, numbers and
 * strings as ECMAScript writes them. Names whose value is undefined are left out.
 * @throws {TypeError} for what JSON cannot say: a number that is not finite, a lone surrogate
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('JSON has no such number')
  if (typeof value === 'string' && !value.isWellFormed()) throw new TypeError('JSON has no lone surrogates')
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
  const names = Object.keys(value).filter((name) => (value as Record<string, unknown>)[name] !== undefined)
  // The default order of `sort` is the one that the RFC wants (3.2.3).
  return `{${names
    .sort()
    .map((name) => `${canonicalJson(name)}:${canonicalJson((value as Record<string, unknown>)[name])}`)
    .join()}}`
}
