import { describe, expect, it } from '@jest/globals'
import { EnvError } from '@signalbox/shared/env'
import { readGatewayEnv } from '../env.ts'
import { networkOf } from './rate-limits.ts'
import { TokenBuckets } from './token-buckets.ts'

describe('a token bucket', () => {
  it('gives its burst at once and then one at a time, as time goes by', () => {
    let now = 0
    const buckets = new TokenBuckets({ perSecond: 2, burst: 3 }, () => now)
    expect([1, 2, 3, 4].map(() => buckets.take('a'))).toEqual([0, 0, 0, 1])
    now += 499
    expect(buckets.take('a')).toBe(1)
    now += 1
    expect(buckets.take('a')).toBe(0)
    expect(buckets.take('a')).toBe(1)
    now += 60_000
    expect([1, 2, 3, 4].map(() => buckets.take('a'))).toEqual([0, 0, 0, 1])
  })

  it('is each caller’s own', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, () => 0)
    expect(['a', 'a', 'b'].map((key) => buckets.take(key))).toEqual([0, 1, 0])
  })

  it('says how long a slow one takes', () => {
    const buckets = new TokenBuckets({ perSecond: 1 / 60, burst: 1 }, () => 0)
    expect(['a', 'a'].map((key) => buckets.take(key))).toEqual([0, 60])
  })

  it('forgets the quietest of too many callers, and keeps the busy one', () => {
    const buckets = new TokenBuckets({ perSecond: 1e-9, burst: 2 }, () => 0)
    buckets.take('busy')
    for (let index = 0; index < 50_000; index += 1) {
      buckets.take(`caller ${index}`)
      if (index === 25_000) buckets.take('busy')
    }
    expect(buckets.take('busy')).toBeGreaterThan(0)
    expect([buckets.take('caller 0'), buckets.take('caller 0')]).toEqual([0, 0])
  })
})

describe('the address that is counted', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('of %s is %s', (address, counted) => {
    expect(networkOf(address)).toBe(counted)
  })
})

describe('the settings of the edge', () => {
  it('are strict unless told', () => {
    expect(readGatewayEnv({ PUBLIC_URL: 'https://Signalbox.example' }).edge).toMatchObject({
      trustedHosts: ['signalbox.example'],
      corsOrigins: [],
      trustedProxies: ['loopback'],
      rates: { address: { perSecond: 100, burst: 400 }, signIn: { perSecond: 1, burst: 60 } },
    })
  })

  it('take lists', () => {
    const lists = {
      TRUSTED_HOSTS: 'a.example, B.example:8080',
      CORS_ORIGINS: 'https://app.example',
      TRUSTED_PROXIES: '10.0.0.0/8,::1',
    }
    expect(readGatewayEnv({ PUBLIC_URL: 'https://a.test', ...lists }).edge).toMatchObject({
      trustedHosts: ['a.test', 'a.example', 'b.example:8080'],
      corsOrigins: ['https://app.example'],
      trustedProxies: ['10.0.0.0/8', '::1'],
    })
  })

  it.each([
    { TRUSTED_HOSTS: 'https://a.example' },
    { CORS_ORIGINS: '*' },
    { CORS_ORIGINS: 'https://app.example/' },
    { TRUSTED_PROXIES: 'everybody' },
    { TRUSTED_PROXIES: '10.0.0.0/33' },
    { RATE_LIMIT_ADDRESS: '0' },
  ])('refuse %j by name', (source) => {
    const read = () => readGatewayEnv(source)
    expect(read).toThrow(EnvError)
    expect(read).toThrow(Object.keys(source)[0]!)
  })
})
