import { describe, expect, it } from '@jest/globals'
import { randomToken, Secrets } from './secrets.ts'

const secrets = new Secrets('a-secret-of-at-least-32-characters-one')
const others = new Secrets('a-secret-of-at-least-32-characters-two')
const challenge = '0190a000-0000-7000-8000-000000000001'

describe('secrets', () => {
  it('hash a code by secret, challenge and digits', async () => {
    const hash = await secrets.codeHash(challenge, '123456')
    expect(hash).toHaveLength(32)
    expect(await secrets.codeHash(challenge, '123456')).toEqual(hash)
    expect(await secrets.codeHash(challenge, '123457')).not.toEqual(hash)
    expect(await secrets.codeHash('0190a000-0000-7000-8000-000000000002', '123456')).not.toEqual(hash)
    expect(await others.codeHash(challenge, '123456')).not.toEqual(hash)
  })

  it('match a token for the purpose that it was hashed for only', () => {
    const token = randomToken()
    const hash = secrets.tokenHash('refresh token', token)
    expect(secrets.matches('refresh token', token, hash)).toBe(true)
    expect(secrets.matches('client secret', token, hash)).toBe(false)
    expect(secrets.matches('refresh token', randomToken(), hash)).toBe(false)
    expect(secrets.matches('refresh token', token, hash.subarray(1))).toBe(false)
    expect(others.matches('refresh token', token, hash)).toBe(false)
  })

  it('decrypt with the same secret and label only, and nothing that was changed', () => {
    const sealed = secrets.encrypt('kid', 'the private key')
    expect(secrets.decrypt('kid', sealed)).toBe('the private key')
    expect(secrets.encrypt('kid', 'the private key')).not.toEqual(sealed)
    expect(() => secrets.decrypt('another kid', sealed)).toThrow()
    expect(() => others.decrypt('kid', sealed)).toThrow()
    const changed = Buffer.from(sealed)
    changed[changed.length - 1]! ^= 1
    expect(() => secrets.decrypt('kid', changed)).toThrow()
  })
})
