import { isIP } from 'node:net'
import { z } from 'zod'

/** How often something may happen: a bucket of `burst`, refilled at `perSecond`. */
export interface Rate {
  perSecond: number
  burst: number
}

/** What the operator says about who may reach the gateway, and how often. */
export interface EdgeSettings {
  /** `host` or `host:port`, in lower case; loopback names are always among them. */
  trustedHosts: readonly string[]
  /** Origins of other pages that may call, with their cookies if the browser sends any. */
  corsOrigins: readonly string[]
  /** Proxies whose `X-Forwarded-For` is believed: addresses, networks, or `loopback`, `linklocal`, `uniquelocal`. */
  trustedProxies: readonly string[]
  rates: {
    /** Requests and subscriptions of one client address. */
    address: Rate
    /** Operations of one actor, by whatever session. */
    identity: Rate
    /** Tries to sign in or to get a token, of one client address. */
    signIn: Rate
  }
  /** Milliseconds for the body of `POST /graphql`, from its head to its last byte. */
  bodyTimeout: number
  sockets: { perIdentity: number; perAddress: number; messages: Rate }
}

const listOf = (isRight: (item: string) => boolean, what: string) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((item) => item.trim().toLowerCase() || []))
    .refine((items) => items.every(isRight), what)

const count = (fallback: number) => z.coerce.number().int().min(1).max(1_000_000).default(fallback)

export const edgeEnv = {
  TRUSTED_HOSTS: listOf((host) => /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d+)?$/.test(host), 'not a list of host or host:port'),
  CORS_ORIGINS: listOf(isOrigin, 'not a list of origins (https://app.example, without a path)'),
  TRUSTED_PROXIES: listOf(isProxy, 'not a list of addresses, networks, or loopback, linklocal, uniquelocal'),
  /** Requests a second of one client address; four times as many at once. */
  RATE_LIMIT_ADDRESS: count(100),
  /** Operations a second of one actor; four times as many at once. */
  RATE_LIMIT_IDENTITY: count(100),
  /** Tries to sign in, and token requests, a minute of one client address. */
  RATE_LIMIT_SIGN_IN: count(60),
  SOCKETS_PER_IDENTITY: count(100),
  SOCKETS_PER_ADDRESS: count(500),
}

/** @param publicUrl its host is always trusted */
export function edgeSettingsOf(env: z.infer<z.ZodObject<typeof edgeEnv>>, publicUrl: string): EdgeSettings {
  const perSecond = (rate: number): Rate => ({ perSecond: rate, burst: 4 * rate })
  return {
    trustedHosts: [new URL(publicUrl).host.toLowerCase(), ...env.TRUSTED_HOSTS],
    corsOrigins: env.CORS_ORIGINS,
    trustedProxies: env.TRUSTED_PROXIES.length > 0 ? env.TRUSTED_PROXIES : ['loopback'],
    rates: {
      address: perSecond(env.RATE_LIMIT_ADDRESS),
      identity: perSecond(env.RATE_LIMIT_IDENTITY),
      signIn: { perSecond: env.RATE_LIMIT_SIGN_IN / 60, burst: env.RATE_LIMIT_SIGN_IN },
    },
    bodyTimeout: 15_000,
    sockets: {
      perIdentity: env.SOCKETS_PER_IDENTITY,
      perAddress: env.SOCKETS_PER_ADDRESS,
      messages: { perSecond: 50, burst: 250 },
    },
  }
}

function isOrigin(text: string) {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text
}

function isProxy(text: string) {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address = '', prefix] = text.split('/')
  const bits = isIP(address) === 4 ? 32 : 128
  return isIP(address) !== 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
}
