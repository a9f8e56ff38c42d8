import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { useMutation } from 'urql'
import type { CreateWebhookMutation, WebhookCardFragment } from '../../gql/graphql.ts'
import { describeError, faultOf } from '../../ui/errors.ts'
import { fieldsOf, filled, MappingFields, needed } from './mapping-fields.tsx'
import { OptionalExpression } from './optional-expression.tsx'
import { SigningFields, type SigningForm } from './signing-fields.tsx'
import { TriggerDialog } from './trigger-dialog.tsx'
import type { WorkflowChoice } from './use-workflows.ts'
import { CreateWebhookDocument, UpdateWebhookDocument } from './webhook.documents.ts'
import { WorkflowField } from './workflow-field.tsx'

export interface WebhookDialogProps {
  workflows: WorkflowChoice[]
  webhook?: WebhookCardFragment | undefined
  /** With what is shown once. */
  onMade(made: CreateWebhookMutation['createWebhookTrigger']): void
  onClose(): void
}

const exampleOf = (field: string) => `body.${field}`

export function WebhookDialog({ workflows, webhook, onMade, onClose }: WebhookDialogProps) {
  const [name, setName] = useState(webhook?.name ?? '')
  const [slug, setSlug] = useState(webhook?.workflow.slug ?? workflows[0]!.slug)
  const [form, setForm] = useState<SigningForm>(
    webhook ? (webhook.requireSignature ? webhook.signatureForm : 'NONE') : 'STANDARD',
  )
  const [secret, setSecret] = useState('')
  const schema = workflows.find((workflow) => workflow.slug === slug)?.schema ?? {}
  const saved = webhook && fieldsOf(webhook.mapping.input)
  const [fields, setFields] = useState(saved ?? needed(schema, exampleOf))
  const [caseId, setCaseId] = useState(webhook?.mapping.caseId ?? '')
  const [key, setKey] = useState(webhook?.mapping.idempotencyKey ?? '')
  const [created, create] = useMutation(CreateWebhookDocument)
  const [updated, update] = useMutation(UpdateWebhookDocument)
  const error = created.error ?? updated.error
  const fault = error && describeError(error)

  const save = async () => {
    const input = saved === null ? webhook!.mapping.input : filled(fields)
    const mapping = { input, caseId: caseId.trim() || null, idempotencyKey: key.trim() || null }
    const signing = form === 'NONE' ? { requireSignature: false } : { requireSignature: true, signatureForm: form }
    if (webhook) {
      const { data } = await update({ input: { id: webhook.id, name, mapping, ...signing } })
      if (data) onClose()
      return
    }
    const own = secret.trim() && { secret: secret.trim() }
    const { data } = await create({ input: { workflow: slug, name, mapping, ...signing, ...own } })
    if (data) onMade(data.createWebhookTrigger)
  }

  return (
    <TriggerDialog
      title={webhook ? `Change ${webhook.name}` : 'Add a webhook'}
      busy={created.fetching || updated.fetching}
      fault={fault}
      onSave={() => void save()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        required
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={faultOf(fault, 'name') !== undefined}
        helperText={faultOf(fault, 'name') ?? 'For example: Orders of the shop'}
      />
      {!webhook && (
        <WorkflowField
          label="What it starts"
          workflows={workflows}
          value={slug}
          onChange={(next) => {
            setSlug(next)
            setFields(needed(workflows.find((workflow) => workflow.slug === next)?.schema ?? {}, exampleOf))
          }}
        />
      )}
      <SigningFields form={form} onForm={setForm} secret={webhook ? null : secret} onSecret={setSecret} fault={fault} />
      {saved !== null && (
        <MappingFields
          schema={schema}
          value={fields}
          onChange={setFields}
          fault={fault}
          exampleOf={exampleOf}
          help="Where each field is taken from. body is what was sent, so body.order.id is the field id of its order. Words in quotes stand as they are. What is left empty is left out."
        />
      )}
      <OptionalExpression
        label="Case (optional)"
        field="mapping.caseId"
        value={caseId}
        onChange={setCaseId}
        fault={fault}
        example="string(body.order.id)"
        help="The ticket or order that the run belongs to."
      />
      <OptionalExpression
        label="Known again by (optional)"
        field="mapping.idempotencyKey"
        value={key}
        onChange={setKey}
        fault={fault}
        example="string(body.id)"
        help="What is sent twice starts one run. Left empty, the sender’s message number or signature tells."
      />
    </TriggerDialog>
  )
}
