import PauseCircleOutlined from '@mui/icons-material/PauseCircleOutlined'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useNavigate } from 'react-router'
import { useMutation } from 'urql'
import type { ScheduleCardFragment } from '../../gql/graphql.ts'
import { describeError } from '../../ui/errors.ts'
import { StatusChip } from '../../ui/status/status-chip.tsx'
import { RunScheduleNowDocument, UpdateScheduleDocument } from './schedule.documents.ts'
import { LastRun, TriggerCard } from './trigger-card.tsx'
import { faultWords, timeIn } from './words.ts'

export interface ScheduleCardProps {
  schedule: ScheduleCardFragment
  canChange: boolean
  onEdit(): void
  onDelete(): void
}

export function ScheduleCard({ schedule, canChange, onEdit, onDelete }: ScheduleCardProps) {
  const { name, words, timeZone, workflow, nextRuns, waitingCount, pausedAt, lastRun, lastFault, lastScheduledAt } = schedule
  const next = nextRuns.map((time) => timeIn(time, timeZone)).join(' · ')
  return (
    <TriggerCard
      name={name}
      state={pausedAt && <StatusChip word="Paused" tone="neutral" Icon={PauseCircleOutlined} />}
      lead={`${words}, ${timeZone}`}
      facts={[
        ['Starts', workflow.name],
        ['Next', pausedAt ? 'nothing while it is paused' : next],
        ...(waitingCount > 0 ? ([['Waiting', `${waitingCount} for the run before to end`]] as [string, string][]) : []),
        ['Last run', <LastRun key="last" run={lastRun} />],
      ]}
      trouble={lastFault && lastScheduledAt && `${timeIn(lastScheduledAt, timeZone)}: ${faultWords(lastFault)}`}
      actions={canChange && <Actions schedule={schedule} onEdit={onEdit} onDelete={onDelete} />}
    />
  )
}

function Actions({ schedule: { id, name, pausedAt }, onEdit, onDelete }: Omit<ScheduleCardProps, 'canChange'>) {
  const navigate = useNavigate()
  const [started, runNow] = useMutation(RunScheduleNowDocument)
  const [changed, update] = useMutation(UpdateScheduleDocument)
  const error = started.error ?? changed.error
  const run = async () => {
    const { data } = await runNow({ input: { id } })
    if (data) await navigate(`/runs/${data.runScheduleNow.run.id}`)
  }
  return (
    <>
      <Button
        size="small"
        variant="outlined"
        loading={started.fetching}
        onClick={() => void run()}
        aria-label={`Run ${name} now`}
      >
        Run now
      </Button>
      <Button
        size="small"
        variant="outlined"
        loading={changed.fetching}
        onClick={() => void update({ input: { id, paused: !pausedAt } })}
        aria-label={`${pausedAt ? 'Resume' : 'Pause'} ${name}`}
      >
        {pausedAt ? 'Resume' : 'Pause'}
      </Button>
      <Button size="small" variant="outlined" onClick={onEdit} aria-label={`Change ${name}`}>
        Change
      </Button>
      <Button size="small" color="error" onClick={onDelete} aria-label={`Delete ${name}`}>
        Delete
      </Button>
      {error && (
        <Box role="status" sx={{ flexBasis: '100%' }}>
          <Alert severity="error">{describeError(error).detail}</Alert>
        </Box>
      )}
    </>
  )
}
