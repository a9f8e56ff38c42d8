import { randomUUID } from 'node:crypto'
import { AppError, BadUserInputError, ForbiddenError, type FieldFault } from '@signalbox/shared/errors'
import type { Logger } from '@signalbox/shared/logger'
import { requireViewer, type Scope } from '@signalbox/shared/scopes'
import type { TokenVerifier, Viewer } from '@signalbox/shared/viewer'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { receiveUpload, tooLarge, UPLOAD_LIMIT } from './artifact-upload.ts'
import type { Artifact } from './artifact.entity.ts'
import type { ArtifactService } from './artifact.service.ts'

export interface ArtifactRouteOptions {
  verifyToken: TokenVerifier
  /** The service as this caller may use it. */
  artifactsOf(viewer: Viewer): ArtifactService
  log: Logger
  /** More routes of the same kind: bodies that stream, failures in the same words. */
  more?: (scope: FastifyInstance) => void
}

const STATUS: Record<string, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  UNAVAILABLE: 503,
}

/**
 * `GET /artifacts/:id` streams a file (scope wrm:read); `POST /artifacts?runId=&name=` takes one, its body as it is (wrm:write). Who may
 * read the run may read its files. Failures are JSON with `errors[]`, like everywhere.
 */
export async function registerArtifactRoutes(
  app: FastifyInstance,
  { verifyToken, artifactsOf, log, more }: ArtifactRouteOptions,
): Promise<void> {
  const viewerOf = async (request: FastifyRequest, scope: Scope) => {
    const viewer = requireViewer(await verifyToken(request.headers.authorization))
    if (!viewer.scopes.has(scope)) throw new ForbiddenError(`This needs the scope ${scope}.`)
    return viewer
  }

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    scope.setErrorHandler((error, request, reply) => sendFailure(error, request, reply, log))

    more?.(scope)
    scope.get<{ Params: { id: string } }>('/artifacts/:id', async (request, reply) => {
      const artifacts = artifactsOf(await viewerOf(request, 'wrm:read'))
      const artifact = await artifacts.find(request.params.id)
      if (request.headers['if-none-match'] === `"${artifact.sha256}"`) return reply.code(304).send()
      return reply.headers(downloadHeaders(artifact)).send(await artifacts.open(artifact))
    })

    scope.post<{ Querystring: { runId?: string; name?: string } }>(
      '/artifacts',
      { bodyLimit: UPLOAD_LIMIT },
      async (request, reply) => {
        const viewer = await viewerOf(request, 'wrm:write')
        const { runId = '', name = '' } = request.query
        checkName(name)
        if (Number(request.headers['content-length'] ?? 0) > UPLOAD_LIMIT) throw tooLarge()
        const artifacts = artifactsOf(viewer)
        await artifacts.checkRun(viewer.organizationId, runId)
        const artifact = await receiveUpload(request.raw, (file) =>
          artifacts.putContent(viewer.organizationId, runId, {
            name,
            mediaType: mediaTypeOf(request.headers['content-type']),
            ...file,
          }),
        )
        return reply.code(201).send(toJson(artifact))
      },
    )
  })
}

/** Never shown in place: a file of a run must not become a page of our origin. */
const downloadHeaders = ({ name, mediaType, bytes, sha256 }: Artifact) => ({
  'content-type': mediaType,
  'content-length': bytes,
  'content-disposition': dispositionOf(name),
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cache-control': 'private, no-cache',
  etag: `"${sha256}"`,
})

/** RFC 6266: an ASCII name for old clients, and the real one by RFC 8187. */
function dispositionOf(name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

function checkName(name: string): void {
  const fault: FieldFault = { path: 'name', message: '1 to 200 characters, without / and control characters' }
  if (!/^[^\p{Cc}\p{Cs}/\\]{1,200}$/u.test(name)) throw new BadUserInputError('The file needs a name.', [fault])
}

function mediaTypeOf(header: string | undefined): string {
  const type = header?.split(';')[0]!.trim().toLowerCase() ?? ''
  return /^[a-z0-9!#$&^_.+-]{1,60}\/[a-z0-9!#$&^_.+-]{1,60}$/.test(type) ? type : 'application/octet-stream'
}

const toJson = ({ id, name, mediaType, bytes, sha256, url, createdAt }: Artifact) => ({
  id,
  name,
  mediaType,
  bytes,
  sha256,
  url,
  createdAt,
})

function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger) {
  if (request.raw.destroyed && !request.raw.complete) return reply.hijack()
  // What is left of a refused upload is not read.
  if (!request.raw.complete) reply.header('connection', 'close')
  if (error instanceof AppError) {
    const { http: _http, ...extensions } = error.extensions
    return reply.code(STATUS[error.code] ?? 400).send({ errors: [{ message: error.message, extensions }] })
  }
  const requestId = randomUUID()
  log.error({ err: error, requestId }, 'unexpected failure')
  return reply
    .code(500)
    .send({ errors: [{ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL', requestId } }] })
}
