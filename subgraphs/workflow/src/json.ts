/**
 * JSON that Postgres' `jsonb` takes: it refuses NUL and half surrogates, which real input (a cut-off CSV cell, a model's answer) may
 * hold. NUL is dropped, a half surrogate becomes U+FFFD.
 */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value ?? null)
  // Both are escaped in JSON; mostly there is neither, and a replacer costs more than all else.
  if (!/\\u(0000|d[89a-f])/.test(json)) return json
  return JSON.stringify(value ?? null, (_key, inner: unknown) => (typeof inner === 'string' ? toText(inner) : inner))
}

/** The same for a text parameter. */
export const toText = (text: string): string => text.replaceAll('\0', '').toWellFormed()
