import { actorRef } from '@signalbox/shared/actor'
import type { Audit } from '@signalbox/shared/audit'
import { pageSize } from '@signalbox/shared/connection'
import { BadUserInputError, NotFoundError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'
import type { BulkService } from '../bulk/bulk.service.ts'
import { BulkAction, type BulkOperation } from '../bulk/bulk.types.ts'
import { toJson, toText } from '../json.ts'
import type { RunFailure } from '../runs/run-failure.ts'
import { RetryFrom } from '../runs/run.inputs.ts'
import type { Tenant } from '../tenant.ts'
import { DeadLetterGroup, type DismissRunsInput, type RedriveRunsInput } from './dead-letter.types.ts'

const MAX_IDS = 1_000

interface GroupRow {
  organization_id: string
  workflow_id: string
  failure_group: string
  count: number
  first_seen: string | Date
  last_seen: string | Date
  example_id: string
  failure: RunFailure
}

/** Failed runs that wait for somebody: grouped by likeness, run again, or dismissed. */
export class DeadLetterService {
  constructor(
    private readonly tenant: Tenant,
    private readonly bulk: BulkService,
    private readonly audit: Audit,
  ) {}

  /** The latest first, of all readable organisations. */
  async groups(first: number | null): Promise<DeadLetterGroup[]> {
    const rows = await this.tenant.transaction(({ query }) =>
      query<GroupRow>(
        `select g.*, r.failure from (
           select organization_id, workflow_id, failure_group, count(*)::int as count, min(finished_at) as first_seen, max(finished_at) as last_seen,
             (array_agg(id order by finished_at desc))[1] as example_id
           from workflow.runs where organization_id = any ($1::uuid[]) and status in ('FAILED', 'EXPIRED') and handled_at is null
             and failure_group is not null
           group by 1, 2, 3 order by max(finished_at) desc limit $2) g
         join workflow.runs r on r.organization_id = g.organization_id and r.id = g.example_id order by g.last_seen desc`,
        [this.tenant.viewer.organizationIds, pageSize(first)],
      ),
    )
    return rows.map((row) =>
      Object.assign(new DeadLetterGroup(), {
        organizationId: row.organization_id,
        workflowId: row.workflow_id,
        exampleId: row.example_id,
        id: row.failure_group,
        count: row.count,
        firstSeen: new Date(row.first_seen),
        lastSeen: new Date(row.last_seen),
        failure: row.failure,
      }),
    )
  }

  /** @throws {PreconditionFailedError} when more runs are in the group than the caller saw; {NotFoundError} when none is */
  async redrive({ group, from, expectedCount }: RedriveRunsInput): Promise<BulkOperation> {
    const filter = { failureGroup: [group], handled: false }
    const action = from === RetryFrom.START ? BulkAction.RETRY_FROM_START : BulkAction.RETRY
    if ((await this.bulk.preview(filter, action)).count === 0) throw new NotFoundError('group of failed runs')
    return this.bulk.start({ action, filter, expectedCount })
  }

  async dismiss({ group, runIds, reason }: DismissRunsInput): Promise<number> {
    const text = toText(reason).trim()
    checkDismissal(group, runIds, text)
    const { viewer } = this.tenant
    return this.tenant.transaction(async ({ em, query }) => {
      const [row] = await query<{ n: number }>(
        `select count(*) filter (where workflow.handle_run(organization_id, id, $4, 'DISMISSED', $5))::int as n from workflow.runs
         where organization_id = $1 and status in ('FAILED', 'EXPIRED') and handled_at is null
           and ($2::text is null or failure_group = $2) and ($3::uuid[] is null or id = any ($3))`,
        [viewer.organizationId, group ?? null, runIds?.filter(isUuid) ?? null, toJson(actorRef(viewer)), text],
      )
      if (row!.n === 0) throw new NotFoundError('failed run that waits for somebody')
      await this.audit.record(em, viewer.organizationId, {
        action: 'runs.dismissed',
        outcome: 'ALLOWED',
        ...(group == null ? {} : { target: { type: 'FailureGroup', id: group } }),
        details: { runs: row!.n },
      })
      return row!.n
    })
  }
}

function checkDismissal(group: string | null | undefined, runIds: string[] | null | undefined, reason: string) {
  const faults = [
    (group == null) === (runIds == null) && { path: 'group', message: 'give exactly one of group and runIds' },
    (runIds?.length ?? 0) > MAX_IDS && { path: 'runIds', message: `at most ${MAX_IDS}` },
    (reason === '' || reason.length > 500) && { path: 'reason', message: 'must have 1 to 500 characters' },
  ].filter((fault) => fault !== false)
  if (faults.length > 0) throw new BadUserInputError('The request does not fit.', faults)
}
