import type {
  FollowUpCardFragment,
  RotateWebhookSecretMutation,
  ScheduleCardFragment,
  WebhookCardFragment,
} from '../../gql/graphql.ts'
import { DeleteDialog } from './delete-dialog.tsx'
import { DeliveriesDialog } from './deliveries-dialog.tsx'
import { FollowUpDialog } from './follow-up-dialog.tsx'
import { RotateDialog } from './rotate-dialog.tsx'
import { ScheduleDialog } from './schedule-dialog.tsx'
import type { WorkflowChoice } from './use-workflows.ts'
import { WebhookDialog } from './webhook-dialog.tsx'
import { WebhookHandOver } from './webhook-hand-over.tsx'

export type OpenDialog =
  | { act: 'edit'; kind: 'schedule'; schedule?: ScheduleCardFragment }
  | { act: 'edit'; kind: 'webhook'; webhook?: WebhookCardFragment }
  | { act: 'edit'; kind: 'followUp'; followUp?: FollowUpCardFragment }
  | { act: 'delete'; kind: 'schedule' | 'webhook' | 'followUp'; id: string; name: string }
  | { act: 'deliveries'; webhook: WebhookCardFragment }
  | { act: 'rotate'; webhook: WebhookCardFragment }
  | { act: 'handOver'; made: RotateWebhookSecretMutation['rotateWebhookSecret'] }

export interface TriggerDialogsProps {
  open: OpenDialog
  workflows: WorkflowChoice[]
  canChange: boolean
  onOpen(open: OpenDialog | null): void
}

/** The one dialog that is open. */
export function TriggerDialogs({ open, workflows, canChange, onOpen }: TriggerDialogsProps) {
  const onClose = () => onOpen(null)
  const onMade = (made: RotateWebhookSecretMutation['rotateWebhookSecret']) => onOpen({ act: 'handOver', made })
  if (open.act === 'delete') return <DeleteDialog {...open} onClose={onClose} />
  if (open.act === 'deliveries') return <DeliveriesDialog webhook={open.webhook} canChange={canChange} onClose={onClose} />
  if (open.act === 'rotate') return <RotateDialog webhook={open.webhook} onMade={onMade} onClose={onClose} />
  if (open.act === 'handOver') return <WebhookHandOver made={open.made} onClose={onClose} />
  if (open.kind === 'schedule') return <ScheduleDialog workflows={workflows} schedule={open.schedule} onClose={onClose} />
  if (open.kind === 'webhook')
    return <WebhookDialog workflows={workflows} webhook={open.webhook} onMade={onMade} onClose={onClose} />
  return <FollowUpDialog workflows={workflows} followUp={open.followUp} onClose={onClose} />
}
