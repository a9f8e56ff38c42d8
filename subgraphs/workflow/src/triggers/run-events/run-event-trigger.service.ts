import { actorRef } from '@signalbox/shared/actor'
import type { Audit, AuditAction } from '@signalbox/shared/audit'
import { decodeCursor, pageSize, toConnection } from '@signalbox/shared/connection'
import { NotFoundError } from '@signalbox/shared/errors'
import { toJson, toText } from '../../json.ts'
import { ENDED } from '../../runs/run-status.ts'
import { checkId, type Tenant, type Transaction } from '../../tenant.ts'
import type { WorkflowService } from '../../workflows/workflow.service.ts'
import { latestRuns } from '../latest-runs.ts'
import { checkExpression, checkMapping, RUN_VARIABLES, type Mapping } from '../mapping.ts'
import { checkRoom, nameFault, refuseFaults } from '../trigger-checks.ts'
import { RunEventFiring, RunEventTrigger } from './run-event-trigger.entity.ts'
import type { CreateRunEventTriggerInput, UpdateRunEventTriggerInput } from './run-event-trigger.inputs.ts'

/** The active organisation's triggers that wait for the end of runs. */
export class RunEventTriggerService {
  constructor(
    private readonly tenant: Tenant,
    private readonly workflows: WorkflowService,
    private readonly audit: Audit,
  ) {}

  readonly lastRun = latestRuns(this.tenant)

  list(): Promise<RunEventTrigger[]> {
    return this.tenant.transaction(async ({ em, query }) =>
      (
        await query<object>('select * from workflow.run_event_triggers where organization_id = $1 order by id', [
          this.tenant.viewer.organizationId,
        ])
      ).map((row) => em.map(RunEventTrigger, row)),
    )
  }

  /** Of any organisation that the viewer reads. */
  find(id: string): Promise<RunEventTrigger | undefined> {
    return this.tenant.transaction(async ({ em, query }) => {
      const [row] = await query<object>('select * from workflow.run_event_triggers where id = $1', [checkId(id, 'trigger')])
      return row && em.map(RunEventTrigger, row)
    })
  }

  /** Newest first. */
  async firings({ organizationId, id }: RunEventTrigger, first: number | null, after: string | null) {
    const size = pageSize(first)
    const rows = await this.tenant.transaction(({ query }) =>
      query<FiringRow>(
        `select * from workflow.run_event_firings where organization_id = $1 and trigger_id = $2
           and ($3::uuid is null or source_run_id < $3) order by source_run_id desc limit $4`,
        [organizationId, id, after === null ? null : checkId(String(decodeCursor(after)), 'page'), size + 1],
      ),
    )
    const count = () => this.tenant.transaction(({ query }) => countFirings(query, organizationId, id))
    return toConnection(rows.map(firingOf), size, (firing) => firing.sourceRunId, count, after !== null)
  }

  /** @throws {BadUserInputError} {NotFoundError} */
  create({ sourceWorkflow, workflow, mapping, ...input }: CreateRunEventTriggerInput): Promise<RunEventTrigger> {
    const { viewer } = this.tenant
    const by = actorRef(viewer)
    return this.tenant.transaction(async (transaction) => {
      await checkRoom(transaction, 'workflow.run_event_triggers', viewer.organizationId)
      const source = await this.workflows.versionToStart(transaction, sourceWorkflow, null)
      const target = await this.workflows.versionToStart(transaction, workflow, null)
      const trigger = Object.assign(new RunEventTrigger(), {
        ...input,
        organizationId: viewer.organizationId,
        id: crypto.randomUUID(),
        sourceWorkflowId: source.workflow.id,
        workflowId: target.workflow.id,
        condition: input.condition ?? null,
        mapping: mapping as Mapping,
        createdByKind: by.kind,
        createdById: by.id,
      })
      return this.#save(transaction, trigger, 'trigger.created')
    })
  }

  /** @throws {BadUserInputError} {NotFoundError} */
  update({ id, mapping, ...changes }: UpdateRunEventTriggerInput): Promise<RunEventTrigger> {
    return this.tenant.transaction(async (transaction) => {
      const trigger = await this.#lock(transaction, id)
      Object.assign(trigger, Object.fromEntries(Object.entries(changes).filter(([, value]) => value != null)))
      if (mapping != null) trigger.mapping = mapping as Mapping
      return this.#save(transaction, trigger, 'trigger.changed')
    })
  }

  /** @throws {NotFoundError} */
  remove(id: string): Promise<RunEventTrigger> {
    return this.tenant.transaction(async (transaction) => {
      const trigger = await this.#lock(transaction, id)
      await transaction.query('delete from workflow.run_event_triggers where organization_id = $1 and id = $2', [
        trigger.organizationId,
        trigger.id,
      ])
      await this.#record(transaction, trigger, 'trigger.deleted')
      return trigger
    })
  }

  async #save(transaction: Transaction, trigger: RunEventTrigger, action: AuditAction): Promise<RunEventTrigger> {
    const statuses = [...new Set(trigger.statuses)]
    refuseFaults([
      nameFault(trigger.name),
      (statuses.length === 0 || statuses.some((status) => !ENDED.includes(status))) && {
        path: 'statuses',
        message: `must be one or more of ${ENDED.join(', ')}`,
      },
    ])
    const condition = trigger.condition?.trim() || null
    if (condition !== null) checkExpression(condition, RUN_VARIABLES, 'condition')
    const mapping = checkMapping(trigger.mapping, RUN_VARIABLES)
    const [row] = await transaction.query<object>(
      `insert into workflow.run_event_triggers (organization_id, id, source_workflow_id, workflow_id, name, enabled, statuses, condition,
         mapping, created_by_kind, created_by_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (organization_id, id) do update set name = excluded.name, enabled = excluded.enabled, statuses = excluded.statuses,
         condition = excluded.condition, mapping = excluded.mapping
       returning *`,
      [
        trigger.organizationId,
        trigger.id,
        trigger.sourceWorkflowId,
        trigger.workflowId,
        toText(trigger.name.trim()),
        trigger.enabled,
        statuses,
        condition && toText(condition),
        toJson(mapping),
        trigger.createdByKind,
        trigger.createdById,
      ],
    )
    await this.#record(transaction, trigger, action)
    return transaction.em.map(RunEventTrigger, row!)
  }

  async #lock({ em, query }: Transaction, id: string): Promise<RunEventTrigger> {
    const [row] = await query<object>(
      'select * from workflow.run_event_triggers where organization_id = $1 and id = $2 for update',
      [this.tenant.viewer.organizationId, checkId(id, 'trigger')],
    )
    if (row === undefined) throw new NotFoundError('trigger')
    // A copy: what is changed of it is written by the statement that checks it, not by the manager.
    return Object.assign(new RunEventTrigger(), em.map(RunEventTrigger, row))
  }

  #record({ em }: Transaction, { organizationId, id, name }: RunEventTrigger, action: AuditAction) {
    return this.audit.record(em, organizationId, {
      action,
      outcome: 'ALLOWED',
      target: { type: 'RunEventTrigger', id },
      details: { kind: 'RUN_EVENT', name },
    })
  }
}

interface FiringRow {
  source_run_id: string
  outcome: RunEventFiring['outcome']
  run_id: string | null
  fault: RunEventFiring['fault']
  fired_at: Date | string
}

const firingOf = ({ source_run_id, outcome, run_id, fault, fired_at }: FiringRow) =>
  Object.assign(new RunEventFiring(), { sourceRunId: source_run_id, outcome, runId: run_id, fault, firedAt: new Date(fired_at) })

async function countFirings(query: Transaction['query'], organizationId: string, id: string): Promise<number> {
  const [row] = await query<{ count: number }>(
    'select count(*)::int as count from workflow.run_event_firings where organization_id = $1 and trigger_id = $2',
    [organizationId, id],
  )
  return row!.count
}
