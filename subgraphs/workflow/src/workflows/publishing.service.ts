import { actorRef } from '@signalbox/shared/actor'
import type { Audit } from '@signalbox/shared/audit'
import { ConflictError, ForbiddenError, NotFoundError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'
import { toText } from '../json.ts'
import type { Tenant, Transaction } from '../tenant.ts'
import { withDefaults } from './check-definition.ts'
import { compareDefinitions } from './compare-definitions.ts'
import type { WorkflowComparison } from './comparison.type.ts'
import { publishVersion, type Publication, type Published } from './publish.ts'
import type {
  CompareVersionsArgs,
  DiscardWorkflowDraftInput,
  PublishWorkflowInput,
  RollbackWorkflowInput,
  SaveWorkflowDraftInput,
} from './publishing.inputs.ts'
import { checkPublication, checkSave, refused, SLUG } from './publishing.faults.ts'
import { WorkflowDraft } from './workflow-draft.entity.ts'
import { WorkflowVersion } from './workflow-version.entity.ts'
import { Workflow } from './workflow.entity.ts'
import type { WorkflowService } from './workflow.service.ts'

/** From a draft to the version that runs are started with, and back to an older one. All of it in the active organisation. */
export class PublishingService {
  constructor(
    private readonly tenant: Tenant,
    private readonly workflows: WorkflowService,
    private readonly audit: Audit,
  ) {}

  draftOf({ organizationId, id }: Workflow): Promise<WorkflowDraft | null> {
    return this.tenant.transaction(({ em }) => em.findOne(WorkflowDraft, { organizationId, workflowId: id }))
  }

  /**
   * Keeps the draft, faults and all, if it is still the one that was changed.
   * @throws {ConflictError} when somebody saved or published in between {BadUserInputError} {NotFoundError}
   */
  async saveDraft(input: SaveWorkflowDraftInput): Promise<{ workflow: Workflow; draft: WorkflowDraft }> {
    const text = checkSave(input)
    return this.tenant.transaction(async (transaction) => {
      const workflow =
        input.workflow == null ? await this.#begin(transaction, input) : await this.#lock(transaction, input.workflow)
      await checkRevision(transaction, workflow, input.revision)
      if (input.slug != null && input.slug !== workflow.slug)
        throw refused({ path: 'input.slug', message: `stays ${workflow.slug}: callers start runs by it` })
      const draft = await writeDraft(transaction, workflow, { ...input, text }, actorRef(this.tenant.viewer))
      return { workflow, draft }
    })
  }

  /** @throws {ConflictError} {NotFoundError} */
  discardDraft({ workflow: name, revision }: DiscardWorkflowDraftInput): Promise<Workflow> {
    return this.tenant.transaction(async (transaction) => {
      const workflow = await this.#lock(transaction, name)
      await checkRevision(transaction, workflow, revision)
      await dropDraft(transaction, workflow)
      return workflow
    })
  }

  /** Makes the draft, or the given definition, the current version. @throws {BadUserInputError} {ConflictError} {NotFoundError} */
  async publish(input: PublishWorkflowInput): Promise<PublishResult> {
    checkPublication(input)
    return this.tenant.transaction(async (transaction) => {
      const { note } = input
      if (input.definition != null) {
        const existing = await this.#find(transaction, input.workflow)
        return this.#publish(transaction, { ...given(input, existing), note: note ?? null })
      }
      const known = await this.#lock(transaction, input.workflow)
      const draft = await checkRevision(transaction, known, input.revision ?? null)
      if (draft === null) throw new NotFoundError('draft of this workflow')
      const { name, description, definition } = draft
      const publication = { slug: known.slug, name, description, definition: definition as Publication['definition'] }
      const result = await this.#publish(transaction, { ...publication, note: note ?? null })
      await dropDraft(transaction, known)
      return result
    })
  }

  /**
   * Makes an older version current again, by publishing it under a new number: the history stays a line in which each version has one
   * publisher, one time and one note, and a run's version number says which came later.
   * @throws {BadUserInputError} when it stands already, or no longer passes the check {NotFoundError}
   */
  async rollback({ workflow: name, version: number, note }: RollbackWorkflowInput): Promise<PublishResult> {
    checkPublication({ note: note ?? null })
    return this.tenant.transaction(async (transaction) => {
      const workflow = await this.#lock(transaction, name)
      const { organizationId, id, slug, description } = workflow
      const version = await transaction.em.findOne(WorkflowVersion, { organizationId, workflowId: id, number })
      if (version === null) throw new NotFoundError('version of this workflow')
      if (version.id === workflow.currentVersionId) throw refused({ path: 'input.version', message: 'is the current version' })
      const publication = { slug, name: workflow.name, description, definition: version.definition }
      return this.#publish(transaction, { ...publication, note: note ?? null, restores: number })
    })
  }

  /** @throws {NotFoundError} */
  async compare({ workflow: name, from, to }: CompareVersionsArgs): Promise<WorkflowComparison> {
    const workflow = await this.workflows.find(isUuid(name) ? { id: name } : { slug: name })
    const { organizationId, id } = workflow
    const numbers = to == null ? [from] : [from, to]
    const versions = await this.tenant.transaction(({ em }) =>
      em.find(WorkflowVersion, { organizationId, workflowId: id, number: { $in: numbers } }),
    )
    const [before, after] = numbers.map((number) => {
      const version = versions.find((one) => one.number === number)
      if (version === undefined) throw new NotFoundError('version of this workflow')
      return version
    })
    const newer = after ?? (await this.draftOf(workflow))
    if (newer === null) throw new NotFoundError('draft of this workflow')
    return {
      workflow,
      from: before!,
      to: after ?? null,
      changes: compareDefinitions(before!.definition, withDefaults(newer.definition)),
    }
  }

  async #publish(transaction: Transaction, publication: Omit<Publication, 'organizationId' | 'by'>): Promise<PublishResult> {
    const { viewer } = this.tenant
    const { organizationId } = viewer
    const whole = { ...publication, organizationId, by: actorRef(viewer) }
    const { workflowId, versionId, created } = await publishVersion(transaction, whole, this.audit)
    const workflow = await transaction.em.findOneOrFail(Workflow, { organizationId, id: workflowId }, { refresh: true })
    const version = await transaction.em.findOneOrFail(WorkflowVersion, { organizationId, id: versionId })
    return { workflow, version, created }
  }

  async #begin({ em, query }: Transaction, { slug, name, description }: SaveWorkflowDraftInput): Promise<Workflow> {
    const { organizationId } = this.tenant.viewer
    const [row] = await query<object>(
      `insert into workflow.workflows (organization_id, slug, name, description) values ($1, $2, $3, $4)
       on conflict (organization_id, slug) do nothing returning *`,
      [organizationId, slug, toText(name), description == null ? null : toText(description)],
    )
    if (row === undefined) throw refused({ path: 'input.slug', message: 'is taken by another workflow' })
    return em.map(Workflow, row)
  }

  async #find({ em, query }: Transaction, name: string): Promise<Workflow | null> {
    const [row] = await query<object>(
      `select * from workflow.workflows where organization_id = $1 and ${isUuid(name) ? 'id' : 'slug'} = $2 for update`,
      [this.tenant.viewer.organizationId, toText(name)],
    )
    return row === undefined ? null : em.map(Workflow, row)
  }

  /** @throws {NotFoundError} {ForbiddenError} when the viewer may read it but acts for another organisation */
  async #lock(transaction: Transaction, name: string): Promise<Workflow> {
    const workflow = await this.#find(transaction, name)
    if (workflow !== null) return workflow
    const readable = isUuid(name) && (await transaction.em.count(Workflow, { id: name })) > 0
    throw readable
      ? new ForbiddenError('Switch to the organisation of this workflow to change it.')
      : new NotFoundError('workflow')
  }
}

export interface PublishResult extends Pick<Published, 'created'> {
  workflow: Workflow
  version: WorkflowVersion
}

function given({ workflow, name, description, definition }: PublishWorkflowInput, known: Workflow | null) {
  if (known === null && (isUuid(workflow) || !SLUG.test(workflow))) throw new NotFoundError('workflow')
  return {
    slug: known?.slug ?? workflow,
    name: toText(name ?? known?.name ?? workflow),
    description: description == null ? (known?.description ?? null) : toText(description),
    definition: definition as Publication['definition'],
  }
}

/** The draft, if it is the one of that revision (0: none; null: whichever). @throws {ConflictError} */
async function checkRevision({ em }: Transaction, { organizationId, id }: Workflow, revision: number | null) {
  const draft = await em.findOne(WorkflowDraft, { organizationId, workflowId: id })
  if (revision === null || (draft?.revision ?? 0) === revision) return draft
  const current = draft && { revision: draft.revision, savedAt: draft.savedAt.toISOString() }
  throw new ConflictError('The draft was changed by somebody else meanwhile.', current)
}

async function writeDraft(
  { em, query }: Transaction,
  { organizationId, id }: Workflow,
  { name, description, text }: { name: string; description?: string | null; text: string },
  by: { kind: string; id: string },
): Promise<WorkflowDraft> {
  const [row] = await query<object>(
    `with counted as (
       update workflow.workflows set draft_revision = draft_revision + 1 where organization_id = $1 and id = $2 returning draft_revision
     )
     insert into workflow.workflow_drafts as d (organization_id, workflow_id, revision, name, description, text, saved_by_kind, saved_by_id)
     select $1, $2, draft_revision, $3, $4, $5, $6, $7 from counted
     on conflict (organization_id, workflow_id) do update set revision = excluded.revision, name = excluded.name,
       description = excluded.description, text = excluded.text, saved_by_kind = excluded.saved_by_kind,
       saved_by_id = excluded.saved_by_id, saved_at = clock_timestamp()
     returning *`,
    [organizationId, id, toText(name), description == null ? null : toText(description), toText(text), by.kind, by.id],
  )
  return em.map(WorkflowDraft, row!)
}

const dropDraft = async ({ query }: Transaction, { organizationId, id }: Workflow): Promise<void> => {
  await query('delete from workflow.workflow_drafts where organization_id = $1 and workflow_id = $2', [organizationId, id])
}
