import { isEgressError, type Egress } from '@signalbox/shared/egress'
import type { Envelope } from '@signalbox/shared/encryption/envelope'
import type { Logger } from '@signalbox/shared/logger'
import type { MikroORM } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import type { ClockTask } from '../clock.ts'
import type { RunNotifier } from '../runs/run-notifier.ts'
import { inTransaction, managersOf } from '../tenant.ts'
import { secretOf, signedHeaders } from './review-secret.ts'

export interface DeliveryParts {
  orm: MikroORM
  pool: Pick<Pool, 'query'>
  notifier: RunNotifier
  envelope: Envelope
  /** The way out, by the rules for what somebody else wrote. */
  egress: Egress
  log: Logger
}

interface DeliveryRow {
  organization_id: string
  id: string
  run_id: string
  url: string
  body: string
  attempts: number
}

interface Outcome {
  status: 'DELIVERED' | 'FAILED' | 'PENDING'
  httpStatus: number | null
  fault: string | null
}

const AT_ONCE = 20
/** Who claimed a delivery has so long to settle it: longer than any try takes. */
const LEASE = '60 seconds'
const TIMEOUT_MS = 10_000
/** After so many tries, over about a day, it is given up. */
const MAX_ATTEMPTS = 22

/**
 * Posts decisions to where n8n waits for them, until each was taken: signed, tried again after 5 s, 10 s, 20 s and so on up to two hours. One
 * can go out twice when a worker dies after sending: under the same `webhook-id`, and n8n's Wait node answers 409 to the second, which
 * counts as taken.
 */
export const reviewDeliveries = (parts: DeliveryParts, everyMs: number): ClockTask => ({
  name: 'decisions for n8n',
  everyMs,
  async run() {
    for (let taken = AT_ONCE; taken === AT_ONCE;) {
      const { rows } = await parts.pool.query<DeliveryRow>('select * from workflow.take_review_deliveries($1, $2::interval)', [
        AT_ONCE,
        LEASE,
      ])
      await Promise.all(rows.map((row) => deliver(parts, row)))
      taken = rows.length
    }
  },
})

async function deliver(parts: DeliveryParts, row: DeliveryRow): Promise<void> {
  const { organization_id: organizationId, id, run_id: runId, attempts } = row
  const outcome = await post(parts, row)
  const final = outcome.status === 'PENDING' && attempts >= MAX_ATTEMPTS ? 'FAILED' : outcome.status
  const pauseMs = Math.min(5_000 * 2 ** (attempts - 1), 7_200_000)
  await parts.pool.query('select workflow.settle_review_delivery($1, $2, $3, $4, $5, $6::interval)', [
    organizationId,
    id,
    final,
    outcome.httpStatus,
    outcome.fault,
    `${pauseMs} milliseconds`,
  ])
  parts.notifier.moved(organizationId, runId)
}

async function signed({ orm, envelope }: DeliveryParts, { organization_id: organizationId, id, body }: DeliveryRow) {
  const secret = await inTransaction(managersOf(orm, organizationId).fork(), (transaction) =>
    secretOf(transaction, envelope, organizationId),
  )
  return signedHeaders(secret, id, body)
}

async function post(parts: DeliveryParts, row: DeliveryRow): Promise<Outcome> {
  const headers = await signed(parts, row).catch((error: unknown) => {
    parts.log.error({ err: error, organizationId: row.organization_id }, 'a decision for n8n cannot be signed')
    return null
  })
  if (headers === null) return { status: 'PENDING', httpStatus: null, fault: 'It could not be signed.' }
  try {
    const { ok, status } = await parts.egress.fetch(row.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: row.body,
      maxRedirects: 0,
      ignoreBody: true,
      timeoutMs: TIMEOUT_MS,
    })
    if (ok || status === 409) return { status: 'DELIVERED', httpStatus: status, fault: null }
    const mayPass = status >= 500 || status === 408 || status === 429
    return { status: mayPass ? 'PENDING' : 'FAILED', httpStatus: status, fault: `It answered ${status}.` }
  } catch (error) {
    if (!isEgressError(error)) throw error
    const isRefused = error.name === 'EgressRefusedError'
    const fault = isRefused ? `It was not called. ${error.message}` : 'It could not be reached.'
    return { status: isRefused ? 'FAILED' : 'PENDING', httpStatus: null, fault }
  }
}
