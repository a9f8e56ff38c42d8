import { z } from 'zod'
import { EnvError } from './env-error.ts'
import { parseServiceKey, parseTrustedCallers, serviceOf, type ServiceKey, type TrustedCallers } from './service-credential.ts'

/** Mutual TLS between the services: this one's certificate and key, and the authority that signed everybody's. PEM. */
export interface ServiceTls {
  cert: string
  key: string
  ca: string
}

/** Who this process is among the services, and whom it believes. */
export interface ServiceIdentity {
  /** Its name in the supergraph; signatures for it carry it as `tag`. */
  name: string
  /** Null: its calls are not signed. */
  key: ServiceKey | null
  /** Null: it answers to everybody (a test that starts it alone). */
  trustedCallers: TrustedCallers | null
  /** Null: plain HTTP between the services. */
  tls: ServiceTls | null
}

const pem = (what: string) => z.string().refine((text) => text.includes('-----BEGIN '), `not ${what} in PEM`)

/** Wraps a parser that throws. The value itself stands in no message: it is a secret. */
const parsedBy = <T>(parse: (text: string) => T) =>
  z.string().transform((text, context) => {
    try {
      return parse(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
      return z.NEVER
    }
  })

/** Variables of the services' identity, each also as `X_FILE`. Spread them into the shape that `readEnv` gets. */
export const identityEnv = {
  /** This service's private Ed25519 key: a JWK with the service's name as `kid`, as JSON or base64url of it. */
  SERVICE_KEY: parsedBy(parseServiceKey).optional(),
  /** The public keys of all services: a JWKS, as JSON or base64url of it. */
  TRUSTED_CALLERS: parsedBy(parseTrustedCallers).optional(),
  TLS_CERT: pem('a certificate').optional(),
  TLS_KEY: pem('a private key').optional(),
  TLS_CA: pem('a certificate').optional(),
}

export type IdentityEnv = { [K in keyof typeof identityEnv]?: z.infer<(typeof identityEnv)[K]> }

/** @throws {EnvError} when the variables do not go together, or a service that is no test would answer to everybody */
export function identityOf(name: string, env: IdentityEnv & { NODE_ENV?: string }): ServiceIdentity {
  const { SERVICE_KEY: key, TRUSTED_CALLERS: trustedCallers } = env
  if (env.NODE_ENV !== 'test' && (key === undefined || trustedCallers === undefined)) {
    throw new EnvError(`SERVICE_KEY and TRUSTED_CALLERS: both are needed, so that ${name} answers to no stranger`)
  }
  if (key !== undefined && serviceOf(key.kid) !== name)
    throw new EnvError(`SERVICE_KEY: its kid is ${key.kid}, but this is ${name}`)
  return { name, key: key ?? null, trustedCallers: trustedCallers ?? null, tls: tlsOf(env) }
}

/** @throws {EnvError} when only a part is given */
export function tlsOf({ TLS_CERT: cert, TLS_KEY: key, TLS_CA: ca }: IdentityEnv): ServiceTls | null {
  if (cert === undefined && key === undefined && ca === undefined) return null
  if (cert === undefined || key === undefined || ca === undefined)
    throw new EnvError('TLS_CERT, TLS_KEY and TLS_CA: set all or none')
  return { cert, key, ca }
}
