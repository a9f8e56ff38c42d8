import { BadUserInputError } from '@signalbox/shared/errors'

/** ITU-T E.164: a plus, the country code, 8 to 15 digits in all. */
const E164 = /^\+[1-9]\d{7,14}$/

/** The number as `+41791234567`; spaces and hyphens between digits are left out. @throws {BadUserInputError} when it is none */
export function parsePhoneNumber(text: string, path: string): string {
  const number = text.trim().replace(/(?<=\d)[ \u00a0-](?=\d)/g, '')
  if (!E164.test(number)) {
    throw new BadUserInputError('This is not a phone number with its country code, such as +41791234567.', [
      { path, message: 'must be a phone number with its country code: +41791234567' },
    ])
  }
  return number
}

/** `+41•••••••67`: enough for its owner to know it by. */
export const maskPhone = (number: string): string => `${number.slice(0, 3)}${'•'.repeat(number.length - 5)}${number.slice(-2)}`
