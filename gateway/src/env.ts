import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { edgeEnv, edgeSettingsOf, type EdgeSettings } from './edge/settings.ts'
import { commonEnv, EnvError, readEnv } from '@signalbox/shared/env'
import { revocationsEnv } from '@signalbox/shared/revocation-feed'
import { identityEnv, tlsOf, type ServiceIdentity } from '@signalbox/shared/service-identity'

/** Addresses of subgraphs by their name in the supergraph, in upper case: `SUBGRAPH_AUTH_URL` → `AUTH`. */
export type SubgraphUrls = Record<string, string>

export interface GatewayEnv {
  nodeEnv: 'development' | 'test' | 'production'
  logLevel: string
  host: string
  port: number
  /** What a browser calls the gateway, without a path. */
  publicUrl: string
  /** Path of the composed supergraph. */
  supergraph: string
  subgraphUrls: SubgraphUrls
  /** Whose tokens are believed; null: nobody is ever signed in. */
  tokens: { issuer: string; jwksUrl: string; audience: string } | null
  /** Where auth tells of revocations; null: tokens live out their time (an issuer of somebody else). */
  revocationsUrl: string | null
  /** As whom subgraphs are called; without a key calls are not signed (a supergraph of somebody else). */
  identity: ServiceIdentity
  edge: EdgeSettings
  /** The built dashboard; null: there is none. */
  webDir: string | null
}

const fromRepository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The only reader of the gateway's environment. @throws {EnvError} naming every variable that is wrong */
export function readGatewayEnv(source: Record<string, string | undefined> = process.env): GatewayEnv {
  const env = readEnv(
    {
      NODE_ENV: commonEnv.NODE_ENV,
      LOG_LEVEL: commonEnv.LOG_LEVEL,
      HOST: commonEnv.HOST,
      PORT: commonEnv.PORT.default(4000),
      PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
      SUPERGRAPH: z.string().default(fromRepository('schema/supergraph.graphql')),
      ISSUER: z.url().optional(),
      JWKS_URL: z.url().optional(),
      AUDIENCE: commonEnv.AUDIENCE,
      ...revocationsEnv,
      ...identityEnv,
      ...edgeEnv,
      WEB_DIR: z.string().default(fromRepository('web/dist')),
    },
    source,
  )
  if ((env.ISSUER === undefined) !== (env.JWKS_URL === undefined)) throw new EnvError('ISSUER and JWKS_URL: set both or neither')
  if (env.SERVICE_KEY !== undefined && env.ISSUER !== undefined && env.REVOCATIONS_URL === undefined) {
    throw new EnvError(
      'REVOCATIONS_URL: with SERVICE_KEY and ISSUER it is needed, so that a session that was ended does not go on',
    )
  }
  const publicUrl = env.PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`
  return {
    nodeEnv: env.NODE_ENV,
    logLevel: env.LOG_LEVEL,
    host: env.HOST,
    port: env.PORT,
    publicUrl,
    edge: edgeSettingsOf(env, publicUrl),
    supergraph: env.SUPERGRAPH,
    subgraphUrls: readSubgraphUrls(source),
    tokens: env.ISSUER && env.JWKS_URL ? { issuer: env.ISSUER, jwksUrl: env.JWKS_URL, audience: env.AUDIENCE } : null,
    revocationsUrl: env.REVOCATIONS_URL ?? null,
    identity: { name: 'gateway', key: env.SERVICE_KEY ?? null, trustedCallers: null, tls: tlsOf(env) },
    webDir: existsSync(env.WEB_DIR) ? env.WEB_DIR : null,
  }
}

function readSubgraphUrls(source: Record<string, string | undefined>): SubgraphUrls {
  const urls: SubgraphUrls = {}
  for (const [variable, value] of Object.entries(source)) {
    const name = /^SUBGRAPH_(.+)_URL$/.exec(variable)?.[1]
    if (name === undefined || !value) continue
    if (!URL.canParse(value) || !/^https?:/.test(value)) throw new EnvError(`${variable}: not an http address`)
    urls[name] = value
  }
  return urls
}
