import { callService } from '@signalbox/shared/service-call'
import type { ServiceIdentity } from '@signalbox/shared/service-identity'
import type { Send } from './denials.ts'

const TIMEOUT_MS = 5_000

/**
 * Sends refusals to telemetry as the gateway, signed.
 * @param telemetry any address of it: `http://127.0.0.1:4003/graphql`
 */
export function auditSender(identity: ServiceIdentity, telemetry: string): Send {
  const url = new URL('/audit', telemetry)
  return async (entries) => {
    const answer = await callService(identity, 'telemetry', url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ entries }),
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    })
    await answer.body.dump()
    if (answer.statusCode === 204) return 'taken'
    if (answer.statusCode === 400 || answer.statusCode === 413) return 'refused'
    throw new Error(`telemetry answered ${answer.statusCode}`)
  }
}
