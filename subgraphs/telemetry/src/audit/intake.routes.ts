import type { MikroORM } from '@mikro-orm/postgresql'
import { isDatabaseDown } from '@signalbox/shared/database-failure'
import { BadUserInputError, UnavailableError } from '@signalbox/shared/errors'
import { readSignedJson } from '@signalbox/shared/private-server'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { auditRecordSchema } from '../ingestion/event-schemas.ts'

/** Entries of one request at most. */
export const INTAKE_SIZE = 200

/** Refusals are all that the gateway has to tell: it cannot make up a decision. */
const REFUSALS = new Set<string>(['access.denied', 'rate.limited', 'token.refused'])
const refusalSchema = auditRecordSchema.refine(({ action, outcome }) => REFUSALS.has(action) && outcome === 'DENIED')

const parcelSchema = z.object({
  entries: z
    .array(z.object({ organizationId: z.guid().nullable(), record: refusalSchema }))
    .min(1)
    .max(INTAKE_SIZE),
})

/**
 * `POST /audit`: what the gateway refused before any subgraph heard of it, as `{ entries: [{ organizationId, record }] }`. They go into the
 * event log in one transaction, all or none, and come back from there like everybody's. 204; 400 for another body, 503 without a database.
 * @param isPrivate false: nobody signs (a test that starts telemetry alone)
 */
export const auditIntake = (orm: MikroORM, isPrivate: boolean) => (app: FastifyInstance) =>
  void app.register(async (scope) => {
    readSignedJson(scope, isPrivate)
    scope.post('/audit', async (request, reply) => {
      const parcel = parcelSchema.safeParse(request.body)
      if (!parcel.success) return reply.code(400).send(refusal(new BadUserInputError('This is no list of audit entries.', [])))
      try {
        await orm.em
          .fork()
          .execute(
            `select events.audit((e ->> 'organizationId')::uuid, e -> 'record') from jsonb_array_elements(?::jsonb) as e`,
            [JSON.stringify(parcel.data.entries)],
          )
        return await reply.code(204).send()
      } catch (error) {
        if (isDatabaseDown(error)) return reply.code(503).send(refusal(new UnavailableError('database')))
        throw error
      }
    })
  })

function refusal({ message, extensions: all }: BadUserInputError | UnavailableError) {
  const { http: _, ...extensions } = all
  return { errors: [{ message, extensions }] }
}
