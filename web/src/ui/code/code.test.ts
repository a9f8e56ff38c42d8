import { describe, expect, it } from '@jest/globals'
import { countdown, digitsOf } from './code.ts'

describe('a one-time code', () => {
  it('is found in what a mail program copies', () => expect(digitsOf(' 123-456\n')).toBe('123456'))
  it('is never longer than six digits', () => expect(digitsOf('1234567')).toBe('123456'))
  it('counts its last minutes down', () =>
    expect([299_500, 60_000, 900, -5].map(countdown)).toEqual(['5:00', '1:00', '0:01', '0:00']))
})
