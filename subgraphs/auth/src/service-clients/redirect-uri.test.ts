import { describe, expect, it } from '@jest/globals'
import { redirectUriFault, requireRedirectUris } from './redirect-uri.ts'

describe('an address to send people back to', () => {
  it.each([
    'https://app.example.com/callback',
    'https://app.example.com',
    'https://app.example.com:8443/callback?tenant=1',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:8400/',
    'http://[::1]:9000/callback',
    'com.example.app:/callback',
    'com.example.app://callback',
  ])('may be %s', (uri) => expect(redirectUriFault(uri)).toBeNull())

  it.each([
    ['https://app.example.com/#done', 'fragment'],
    ['https://app.example.com/#', 'fragment'],
    ['https://*.example.com/callback', 'wildcard'],
    ['https://app.example.com/*', 'wildcard'],
    ['https://app.example.com@evil.example/', 'user name'],
    ['https://:@evil.example/', 'user name'],
    ['http://app.example.com/callback', 'must begin with https://'],
    ['http://127.0.0.1.evil.example/', 'must begin with https://'],
    ['http://localhost:8400/', '127.0.0.1 in the place of localhost'],
    ['https://localhost/', 'http://127.0.0.1'],
    ['https://127.0.0.1/', 'http://127.0.0.1'],
    ['javascript:alert(1)', 'a domain of yours in reverse'],
    ['data:text/html,x', 'a domain of yours in reverse'],
    ['myapp://callback', 'a domain of yours in reverse'],
    ['//app.example.com/callback', 'in full'],
    ['/callback', 'in full'],
    ['', 'no spaces'],
    ['https://app.example.com/a b', 'no spaces'],
    ['https://app.example.com/a\nb', 'no spaces'],
    ['https://äpp.example.com/', 'no spaces'],
    ['https://app.example.com/../callback', 'write it as https://app.example.com/callback'],
    ['https:\\\\app.example.com\\callback', 'write it as https://app.example.com/callback'],
    ['HTTPS://APP.example.com/callback', 'write it as https://app.example.com/callback'],
    ['http://2130706433/', 'write it as http://127.0.0.1/'],
    [`https://app.example.com/${'a'.repeat(1_000)}`, 'longer than'],
  ])('may not be %j', (uri, fault) => expect(redirectUriFault(uri)).toContain(fault))

  it('is named with its fault, each that has one', () => {
    const uris = ['https://app.example.com/callback', 'https://app.example.com/#x', 'http://app.example.com/']
    let fields: unknown
    try {
      requireRedirectUris(uris)
    } catch (error) {
      fields = (error as { extensions: { fields: unknown } }).extensions.fields
    }
    expect(fields).toEqual([
      { path: 'redirectUris', message: expect.stringMatching(/^https:\/\/app\.example\.com\/#x: may hold no fragment/) },
      { path: 'redirectUris', message: expect.stringMatching(/^http:\/\/app\.example\.com\/: must begin with https/) },
    ])
  })

  it('is one of ten at most', () => {
    const many = Array.from({ length: 11 }, (_, index) => `https://app.example.com/${index}`)
    expect(() => requireRedirectUris(many)).toThrow('addresses')
    expect(requireRedirectUris(many.slice(1))).toHaveLength(10)
  })
})
