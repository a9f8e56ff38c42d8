import type { FastifyReply, FastifyRequest } from 'fastify'
import { errorBody } from './error-reply.ts'

/** The whole body is here in time, or the request ends with 408. @param bodyTimeout milliseconds */
export function expectBodySoon({ raw }: FastifyRequest, reply: FastifyReply, bodyTimeout: number) {
  const late = setTimeout(() => {
    if (raw.complete || reply.sent) return
    void reply.code(408).header('connection', 'close').send(errorBody(408))
  }, bodyTimeout)
  raw.once('close', () => clearTimeout(late))
}
