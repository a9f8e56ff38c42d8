import { actorRef } from '@signalbox/shared/actor'
import { decodeCursor, pageSize, toConnection } from '@signalbox/shared/connection'
import { NotFoundError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'
import { batched } from '../batch.ts'
import { toJson } from '../json.ts'
import { checkId, type Tenant, type Transaction } from '../tenant.ts'
import type { WorkflowService } from '../workflows/workflow.service.ts'
import { createRuns, type RunItem } from './create-runs.ts'
import { forkedState, readCheckpoint } from './fork.ts'
import type { ForkRunInput, ReplayRunInput } from './run-control.inputs.ts'
import type { RunNotifier } from './run-notifier.ts'
import { RunTrigger } from './run-status.ts'
import { Run } from './run.entity.ts'
import type { RunService } from './run.service.ts'

/** Holds runs and lets them go on, repeats them, and branches off from their saved states. */
export class RunControlService {
  constructor(
    private readonly tenant: Tenant,
    private readonly runs: RunService,
    private readonly workflows: WorkflowService,
    private readonly notifier: RunNotifier,
  ) {}

  /** Why a run does not move, by id; nothing for one that does. */
  readonly waitingFor = batched((ids) => this.#waitingFor(ids))

  /** Holds a run: at once, or after the step under way. An answer that comes meanwhile is kept. */
  async pause(runId: string): Promise<Run> {
    await this.runs.act(runId, 'run.paused', (run, { query }) =>
      query('select workflow.pause_run($1, $2, $3)', [run.organizationId, run.id, this.#actor()]),
    )
    this.notifier.control()
    return this.runs.find(runId)
  }

  async resume(runId: string): Promise<Run> {
    await this.runs.act(runId, 'run.resumed', (run, { query }) =>
      query('select workflow.resume_run($1, $2, $3)', [run.organizationId, run.id, this.#actor()]),
    )
    this.notifier.queued()
    return this.runs.find(runId)
  }

  /** Runs a request once more, with another input if given; the new run does not count towards the value. */
  async replay({ runId, input, version }: ReplayRunInput): Promise<Run> {
    const id = await this.runs.act(runId, 'run.replayed', async (run, transaction) => {
      const changed = input != null
      const fresh = await this.#create(transaction, run, version ?? null, {
        input: changed ? input : run.input,
        summary: changed ? 'Runs a former request once more, with a changed input.' : 'Runs a former request once more.',
      })
      await transaction.query('select workflow.handle_run($1, $2, $3, $4, null)', [
        run.organizationId,
        run.id,
        this.#actor(),
        'REPLAYED',
      ])
      return fresh
    })
    return this.#begun(id)
  }

  /**
   * A new run from a saved state of another, changed if wanted, on the same or another version. What the steps before it did outside stays
   * done; those that follow do it for the new run.
   */
  async fork({ runId, checkpointId, state, version }: ForkRunInput): Promise<Run> {
    const id = await this.runs.act(runId, 'run.forked', async (run, transaction) => {
      const saved = await readCheckpoint(transaction, run, checkpointId)
      const { version: target } = await this.#versionOf(transaction, run, version ?? null)
      const { data, input, next } = forkedState(saved.data, state ?? {}, target)
      const fresh = await this.#create(transaction, run, target.number, {
        input,
        forkedCheckpointId: checkpointId,
        kind: 'FORKED',
        summary: `Branched off from a saved state of another run${state == null ? '' : ', with changes'}; goes on with ${next}.`,
      })
      await transaction.query(
        `insert into checkpoint.checkpoints (organization_id, run_id, namespace, id, parent_id, step, source, type, data, metadata_type, metadata)
         select organization_id, $3, namespace, id, null, step, 'fork', type, $5, metadata_type, metadata from checkpoint.checkpoints
         where organization_id = $1 and run_id = $2 and namespace = '' and id = $4`,
        [run.organizationId, run.id, fresh, checkpointId, data],
      )
      return fresh
    })
    return this.#begun(id)
  }

  /** The runs that repeat a run or branched off from it, oldest first. */
  async forks(run: Run, first: number | null, after: string | null) {
    const size = pageSize(first)
    const where = { organizationId: run.organizationId, forkedFromId: run.id }
    const from = after === null ? null : checkId(String(decodeCursor(after)), 'page')
    const rows = await this.tenant.transaction(({ em }) =>
      em.find(Run, from === null ? where : { ...where, id: { $gt: from } }, { orderBy: { id: 'asc' }, limit: size + 1 }),
    )
    const count = () => this.tenant.transaction(({ em }) => em.count(Run, where))
    return toConnection(rows, size, ({ id }) => id, count, after !== null)
  }

  /** Its own version unless another one of the workflow is named. */
  async #versionOf(transaction: Transaction, run: Run, number: number | null) {
    const own = number ?? (await this.workflows.versionById(run.versionId))?.number
    if (own === undefined) throw new NotFoundError('version')
    return this.workflows.versionToStart(transaction, run.workflowId, own)
  }

  async #create(transaction: Transaction, run: Run, version: number | null, item: RunItem): Promise<string> {
    const { viewer } = this.tenant
    const { runs } = await createRuns(transaction, {
      ...(await this.#versionOf(transaction, run, version)),
      organizationId: run.organizationId,
      trigger: viewer.actorKind === 'USER' ? RunTrigger.DASHBOARD : RunTrigger.API,
      actor: actorRef(viewer),
      items: [{ caseId: run.caseId, tags: run.tags, priority: run.priority, production: false, forkedFromId: run.id, ...item }],
      pathOf: () => (item.kind === 'FORKED' ? 'state.input' : 'input'),
    })
    return runs[0]!.id
  }

  #begun(id: string): Promise<Run> {
    this.runs.announce({ organizationId: this.tenant.viewer.organizationId, id }, true)
    return this.runs.find(id)
  }

  async #waitingFor(ids: string[]): Promise<Map<string, string>> {
    const rows = await this.tenant.transaction(({ query }) =>
      query<{ run_id: string; reason: string | null }>('select * from workflow.waiting_reasons($1)', [ids.filter(isUuid)]),
    )
    return new Map(rows.flatMap(({ run_id: id, reason }) => (reason === null ? [] : [[id, reason] as const])))
  }

  #actor() {
    return toJson(actorRef(this.tenant.viewer))
  }
}
