import BlockOutlined from '@mui/icons-material/BlockOutlined'
import Button from '@mui/material/Button'
import { useMutation } from 'urql'
import type { FollowUpCardFragment } from '../../gql/graphql.ts'
import { describeError } from '../../ui/errors.ts'
import { StatusChip } from '../../ui/status/status-chip.tsx'
import { UpdateFollowUpDocument } from './follow-up.documents.ts'
import { LastRun, TriggerCard } from './trigger-card.tsx'
import { endingsIn, faultWords } from './words.ts'

export interface FollowUpCardProps {
  followUp: FollowUpCardFragment
  canChange: boolean
  onEdit(): void
  onDelete(): void
}

export function FollowUpCard({ followUp, canChange, onEdit, onDelete }: FollowUpCardProps) {
  const { id, name, enabled, statuses, condition, sourceWorkflow, workflow, lastRun, firings } = followUp
  const [{ fetching, error }, update] = useMutation(UpdateFollowUpDocument)
  const fault = firings.nodes[0]?.fault
  return (
    <TriggerCard
      name={name}
      state={!enabled && <StatusChip word="Off" tone="neutral" Icon={BlockOutlined} />}
      lead={`When a run of ${sourceWorkflow.name} ${endingsIn(statuses)}, ${workflow.name} starts.`}
      facts={[
        ...(condition ? ([['Only if', condition]] as [string, string][]) : []),
        ['So far', firings.totalCount === 1 ? 'once' : `${firings.totalCount.toLocaleString()} times`],
        ['Last run', <LastRun key="last" run={lastRun} />],
      ]}
      trouble={error ? describeError(error).detail : fault && `The latest time, nothing started: ${faultWords(fault)}`}
      actions={
        canChange && (
          <>
            <Button
              size="small"
              variant="outlined"
              loading={fetching}
              onClick={() => void update({ input: { id, enabled: !enabled } })}
              aria-label={`Turn ${name} ${enabled ? 'off' : 'on'}`}
            >
              {enabled ? 'Turn off' : 'Turn on'}
            </Button>
            <Button size="small" variant="outlined" onClick={onEdit} aria-label={`Change ${name}`}>
              Change
            </Button>
            <Button size="small" color="error" onClick={onDelete} aria-label={`Delete ${name}`}>
              Delete
            </Button>
          </>
        )
      }
    />
  )
}
