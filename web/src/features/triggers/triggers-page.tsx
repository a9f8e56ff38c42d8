import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'
import { useEffect, useState } from 'react'
import { useQuery } from 'urql'
import type { FollowUpCardFragment, ScheduleCardFragment, TriggersQuery, WebhookCardFragment } from '../../gql/graphql.ts'
import { useCan } from '../../ui/session/viewer.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { PageHeader } from '../../ui/states/page-header.tsx'
import { FollowUpCard } from './follow-up-card.tsx'
import { ScheduleCard } from './schedule-card.tsx'
import { TriggerDialogs, type OpenDialog } from './trigger-dialogs.tsx'
import { TriggerPanel } from './trigger-panel.tsx'
import { TriggersDocument } from './triggers.documents.ts'
import { useWorkflows } from './use-workflows.ts'
import { WebhookCard } from './webhook-card.tsx'

/** Empty lists name no type that a mutation could touch: they are named here. */
const context = { additionalTypenames: ['Schedule', 'WebhookTrigger', 'WebhookDelivery', 'RunEventTrigger', 'Run'] }
const LOOK_MS = 10_000

/** `/triggers`: what starts runs by itself. */
export function Component() {
  const [open, setOpen] = useState<OpenDialog | null>(null)
  const [{ data, error }, reload] = useQuery({ query: TriggersDocument, requestPolicy: 'cache-and-network', context })
  const workflows = useWorkflows()
  const canChange = useCan('wrm:write')
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload({ requestPolicy: 'network-only' })
    }, LOOK_MS)
    return () => clearInterval(timer)
  }, [reload])
  const canAdd = canChange && workflows !== undefined && workflows.length > 0
  const adding = (kind: 'schedule' | 'webhook' | 'followUp') => (canAdd ? () => setOpen({ act: 'edit', kind }) : undefined)
  return (
    <>
      <PageHeader
        title="Triggers"
        lead="What starts runs by itself: at times, when something is sent here, or when another run ends."
      />
      {!data && error && <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {!data && !error && <Skeleton variant="rounded" height={320} />}
      {data && <Panels data={data} canChange={canChange} adding={adding} onOpen={setOpen} />}
      {open && <TriggerDialogs open={open} workflows={workflows ?? []} canChange={canChange} onOpen={setOpen} />}
    </>
  )
}

interface PanelsProps {
  data: TriggersQuery
  canChange: boolean
  adding(kind: 'schedule' | 'webhook' | 'followUp'): (() => void) | undefined
  onOpen(open: OpenDialog): void
}

function Panels({ data: { schedules, triggers }, canChange, adding, onOpen }: PanelsProps) {
  const webhooks = triggers.filter((one) => one.__typename === 'WebhookTrigger') as WebhookCardFragment[]
  const followUps = triggers.filter((one) => one.__typename === 'RunEventTrigger') as FollowUpCardFragment[]
  const deletion = (kind: 'schedule' | 'webhook' | 'followUp', { id, name }: { id: string; name: string }) =>
    onOpen({ act: 'delete', kind, id, name })
  return (
    <Box sx={{ display: 'grid', gap: 2.5, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <TriggerPanel
        title="Schedules"
        purpose="A schedule starts a run at times: every Monday at eight, on the last day of each month, every hour."
        add="Add a schedule"
        onAdd={adding('schedule')}
      >
        {schedules.map((schedule: ScheduleCardFragment) => (
          <ScheduleCard
            key={schedule.id}
            schedule={schedule}
            canChange={canChange}
            onEdit={() => onOpen({ act: 'edit', kind: 'schedule', schedule })}
            onDelete={() => deletion('schedule', schedule)}
          />
        ))}
      </TriggerPanel>
      <TriggerPanel
        title="Webhooks"
        purpose="A webhook is an address that your shop, your forms or any other program sends to. Each message starts a run, once."
        add="Add a webhook"
        onAdd={adding('webhook')}
      >
        {webhooks.map((webhook) => (
          <WebhookCard
            key={webhook.id}
            webhook={webhook}
            canChange={canChange}
            onDeliveries={() => onOpen({ act: 'deliveries', webhook })}
            onRotate={() => onOpen({ act: 'rotate', webhook })}
            onEdit={() => onOpen({ act: 'edit', kind: 'webhook', webhook })}
            onDelete={() => deletion('webhook', webhook)}
          />
        ))}
      </TriggerPanel>
      <TriggerPanel
        title="Follow-ups"
        purpose="A follow-up starts a run when another one ends: after every refund a note to accounting, after every failure a second way."
        add="Add a follow-up"
        onAdd={adding('followUp')}
      >
        {followUps.map((followUp) => (
          <FollowUpCard
            key={followUp.id}
            followUp={followUp}
            canChange={canChange}
            onEdit={() => onOpen({ act: 'edit', kind: 'followUp', followUp })}
            onDelete={() => deletion('followUp', followUp)}
          />
        ))}
      </TriggerPanel>
    </Box>
  )
}
