import type { MikroORM } from '@mikro-orm/postgresql'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { parseClient } from '../challenges/client-address.ts'

/** Failed client authentications within a minute from one address: for one client id, and in all. */
const PER_CLIENT = 10
const PER_ADDRESS = 30

/** A list as one value. */
const KEYS = 'array(select jsonb_array_elements_text(?::jsonb))'

const ENDPOINTS = new Set(['/token', '/token/introspection', '/token/revocation'])

/**
 * Koa middleware that slows guessing at secrets down, counted in the database for all processes together. A secret has 256 random bits, so
 * this is about noise more than about luck; a client id alone is never locked, or whoever knows it could lock its owner out.
 */
export const throttleClients =
  (orm: MikroORM, onRefused: (ctx: KoaContextWithOIDC) => Promise<void>) =>
  async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    if (ctx.method !== 'POST' || !ENDPOINTS.has(ctx.path)) return next()
    const address = `address:${parseClient(ctx.get('x-forwarded-for').split(',')[0]!)}`
    const client = basicClientId(ctx.get('authorization'))
    const keys = client === undefined ? [address] : [address, `${client}@${address}`]
    const execute = <R>(sql: string) => orm.em.fork().execute<R[]>(sql, [JSON.stringify(keys)])
    const found = await execute<{ key: string; failures: number; seconds: number }>(`select * from auth.client_failures(${KEYS})`)
    const over = found.find(({ key, failures }) => failures >= (key === address ? PER_ADDRESS : PER_CLIENT))
    if (over) {
      await onRefused(ctx)
      return tooMany(ctx, over.seconds)
    }
    await next()
    if (ctx.status === 401) await execute(`select auth.count_client_failures(${KEYS})`)
  }

/** Who says that it asks, from the header alone: the body is read later, and counts by its address. */
function basicClientId(authorization: string): string | undefined {
  const encoded = /^Basic ([\w+/=-]+)$/i.exec(authorization)?.[1]
  return encoded === undefined
    ? undefined
    : Buffer.from(encoded, 'base64').toString('utf8').split(':')[0]!.replaceAll('\0', '').slice(0, 100)
}

function tooMany(ctx: KoaContextWithOIDC, seconds: number) {
  const message = `Too many attempts with a wrong client id or secret. Try again in ${seconds} seconds.`
  ctx.status = 429
  ctx.set({ 'retry-after': String(seconds), 'cache-control': 'no-store' })
  ctx.body = {
    error: 'too_many_requests',
    error_description: message,
    errors: [{ message, extensions: { code: 'RATE_LIMITED', retryAfterSeconds: seconds } }],
  }
}
