import { BadUserInputError } from '@signalbox/shared/errors'

/** A name that people read: 1 to 120 characters, without line breaks. @throws {BadUserInputError} */
export function requireName(name: string, path = 'name'): string {
  const trimmed = name.trim()
  if (trimmed.length === 0 || trimmed.length > 120 || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(trimmed)) {
    throw new BadUserInputError('A name has 1 to 120 characters on one line.', [
      { path, message: '1 to 120 characters on one line' },
    ])
  }
  return trimmed
}
