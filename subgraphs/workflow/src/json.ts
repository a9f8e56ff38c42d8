/**
 * JSON that Postgres' `jsonb` takes: it refuses NUL and half surrogates, which real input (a cut-off CSV cell, a model's answer) may
 * hold. NUL is dropped, a half surrogate becomes U+FFFD.
 */
export const toJson = (value: unknown): string =>
  JSON.stringify(value ?? null, (_key, inner: unknown) => (typeof inner === 'string' ? toText(inner) : inner))

/** The same for a text parameter. */
export const toText = (text: string): string => text.replaceAll('\0', '').toWellFormed()
