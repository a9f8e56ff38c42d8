/** (before − after) ÷ before; null where either is not known. */
export function improvement(before: number | null | undefined, after: number | null): number | null {
  return before === null || before === undefined || before === 0 || after === null ? null : (before - after) / before
}

/** after − before; null where either is not known. */
export function gain(before: number | null | undefined, after: number | null): number | null {
  return before === null || before === undefined || after === null ? null : after - before
}

/** Joins what applies; null when nothing does. */
export function sentences(...parts: (string | false)[]): string | null {
  return parts.filter((part) => part !== false).join(' ') || null
}

export const plural = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`

export const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
