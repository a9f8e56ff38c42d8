import { actorRef } from '@signalbox/shared/actor'
import type { Audit, AuditAction } from '@signalbox/shared/audit'
import { decodeCursor, pageSize, toConnection } from '@signalbox/shared/connection'
import { ConflictError, NotFoundError } from '@signalbox/shared/errors'
import { toJson, toText } from '../../json.ts'
import { checkId, type Tenant, type Transaction } from '../../tenant.ts'
import type { WorkflowService } from '../../workflows/workflow.service.ts'
import { latestRuns } from '../latest-runs.ts'
import { checkMapping, WEBHOOK_VARIABLES, type Mapping } from '../mapping.ts'
import { checkRoom, rangeFault, refuseFaults } from '../trigger-checks.ts'
import { signatureHeaderOf, webhookFaults } from './webhook-checks.ts'
import { WebhookDelivery } from './webhook-delivery.entity.ts'
import type { IntakeParts, WebhookIntake } from './webhook-intake.ts'
import { addSecret, findWebhook, hashOfPath, newPath, newSecret } from './webhook-store.ts'
import { WebhookTrigger } from './webhook-trigger.entity.ts'
import type { CreateWebhookTriggerInput, RotateWebhookSecretInput, UpdateWebhookTriggerInput } from './webhook-trigger.inputs.ts'

export interface WebhookServiceParts extends Pick<IntakeParts, 'envelope'> {
  intake: WebhookIntake
  /** Without a path: `https://signalbox.example.com`. */
  publicUrl: string
}

/** The active organisation's webhooks. */
export class WebhookTriggerService {
  constructor(
    private readonly tenant: Tenant,
    private readonly workflows: WorkflowService,
    private readonly parts: WebhookServiceParts,
    private readonly audit: Audit,
  ) {}

  readonly lastRun = latestRuns(this.tenant)

  list(): Promise<WebhookTrigger[]> {
    return this.tenant.transaction(async ({ em, query }) =>
      (
        await query<object>('select * from workflow.webhooks where organization_id = $1 order by id', [
          this.tenant.viewer.organizationId,
        ])
      ).map((row) => em.map(WebhookTrigger, row)),
    )
  }

  /** Of any organisation that the viewer reads. */
  find(id: string): Promise<WebhookTrigger | undefined> {
    return this.tenant.transaction(async ({ em, query }) => {
      const [row] = await query<object>('select * from workflow.webhooks where id = $1', [checkId(id, 'trigger')])
      return row && em.map(WebhookTrigger, row)
    })
  }

  /** Newest first. */
  async deliveries({ organizationId, id }: WebhookTrigger, first: number | null, after: string | null) {
    const size = pageSize(first)
    const rows = await this.tenant.transaction(async ({ em, query }) =>
      (
        await query<object>(
          `select * from workflow.webhook_deliveries where organization_id = $1 and webhook_id = $2
             and ($3::uuid is null or id < $3) order by id desc limit $4`,
          [organizationId, id, after === null ? null : checkId(String(decodeCursor(after)), 'page'), size + 1],
        )
      ).map((row) => em.map(WebhookDelivery, row)),
    )
    const count = () => this.tenant.transaction(({ em }) => em.count(WebhookDelivery, { organizationId, webhookId: id }))
    return toConnection(rows, size, (delivery) => delivery.id, count, after !== null)
  }

  /** @throws {BadUserInputError} {NotFoundError} */
  create({ workflow: name, secret: given, mapping, ...input }: CreateWebhookTriggerInput) {
    const { viewer } = this.tenant
    const by = actorRef(viewer)
    const [path, secret] = [newPath(), given?.trim() || newSecret()]
    return this.tenant.transaction(async (transaction) => {
      await checkRoom(transaction, 'workflow.webhooks', viewer.organizationId)
      const { workflow } = await this.workflows.versionToStart(transaction, name, null)
      const webhook = Object.assign(new WebhookTrigger(), {
        ...input,
        organizationId: viewer.organizationId,
        id: crypto.randomUUID(),
        workflowId: workflow.id,
        pathHint: path.slice(-4),
        signatureHeader: signatureHeaderOf(input),
        mapping: mapping as Mapping,
        createdByKind: by.kind,
        createdById: by.id,
      })
      refuseFaults(webhookFaults(webhook, secret))
      const trigger = await this.#save(transaction, webhook, hashOfPath(path), 'trigger.created')
      await addSecret(transaction, this.parts.envelope, webhook, secret, 0)
      return { trigger, address: this.#addressOf(path), secret }
    })
  }

  /** @throws {BadUserInputError} {NotFoundError} */
  update({ id, mapping, ...changes }: UpdateWebhookTriggerInput): Promise<WebhookTrigger> {
    return this.tenant.transaction(async (transaction) => {
      const webhook = await this.#lock(transaction, id)
      Object.assign(webhook, Object.fromEntries(Object.entries(changes).filter(([, value]) => value != null)))
      const { signatureForm } = webhook
      if (changes.signatureForm != null || changes.signatureHeader != null)
        webhook.signatureHeader = signatureHeaderOf({ signatureForm, signatureHeader: changes.signatureHeader })
      if (mapping != null) webhook.mapping = mapping as Mapping
      refuseFaults(webhookFaults(webhook))
      return this.#save(transaction, webhook, null, 'trigger.changed')
    })
  }

  /** @throws {NotFoundError} */
  remove(id: string): Promise<WebhookTrigger> {
    return this.tenant.transaction(async (transaction) => {
      const webhook = await this.#lock(transaction, id)
      await transaction.query('delete from workflow.webhooks where organization_id = $1 and id = $2', [
        webhook.organizationId,
        webhook.id,
      ])
      await this.#record(transaction, webhook, 'trigger.deleted')
      return webhook
    })
  }

  /** @throws {BadUserInputError} {NotFoundError} */
  rotate({ id, secret: given, overlapHours, newAddress }: RotateWebhookSecretInput) {
    const [path, secret] = [newAddress ? newPath() : null, given?.trim() || newSecret()]
    return this.tenant.transaction(async (transaction) => {
      const webhook = await this.#lock(transaction, id)
      refuseFaults([...webhookFaults(webhook, secret), rangeFault('overlapHours', overlapHours, 0, 168)])
      if (path !== null) webhook.pathHint = path.slice(-4)
      await addSecret(transaction, this.parts.envelope, webhook, secret, overlapHours)
      const trigger = await this.#save(transaction, webhook, path === null ? null : hashOfPath(path), 'trigger.secret_rotated')
      return { trigger, address: path && this.#addressOf(path), secret }
    })
  }

  /** Has a believed delivery tried again, by the webhook as it is now. @throws {NotFoundError} {ConflictError} */
  async redeliver(deliveryId: string): Promise<WebhookDelivery> {
    const { viewer } = this.tenant
    const { webhook, delivery } = await this.tenant.transaction(async (transaction) => {
      const [row] = await transaction.query<object>(
        `update workflow.webhook_deliveries set redelivered_at = now()
         where organization_id = $1 and id = $2 and request is not null returning *`,
        [viewer.organizationId, checkId(deliveryId, 'delivery')],
      )
      if (row === undefined) throw new NotFoundError('delivery that can be tried again')
      const delivery = transaction.em.map(WebhookDelivery, row)
      if (delivery.runId !== null) throw new ConflictError('This delivery has its run.', { runId: delivery.runId })
      return { delivery, webhook: (await findWebhook(transaction, viewer.organizationId, delivery.webhookId))! }
    })
    const { headers, request, idempotencyKey, bytes } = delivery
    return this.parts.intake.start(webhook, { headers, request: request!, idempotencyKey, bytes }, actorRef(viewer))
  }

  async #save(transaction: Transaction, webhook: WebhookTrigger, pathHash: Buffer | null, action: AuditAction) {
    const mapping = checkMapping(webhook.mapping, WEBHOOK_VARIABLES)
    const changes = [webhook.name.trim(), webhook.enabled, webhook.pathHint, webhook.requireSignature, webhook.signatureForm]
    const values = [
      webhook.organizationId,
      webhook.id,
      ...changes.map((value) => (typeof value === 'string' ? toText(value) : value)),
    ]
    const rest = [webhook.signatureHeader, toJson(mapping), pathHash]
    const [row] =
      action === 'trigger.created'
        ? await transaction.query<object>(
            `insert into workflow.webhooks (organization_id, id, name, enabled, path_hint, require_signature, signature_form,
               signature_header, mapping, path_hash, workflow_id, created_by_kind, created_by_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning *`,
            [...values, ...rest, webhook.workflowId, webhook.createdByKind, webhook.createdById],
          )
        : await transaction.query<object>(
            `update workflow.webhooks set name = $3, enabled = $4, path_hint = $5, require_signature = $6, signature_form = $7,
               signature_header = $8, mapping = $9, path_hash = coalesce($10, path_hash)
             where organization_id = $1 and id = $2 returning *`,
            [...values, ...rest],
          )
    await this.#record(transaction, webhook, action)
    return transaction.em.map(WebhookTrigger, row!)
  }

  async #lock({ em, query }: Transaction, id: string): Promise<WebhookTrigger> {
    const [row] = await query<object>('select * from workflow.webhooks where organization_id = $1 and id = $2 for update', [
      this.tenant.viewer.organizationId,
      checkId(id, 'webhook'),
    ])
    if (row === undefined) throw new NotFoundError('webhook')
    // A copy: what is changed of it is written by the statement that checks it, not by the manager.
    return Object.assign(new WebhookTrigger(), em.map(WebhookTrigger, row))
  }

  #addressOf = (path: string) => new URL(`/hooks/in/${path}`, this.parts.publicUrl).href

  #record({ em }: Transaction, { organizationId, id, name, requireSignature }: WebhookTrigger, action: AuditAction) {
    return this.audit.record(em, organizationId, {
      action,
      outcome: 'ALLOWED',
      target: { type: 'WebhookTrigger', id },
      details: { kind: 'WEBHOOK', name, requireSignature },
    })
  }
}
