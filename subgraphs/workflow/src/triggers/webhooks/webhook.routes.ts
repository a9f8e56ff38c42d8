import { randomUUID } from 'node:crypto'
import type { Logger } from '@signalbox/shared/logger'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hiddenHeaders } from './request-content.ts'
import { DeliveryStatus, type WebhookDelivery } from './webhook-delivery.entity.ts'
import type { WebhookIntake, WebhookKey } from './webhook-intake.ts'

const MAX_BODY = 256 * 1024
const MEDIA_TYPES = /^application\/(?:json|[\w.+-]+\+json|x-www-form-urlencoded)(?:\s*;|$)/i
/** A path of ours; others are not looked up. */
const PATH = /^[\w-]{20,64}$/

/**
 * `POST /hooks/in/<secret path>`: starts a run and answers 202 with its id. An address that is not there is answered like any other that is
 * not, before its body is read. Failures are JSON with `errors[]`, and kept with the webhook's deliveries.
 */
export async function registerWebhookRoutes(app: FastifyInstance, intake: WebhookIntake, log: Logger): Promise<void> {
  await app.register(async (scope) => {
    const found = new WeakMap<FastifyRequest, WebhookKey>()
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(MEDIA_TYPES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    scope.setErrorHandler(async (error: { statusCode?: number }, request, reply) => {
      if (request.raw.destroyed && !request.raw.complete) return reply.hijack()
      const key = found.get(request)
      const refusal = REFUSALS[error.statusCode ?? 0]
      if (refusal === undefined) return sendUnexpected(error, reply, log)
      if (key !== undefined) {
        const { headers } = request
        const bytes = Math.min(Number(headers['content-length'] ?? 0) || 0, 2 ** 31 - 1)
        await intake.refuse(key, { httpStatus: error.statusCode!, fault: refusal, headers: hiddenHeaders(headers), bytes })
      }
      return sendErrors(request, reply, error.statusCode!, refusal)
    })

    scope.post<{ Params: { path: string } }>(
      '/hooks/in/:path',
      {
        bodyLimit: MAX_BODY,
        onRequest: async (request, reply) => {
          const { path } = request.params
          const key = PATH.test(path) ? await intake.find(path) : undefined
          if (key !== undefined) return void found.set(request, key)
          if (!request.raw.complete) reply.header('connection', 'close')
          return reply.callNotFound()
        },
      },
      async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const query = Object.fromEntries(new URLSearchParams(request.url.split('?')[1] ?? ''))
        return answer(reply, await intake.receive(found.get(request)!, { headers: request.headers, body, query }))
      },
    )
  })
}

const REFUSALS: Record<number, { code: string; message: string }> = {
  400: { code: 'BAD_REQUEST', message: 'The request cannot be read.' },
  413: { code: 'PAYLOAD_TOO_LARGE', message: 'A webhook takes 256 KB at most.' },
  415: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'A webhook takes JSON or a form.' },
}

function answer(reply: FastifyReply, { status, httpStatus, runId, createdRun, fault }: WebhookDelivery) {
  if (status === DeliveryStatus.ACCEPTED) return reply.code(httpStatus).send({ runId, created: createdRun })
  const { code, message, fields } = fault!
  return reply.code(httpStatus).send({ errors: [{ message, extensions: { code, ...(fields && { fields }) } }] })
}

function sendErrors(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  { code, message }: { code: string; message: string },
) {
  // What is left of a refused body is not read.
  if (!request.raw.complete) reply.header('connection', 'close')
  return reply.code(status).send({ errors: [{ message, extensions: { code } }] })
}

function sendUnexpected(error: unknown, reply: FastifyReply, log: Logger) {
  const requestId = randomUUID()
  log.error({ err: error, requestId }, 'unexpected failure')
  return reply
    .code(500)
    .send({ errors: [{ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL', requestId } }] })
}
