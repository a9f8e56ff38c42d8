import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from './logger.ts'
import { CallerVerifier, CredentialError, isDigestOf } from './service-credential.ts'
import type { ServiceIdentity } from './service-identity.ts'

/** The service that calls for people and programs. */
const GATEWAY = 'gateway'
/** Open to everybody: they tell nothing but how this process is. */
const OPEN_ROUTES = new Set(['/health', '/ready', '/metrics'])

/** Says nothing of why: the log does. */
export const UNTRUSTED_CALLER = {
  errors: [
    {
      message: "This service answers to Signalbox's own services only. Ask the gateway.",
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ],
}

export interface PrivacyOptions {
  identity: ServiceIdentity
  log: Logger
  /** Exact paths that every trusted service may ask for; all others are the gateway's alone. */
  sharedPaths?: readonly string[]
}

/**
 * Makes a server answer to trusted services alone: everything but `/health`, `/ready` and `/metrics` gets one and the same 401, whatever token it
 * brings. Call it before any route is added.
 */
export function admitCallersOnly(app: FastifyInstance, { identity, log, sharedPaths = [] }: PrivacyOptions) {
  if (identity.trustedCallers === null) return
  const verifier = new CallerVerifier(identity.name, identity.trustedCallers)
  const shared = new Set(sharedPaths)
  app.addHook('onRequest', async (request, reply) => {
    const { method, url } = request.raw as { method: string; url: string }
    if (OPEN_ROUTES.has(request.routeOptions.url ?? '')) return undefined
    try {
      const caller = verifier.verifyRequest({ method, path: url, headers: request.headers })
      if (caller === GATEWAY || shared.has(url.split('?')[0]!)) return undefined
      throw new CredentialError(`closed to ${caller}`)
    } catch (error) {
      log.warn({ reason: (error as Error).message, address: request.ip, method }, 'a caller was refused')
      return refuseCaller(reply)
    }
  })
}

export const refuseCaller = (reply: FastifyReply) =>
  reply.code(401).headers({ 'www-authenticate': 'Signature', 'cache-control': 'no-store' }).send(UNTRUSTED_CALLER)

class DigestError extends Error {
  readonly statusCode = 401
}

/**
 * Reads JSON bodies in this scope, and takes none that is not the one signed for.
 * @param isPrivate false: nobody signs
 */
export function readSignedJson(app: FastifyInstance, isPrivate: boolean) {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request: FastifyRequest, body, done) => {
    if (isPrivate && !isDigestOf(request.headers['content-digest'], body)) return done(new DigestError('digest'))
    try {
      return done(null, JSON.parse(body.toString()))
    } catch {
      return done(Object.assign(new Error('no JSON'), { statusCode: 400 }))
    }
  })
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    if (error instanceof DigestError) return refuseCaller(reply)
    const code = error.statusCode === 413 ? 413 : 400
    const [name, message] =
      code === 413 ? ['PAYLOAD_TOO_LARGE', 'The request is too large.'] : ['BAD_REQUEST', 'The request cannot be read.']
    return reply.code(code).send({ errors: [{ message, extensions: { code: name } }] })
  })
}
