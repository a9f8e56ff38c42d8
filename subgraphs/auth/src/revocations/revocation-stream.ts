import type { RevocationLine } from '@signalbox/shared/revocations'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ServerResponse } from 'node:http'
import { UnavailableError } from '@signalbox/shared/errors'
import type { RevocationHub } from './revocation-hub.ts'

/** Bytes that may wait for a reader; one that is slower is let go and begins anew. */
const LONGEST_BACKLOG = 1024 * 1024

/** One reader of the stream. */
export class RevocationStream {
  constructor(private readonly response: ServerResponse) {}

  send(line: RevocationLine) {
    this.response.write(`${JSON.stringify(line)}\n`)
    if (this.response.writableLength > LONGEST_BACKLOG) this.response.destroy()
  }

  end() {
    this.response.end()
  }

  onClose(listener: () => void) {
    this.response.once('close', listener)
  }
}

/**
 * `GET /revocations`: newline-delimited JSON without an end (`RevocationLine`): first all that stand, then each new one within
 * milliseconds of its commit, and a heartbeat. 503 while the database cannot be listened to.
 */
export function registerRevocations(app: FastifyInstance, hub: RevocationHub) {
  app.get('/revocations', async (_request, reply) => {
    const stream = new RevocationStream(reply.raw)
    await hub.check().catch(() => {
      throw new UnavailableError('revocations')
    })
    open(reply)
    if (!hub.add(stream)) stream.end()
  })
}

function open(reply: FastifyReply) {
  reply.hijack()
  reply.raw.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
  reply.raw.flushHeaders()
}
