import type { MikroORM } from '@mikro-orm/postgresql'
import type { FastifyError, FastifyInstance } from 'fastify'
import { inTransaction, managersOf } from '../tenant.ts'
import type { ResumeLinks } from './resume-links.ts'
import { writeCallback } from './tool-call-store.ts'

export interface ResumeRouteOptions {
  orm: MikroORM
  links: ResumeLinks
}

/** Of an answer, in bytes. */
const BODY_LIMIT = 256 * 1024

/**
 * `POST /hooks/resume/:organizationId?token=`: the later answer (JSON) to a call that waits for one. The address is the right to it. 202 when
 * it was taken: the run that waits for it goes on within a second; 409 when one was taken before; 404 for an address that is not ours or is over.
 */
export async function registerResumeRoute(app: FastifyInstance, options: ResumeRouteOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.setErrorHandler(({ statusCode = 500 }: FastifyError, _request, reply) =>
      statusCode < 500
        ? reply.code(statusCode).send(failure('BAD_USER_INPUT', 'The answer must be JSON, of at most 256 KB.'))
        : reply.code(503).send(failure('UNAVAILABLE', 'The answer cannot be taken just now. Send it again.')),
    )
    scope.post<{ Params: { organizationId: string }; Querystring: { token?: string } }>(
      '/hooks/resume/:organizationId',
      { bodyLimit: BODY_LIMIT },
      async ({ params, query, body }, reply) => {
        const outcome = await takeAnswer(params.organizationId, String(query.token), body, options)
        if (outcome === 'taken') return reply.code(202).send({ accepted: true })
        return outcome === 'late'
          ? reply.code(409).send(failure('CONFLICT', 'An answer was taken before; only the first counts.'))
          : reply.code(404).send(failure('NOT_FOUND', 'There is no such address, or it is over.'))
      },
    )
  })
}

async function takeAnswer(
  organizationId: string,
  token: string,
  body: unknown,
  { orm, links }: ResumeRouteOptions,
): Promise<'taken' | 'late' | 'unknown'> {
  const callId = await links.callOf(organizationId, token)
  if (callId === null) return 'unknown'
  return inTransaction(managersOf(orm, organizationId).fork(), async (transaction) => {
    const taken = await writeCallback(transaction, callId, body)
    return taken ? 'taken' : 'late'
  })
}

const failure = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] })
