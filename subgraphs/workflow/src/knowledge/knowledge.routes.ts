import { buffer } from 'node:stream/consumers'
import { actorRef } from '@signalbox/shared/actor'
import { Audit } from '@signalbox/shared/audit'
import { BadUserInputError, ForbiddenError } from '@signalbox/shared/errors'
import { requireViewer } from '@signalbox/shared/scopes'
import type { TokenVerifier } from '@signalbox/shared/viewer'
import type { MikroORM } from '@mikro-orm/postgresql'
import type { FastifyInstance } from 'fastify'
import { receiveUpload, tooLarge } from '../artifacts/artifact-upload.ts'
import type { Embedder } from '../reasoning/embedder.ts'
import { Tenant } from '../tenant.ts'
import { LARGEST_FILE } from './files/file-kind.ts'
import { LIMITS } from './knowledge.faults.ts'
import type { KnowledgeIndex } from './knowledge-index.ts'
import { KnowledgeService } from './knowledge.service.ts'

export interface KnowledgeRouteOptions {
  verifyToken: TokenVerifier
  orm: MikroORM
  index: KnowledgeIndex
  embedder: Embedder
}

interface UploadQuery {
  knowledgeBase?: string
  name?: string
  title?: string
  label?: string
}

/**
 * `POST /artifacts/knowledge?knowledgeBase=&name=` takes a CSV, Markdown, HTML, PDF or text file, its body as it is, into a base of the
 * caller's organisation (scope kb:write). The name is the document's key; `title` and `label` are optional, and a table's rows have their own.
 * Answers as the mutation `ingestUrl` does. Within the scope of `registerArtifactRoutes`, which streams bodies and words failures.
 */
export function registerKnowledgeRoutes(
  scope: FastifyInstance,
  { verifyToken, orm, index, embedder }: KnowledgeRouteOptions,
): void {
  scope.post<{ Querystring: UploadQuery }>('/artifacts/knowledge', { bodyLimit: LARGEST_FILE }, async (request, reply) => {
    const viewer = requireViewer(await verifyToken(request.headers.authorization))
    if (!viewer.scopes.has('kb:write')) throw new ForbiddenError('This needs the scope kb:write.')
    const { knowledgeBase = '', name = '', title, label } = request.query
    checkWords(name, title, label)
    if (Number(request.headers['content-length'] ?? 0) > LARGEST_FILE) throw tooLarge(LARGEST_FILE)
    const caller = { author: actorRef(viewer), audit: new Audit({ viewer }) }
    const knowledge = new KnowledgeService(new Tenant(orm, viewer), index, embedder, caller)
    const base = await knowledge.own(knowledgeBase, viewer.organizationId)
    const mediaType = request.headers['content-type'] ?? ''
    const result = await receiveUpload(
      request.raw,
      async (file) => knowledge.ingestFile(base, { name, mediaType, content: await buffer(file.open()) }, { title, label }),
      LARGEST_FILE,
    )
    return reply.code(201).send({ knowledgeBase: { id: base.id, name: base.name }, ...result })
  })
}

function checkWords(name: string, title = '', label = ''): void {
  const fault = (path: string, most: number) =>
    new BadUserInputError(`The file’s ${path} does not fit.`, [{ path, message: `at most ${most} characters` }])
  if (!/^[^\p{Cc}\p{Cs}/\\]{1,200}$/u.test(name))
    throw new BadUserInputError('The file needs a name.', [
      { path: 'name', message: '1 to 200 characters, without / and control characters' },
    ])
  if (title.length > LIMITS.title) throw fault('title', LIMITS.title)
  if (label.length > LIMITS.label) throw fault('label', LIMITS.label)
}
