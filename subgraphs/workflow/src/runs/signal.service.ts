import type { Audit } from '@signalbox/shared/audit'
import { BadUserInputError } from '@signalbox/shared/errors'
import { toJson } from '../json.ts'
import type { Tenant } from '../tenant.ts'
import type { Run } from './run.entity.ts'
import type { RunService } from './run.service.ts'
import type { SignalRunsInput } from './signal.inputs.ts'

const MAX_PAYLOAD_BYTES = 64 * 1024

/** Tells runs that wait for an event that it came. */
export class SignalService {
  constructor(
    private readonly tenant: Tenant,
    private readonly runs: RunService,
    private readonly audit: Audit,
  ) {}

  /** Ends the waits of the active organisation for that event and key; each gets it once. */
  async signal({ event, key, payload = null }: SignalRunsInput): Promise<Run[]> {
    const faults = [
      ...[event, key].flatMap((text, index) =>
        text.length >= 1 && text.length <= 200 ? [] : [{ path: ['event', 'key'][index]!, message: '1 to 200 characters' }],
      ),
      ...(JSON.stringify(payload).length > MAX_PAYLOAD_BYTES ? [{ path: 'payload', message: 'must be below 64 KB' }] : []),
    ]
    if (faults.length > 0) throw new BadUserInputError('The signal does not fit.', faults)
    const { organizationId } = this.tenant.viewer
    const runIds = await this.tenant.transaction(async ({ em, query }) => {
      const rows = await query<{ run_id: string; ended: boolean }>(
        `select w.run_id, workflow.end_wait($1, w.id, $4, $5) as ended from workflow.waits w
         where w.organization_id = $1 and w.event_name = $2 and w.event_key = $3 and w.status = 'OPEN'`,
        [organizationId, event, key, toJson({ timedOut: false, payload }), `"${event}" came.`],
      )
      const moved = rows.filter(({ ended }) => ended).map((row) => row.run_id)
      await this.audit.record(em, organizationId, {
        action: 'run.signalled',
        outcome: 'ALLOWED',
        details: { event, runs: moved.length },
      })
      return moved
    })
    for (const id of runIds) this.runs.announce({ organizationId, id }, true)
    return Promise.all(runIds.map((id) => this.runs.find(id)))
  }
}
