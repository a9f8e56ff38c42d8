export const CODE_LENGTH = 6

/** The digits of whatever was typed or pasted: `123 456`, `Your code: 123-456`. */
export const digitsOf = (text: string): string => text.replace(/\D/g, '').slice(0, CODE_LENGTH)

/** `4:59`, of the time that a code is still good for. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
