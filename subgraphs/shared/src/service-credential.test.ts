import { describe, expect, it } from '@jest/globals'
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { NonceMemory } from './nonce-memory.ts'
import {
  CallerVerifier,
  contentDigest,
  CredentialError,
  isDigestOf,
  LIFETIME,
  parseServiceKey,
  parseTrustedCallers,
  signatureBase,
  signRequest,
  type Headers,
} from './service-credential.ts'
import { ServiceKeys } from './testing/service-keys.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const keys = new ServiceKeys()
const trusted = parseTrustedCallers(keys.envOf('auth').TRUSTED_CALLERS)
const BODY = '{"query":"{ viewer { id } }"}'
const HEADERS = { authorization: 'Bearer a.b.c', 'content-type': 'application/json', 'x-request-id': 'request-1' }

/** A signed request as it arrives, and what the receiver thinks of it after `change`. */
function arrive(change: (request: { method: string; path: string; headers: Headers }) => void = () => {}, now = NOW) {
  const request = { method: 'POST', path: '/graphql?a=1', headers: HEADERS as Headers, body: BODY }
  const signature = signRequest(keys.keyOf('gateway'), request, { audience: 'auth', now: NOW })
  const received = { method: 'POST', path: '/graphql?a=1', headers: { ...HEADERS, ...signature } as Headers }
  change(received)
  let clock = Math.min(now, NOW)
  const verifier = new CallerVerifier('auth', trusted, () => clock)
  clock = now
  return () => verifier.verifyRequest(received)
}

const inSeconds = (seconds: number) => NOW + seconds * 1000

describe('a signed request', () => {
  it('says who calls', () => {
    expect(arrive()()).toBe('gateway')
  })

  it('is one that the example of RFC 9421, B.2.6, verifies', () => {
    const key = createPublicKey({
      format: 'jwk',
      key: { kty: 'OKP', crv: 'Ed25519', x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs' },
    } as never)
    const components = ['date', '@method', '@path', '@authority', 'content-type', 'content-length']
    const list = components.map((name) => `"${name}"`).join(' ')
    const headers = {
      host: 'example.com',
      date: 'Tue, 20 Apr 2021 02:07:55 GMT',
      'content-type': 'application/json',
      'content-length': '18',
    }
    const request = { method: 'POST', path: '/foo?param=Value&Pet=dog', headers }
    const base = signatureBase(request, components, `(${list});created=1618884473;keyid="test-key-ed25519"`)
    const signature = 'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=='
    expect(verify(null, base, key, Buffer.from(signature, 'base64'))).toBe(true)
  })

  it.each<[string, (request: { method: string; path: string; headers: Headers }) => void, string]>([
    ['no signature', ({ headers }) => void delete headers['signature'], 'not signed'],
    ['no signature input', ({ headers }) => void delete headers['signature-input'], 'not signed'],
    ['another path', (request) => void (request.path = '/oidc/token?a=1'), 'does not hold'],
    ['another query', (request) => void (request.path = '/graphql?a=2'), 'does not hold'],
    ['another method', (request) => void (request.method = 'GET'), 'does not hold'],
    ['another token', ({ headers }) => void (headers['authorization'] = 'Bearer d.e.f'), 'does not hold'],
    ['no token any more', ({ headers }) => void delete headers['authorization'], 'not there'],
    ['another digest', ({ headers }) => void (headers['content-digest'] = contentDigest('{}')), 'does not hold'],
    ['no digest any more', ({ headers }) => void delete headers['content-digest'], 'not there'],
    ['a private header that it had not', ({ headers }) => void (headers['x-signalbox-refresh'] = 'x'), 'not covered'],
    ['cookies that it had not', ({ headers }) => void (headers['cookie'] = 'a=b'), 'not covered'],
    ['another kind of body', ({ headers }) => void (headers['content-type'] = 'text/plain'), 'does not hold'],
    ['a longer life', ({ headers }) => edit(headers, /expires=(\d+)/, 'expires=1772366428'), 'does not hold'],
    ['a far longer life', ({ headers }) => edit(headers, /expires=(\d+)/, 'expires=1872366428'), 'lives too long'],
    ['another nonce', ({ headers }) => edit(headers, /nonce="[^"]+"/, 'nonce="0123456789abcdef"'), 'does not hold'],
    ['a short nonce', ({ headers }) => edit(headers, /nonce="[^"]+"/, 'nonce="0123"'), 'no nonce'],
    ['another algorithm', ({ headers }) => edit(headers, /ed25519/, 'hmac-sha256'), 'another algorithm'],
    ['an unknown kid', ({ headers }) => edit(headers, /keyid="gateway"/, 'keyid="stranger"'), 'unknown keyid'],
    ["another service's kid", ({ headers }) => edit(headers, /keyid="gateway"/, 'keyid="telemetry"'), 'does not hold'],
    ['fewer components', ({ headers }) => edit(headers, / "authorization"/, ''), 'not covered'],
    ['a component twice', ({ headers }) => edit(headers, /"@method"/, '"@method" "@method"'), 'stands twice'],
    ['a parameter twice', ({ headers }) => edit(headers, /;alg=/, ';keyid="a";alg='), 'stands twice'],
    ['rubbish', ({ headers }) => void (headers['signature-input'] = 'sig=('), 'cannot be read'],
    ['too much', ({ headers }) => edit(headers, /\(/, `(${'"a" '.repeat(600)}`), 'cannot be read'],
  ])('with %s is refused', (_what, change, reason) => {
    const attempt = arrive(change)
    expect(attempt).toThrow(CredentialError)
    expect(attempt).toThrow(reason)
  })

  it('is refused by another service than it was signed for', () => {
    const request = { method: 'GET', path: '/oidc/jwks', headers: {} }
    const headers = signRequest(keys.keyOf('gateway'), request, { audience: 'auth', now: NOW })
    const workflow = new CallerVerifier('workflow', trusted, () => NOW)
    expect(() => workflow.verifyRequest({ ...request, headers })).toThrow('another service')
  })

  it('is refused when another key signed under a trusted name', () => {
    const stranger = new ServiceKeys(['gateway']).keyOf('gateway')
    const request = { method: 'GET', path: '/graphql', headers: {} }
    const headers = signRequest(stranger, request, { audience: 'auth', now: NOW })
    const auth = new CallerVerifier('auth', trusted, () => NOW)
    expect(() => auth.verifyRequest({ ...request, headers })).toThrow('does not hold')
  })

  it('holds for 20 seconds and the difference of two clocks, and not before its time', () => {
    expect(arrive(undefined, inSeconds(LIFETIME + 4))()).toBe('gateway')
    expect(arrive(undefined, inSeconds(LIFETIME + 6))).toThrow('expired')
    expect(arrive(undefined, inSeconds(-4))()).toBe('gateway')
    expect(arrive(undefined, inSeconds(-6))).toThrow('future')
  })

  it('holds by the old and by the new key of a service while both are trusted', () => {
    const both = new ServiceKeys(['gateway', 'gateway.2'])
    const auth = new CallerVerifier('auth', parseTrustedCallers(both.envOf('gateway').TRUSTED_CALLERS), () => NOW)
    const request = { method: 'GET', path: '/graphql', headers: {} }
    for (const kid of ['gateway', 'gateway.2']) {
      const headers = signRequest(both.keyOf(kid), request, { audience: 'auth', now: NOW })
      expect(auth.verifyRequest({ ...request, headers })).toBe('gateway')
    }
  })

  it('holds once', () => {
    const auth = new CallerVerifier('auth', trusted, () => NOW)
    const request = { method: 'GET', path: '/graphql', headers: {} }
    const headers = signRequest(keys.keyOf('gateway'), request, { audience: 'auth', now: NOW })
    expect(auth.verifyRequest({ ...request, headers })).toBe('gateway')
    expect(() => auth.verifyRequest({ ...request, headers })).toThrow('used before')
  })

  it('with a streamed body is bound to its length', () => {
    const auth = new CallerVerifier('auth', trusted, () => NOW)
    const request = { method: 'PUT', path: '/artifacts/a', headers: { 'content-length': '5' } }
    const signature = signRequest(keys.keyOf('gateway'), request, { audience: 'auth', now: NOW })
    const longer = { ...request, headers: { 'content-length': '6', ...signature } }
    expect(() => auth.verifyRequest(longer)).toThrow('does not hold')
    expect(auth.verifyRequest({ ...request, headers: { ...request.headers, ...signature } })).toBe('gateway')
  })
})

describe('a body', () => {
  it('is compared with its digest byte by byte', () => {
    expect(isDigestOf(contentDigest(BODY), BODY)).toBe(true)
    expect(isDigestOf(contentDigest(BODY), `${BODY} `)).toBe(false)
    expect(isDigestOf(undefined, BODY)).toBe(false)
    expect(isDigestOf('sha-256=::', BODY)).toBe(false)
  })
})

describe('the memory of nonces', () => {
  it('forgets what can no longer hold, and nothing before', () => {
    let now = NOW
    const seconds = () => Math.floor(now / 1000)
    const memory = new NonceMemory(40_000, () => now)
    expect(memory.add('a', seconds())).toBe(true)
    now += 39_000
    expect(memory.add('b', seconds())).toBe(true)
    now += 39_000
    expect(memory.add('b', seconds())).toBe(false)
    now += 40_000
    expect(memory.add('c', seconds())).toBe(true)
    expect(memory.add('a', seconds())).toBe(true)
  })

  it('refuses everything of the time that it had to forget early', () => {
    let now = NOW
    const seconds = () => Math.floor(now / 1000)
    const memory = new NonceMemory(40_000, () => now, 2)
    for (const nonce of ['a', 'b', 'c', 'd']) expect(memory.add(nonce, seconds())).toBe(true)
    now += 1_000
    expect(memory.add('e', seconds())).toBe(true)
    // The generation of a and b is gone.
    expect(memory.add('a', seconds() - 1)).toBe(false)
    expect(memory.add('f', seconds())).toBe(true)
  })

  it('takes nothing from before its start', () => {
    const memory = new NonceMemory(40_000, () => NOW)
    expect(memory.add('a', NOW / 1000 - 1)).toBe(false)
    expect(memory.add('b', NOW / 1000)).toBe(true)
  })
})

describe('keys', () => {
  const jwk = (type: 'ed25519' | 'x25519') => generateKeyPairSync(type as 'ed25519').privateKey.export({ format: 'jwk' })
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

  it('are read from JSON and from base64url of it', () => {
    const own = { ...jwk('ed25519'), kid: 'auth' }
    expect(parseServiceKey(JSON.stringify(own)).kid).toBe('auth')
    expect(parseServiceKey(encode(own)).privateKey.equals(parseServiceKey(JSON.stringify(own)).privateKey)).toBe(true)
  })

  it.each([
    ['rubbish', 'rubbish', 'neither JSON'],
    ['another curve', JSON.stringify({ ...jwk('x25519'), kid: 'auth' }), 'Ed25519'],
    ['no kid', JSON.stringify(jwk('ed25519')), 'Ed25519'],
    ['null', 'null', 'neither JSON'],
  ])('that are %s are refused without being told', (_what, text, reason) => {
    expect(() => parseServiceKey(text)).toThrow(reason)
    expect(() => parseServiceKey(text)).not.toThrow(text.slice(0, 12) || 'x')
  })

  it('of callers are public, and each has its own name', () => {
    const { d: _, ...open } = { ...jwk('ed25519'), kid: 'auth' } as { d?: string }
    expect(() => parseTrustedCallers(JSON.stringify({ keys: [] }))).toThrow('JWKS')
    expect(() => parseTrustedCallers(JSON.stringify({ keys: [open, open] }))).toThrow('same kid')
    expect(() => parseTrustedCallers(JSON.stringify({ keys: [{ ...jwk('ed25519'), kid: 'a' }] }))).toThrow('private')
  })
})

function edit(headers: Headers, pattern: RegExp, text: string) {
  headers['signature-input'] = String(headers['signature-input']).replace(pattern, text)
}
