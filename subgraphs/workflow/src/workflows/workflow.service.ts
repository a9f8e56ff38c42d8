import { BadUserInputError, NotFoundError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'
import { decodeCursor, toConnection } from '@signalbox/shared/connection'
import { batched, keyed } from '../batch.ts'
import { toText } from '../json.ts'
import { checkId, type Tenant, type Transaction } from '../tenant.ts'
import { findVersion } from './find-version.ts'
import { WorkflowVersion } from './workflow-version.entity.ts'
import { Workflow } from './workflow.entity.ts'

const RECENT_DAYS = 30

/** Reads workflows and their versions within the caller's tenancy. */
export class WorkflowService {
  constructor(private readonly tenant: Tenant) {}

  readonly byId = batched((ids) => this.#load(Workflow, ids))
  readonly versionById = batched((ids) => this.#load(WorkflowVersion, ids))
  readonly recentRuns = batched((ids) => this.#countRuns(ids))

  async find({ id, slug }: { id?: string | null; slug?: string | null }): Promise<Workflow> {
    if ((id == null) === (slug == null)) {
      throw new BadUserInputError('Give the id or the slug of the workflow.', [
        { path: 'id', message: 'give exactly one of id and slug' },
      ])
    }
    if (id != null) checkId(id, 'workflow')
    const found = await this.tenant.transaction(({ em }) => em.find(Workflow, id != null ? { id } : { slug: toText(slug!) }))
    // A slug is unique within an organisation: the active one's comes first.
    const own = found.find((workflow) => workflow.organizationId === this.tenant.viewer.organizationId)
    const workflow = own ?? found[0]
    if (workflow === undefined) throw new NotFoundError('workflow')
    return workflow
  }

  async list(slug: string | null, size: number, after: string | null) {
    const where = slug === null ? {} : { slug: toText(slug) }
    const rows = await this.tenant.transaction(({ em }) =>
      em.find(Workflow, after === null ? where : { ...where, id: { $gt: checkId(String(decodeCursor(after)), 'page') } }, {
        orderBy: { id: 'asc' },
        limit: size + 1,
      }),
    )
    const count = () => this.tenant.transaction(({ em }) => em.count(Workflow, where))
    return toConnection(rows, size, (workflow) => workflow.id, count, after !== null)
  }

  async versions(workflow: Workflow, size: number, after: string | null) {
    const where = { organizationId: workflow.organizationId, workflowId: workflow.id }
    const rows = await this.tenant.transaction(({ em }) =>
      em.find(WorkflowVersion, after === null ? where : { ...where, number: { $lt: Number(decodeCursor(after)) || 0 } }, {
        orderBy: { number: 'desc' },
        limit: size + 1,
      }),
    )
    const count = () => this.tenant.transaction(({ em }) => em.count(WorkflowVersion, where))
    return toConnection(rows, size, (version) => version.number, count, after !== null)
  }

  /**
   * The version that a start names, in the active organisation.
   * @throws {NotFoundError} when there is none, or it was never published
   */
  async versionToStart(
    transaction: Transaction,
    name: string,
    number: number | null,
  ): Promise<{ workflow: Workflow; version: WorkflowVersion }> {
    const found = await findVersion(transaction, this.tenant.viewer.organizationId, name, number)
    if (found === null) throw new NotFoundError('published version of this workflow')
    return found
  }

  /** Ids of the readable workflows that a filter names by id or slug. */
  async resolve(names: string[]): Promise<string[]> {
    const rows = await this.tenant.transaction(({ query }) =>
      query<{ id: string }>('select id from workflow.workflows where slug = any ($1::text[]) or id::text = any ($1::text[])', [
        names.map(toText),
      ]),
    )
    return rows.map((row) => row.id)
  }

  /** Ids of runs are in the order of their making, so the index on (organisation, workflow, id) answers it. */
  async #countRuns(ids: string[]): Promise<Map<string, number>> {
    const since = Date.now() - RECENT_DAYS * 24 * 3_600_000
    const first = `${since
      .toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})/, '$1-')}-7000-8000-000000000000`
    const rows = await this.tenant.transaction(({ query }) =>
      query<{ id: string; runs: number }>(
        `select workflow_id as id, count(*)::int as runs from workflow.runs
         where organization_id = any ($1::uuid[]) and workflow_id = any ($2::uuid[]) and id >= $3 group by workflow_id`,
        [this.tenant.viewer.organizationIds, ids, first],
      ),
    )
    return new Map(rows.map(({ id, runs }) => [id, runs]))
  }

  async #load<T extends { id: string }>(type: new () => T, ids: string[]): Promise<Map<string, T>> {
    const known = ids.filter(isUuid)
    const rows = await this.tenant.transaction(({ em }) => em.find(type, { id: { $in: known } }))
    return keyed(rows as T[], 'id')
  }
}
