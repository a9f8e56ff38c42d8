import { BadUserInputError } from '@signalbox/shared/errors'
import { isEmail } from 'class-validator'

/** Quoted local parts (RFC 5321, 4.1.2) could hold spaces and line breaks; nobody has one. */
const PLAIN = /^[^\s"\\<>]+$/

/** The address in lower case. @throws {BadUserInputError} when it is none */
export function parseEmail(text: string, path: string): string {
  const email = text.trim().toLowerCase()
  if (email.length > 254 || !PLAIN.test(email) || !isEmail(email)) {
    throw new BadUserInputError('This is not an e-mail address.', [
      { path, message: 'must be an e-mail address: name@example.com' },
    ])
  }
  return email
}
