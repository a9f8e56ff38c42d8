import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useMutation } from 'urql'
import type { ScheduleCardFragment, ScheduleCatchUp, ScheduleOverlap } from '../../gql/graphql.ts'
import { describeError, faultOf } from '../../ui/errors.ts'
import { fromDraft, toDraft, type Draft } from '../../ui/schema-form/schema.ts'
import { SchemaForm } from '../../ui/schema-form/schema-form.tsx'
import { useViewer } from '../../ui/session/viewer.ts'
import { TimeZoneField } from '../../ui/time-zone-field.tsx'
import { defaultPace, toCron, toPace } from './pace.ts'
import { CreateScheduleDocument, UpdateScheduleDocument } from './schedule.documents.ts'
import { PaceFields } from './schedule-fields.tsx'
import { TriggerDialog } from './trigger-dialog.tsx'
import { usePreview } from './use-preview.ts'
import type { WorkflowChoice } from './use-workflows.ts'
import { catchUpWords, overlapWords, timeIn } from './words.ts'
import { WorkflowField } from './workflow-field.tsx'

export interface ScheduleDialogProps {
  workflows: WorkflowChoice[]
  /** The one that is changed; a new one without. */
  schedule?: ScheduleCardFragment | undefined
  onClose(): void
}

export function ScheduleDialog({ workflows, schedule, onClose }: ScheduleDialogProps) {
  const { organization } = useViewer()
  const [name, setName] = useState(schedule?.name ?? '')
  const [slug, setSlug] = useState(schedule?.workflow.slug ?? workflows[0]!.slug)
  const [pace, setPace] = useState(schedule ? toPace(schedule.cron) : defaultPace)
  const [timeZone, setTimeZone] = useState(schedule?.timeZone ?? organization?.timeZone ?? 'UTC')
  const [overlap, setOverlap] = useState<ScheduleOverlap>(schedule?.overlap ?? 'SKIP')
  const [catchUp, setCatchUp] = useState<ScheduleCatchUp>(schedule?.catchUp ?? 'LATEST')
  const schema = workflows.find((workflow) => workflow.slug === slug)?.schema ?? {}
  const [draft, setDraft] = useState<Draft>(() => toDraft(schema, schedule?.input))
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [created, create] = useMutation(CreateScheduleDocument)
  const [updated, update] = useMutation(UpdateScheduleDocument)
  const error = created.error ?? updated.error
  const fault = error && describeError(error)
  const cron = toCron(pace)
  const { preview, cronFault, zoneFault } = usePreview(cron, timeZone)
  const isMapped = schedule?.mapping != null

  const save = async () => {
    const parsed = fromDraft(schema, draft)
    setFaults(parsed.faults)
    if (!isMapped && Object.keys(parsed.faults).length > 0) return
    const common = { name, cron, timeZone, overlap, catchUp, ...(!isMapped && { input: parsed.value }) }
    const { data } = schedule
      ? await update({ input: { id: schedule.id, ...common } })
      : await create({ input: { workflow: slug, ...common } })
    if (data) onClose()
  }

  return (
    <TriggerDialog
      title={schedule ? `Change ${schedule.name}` : 'Add a schedule'}
      busy={created.fetching || updated.fetching}
      fault={fault}
      ready={cronFault === undefined && zoneFault === undefined}
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
        helperText={faultOf(fault, 'name') ?? 'For example: Monday’s reminders'}
      />
      {!schedule && (
        <WorkflowField
          label="What it starts"
          workflows={workflows}
          value={slug}
          onChange={(next) => {
            setSlug(next)
            setDraft(toDraft(workflows.find((workflow) => workflow.slug === next)?.schema ?? {}, {}))
          }}
        />
      )}
      <PaceFields pace={pace} onChange={setPace} fault={cronFault} />
      <TimeZoneField value={timeZone} onChange={setTimeZone} fault={zoneFault} help="The clock that it goes by." />
      <NextTimes preview={preview} timeZone={timeZone} />
      <Box>
        <Typography variant="h3" sx={{ mb: 1.5 }}>
          What each run is given
        </Typography>
        {isMapped ? (
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            It is made from the time by expressions that were set over the API; they stay as they are.
          </Typography>
        ) : (
          <SchemaForm schema={schema} draft={draft} onChange={setDraft} faults={faults} />
        )}
      </Box>
      <TextField
        select
        label="If the run before has not ended"
        value={overlap}
        onChange={(event) => setOverlap(event.target.value as ScheduleOverlap)}
      >
        {Object.entries(overlapWords).map(([value, words]) => (
          <MenuItem key={value} value={value}>
            {words}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        select
        label="Times missed while the platform was down"
        value={catchUp}
        onChange={(event) => setCatchUp(event.target.value as ScheduleCatchUp)}
      >
        {Object.entries(catchUpWords).map(([value, words]) => (
          <MenuItem key={value} value={value}>
            {words}
          </MenuItem>
        ))}
      </TextField>
    </TriggerDialog>
  )
}

interface NextTimesProps {
  preview: { words: string; nextRuns: string[] } | null | undefined
  timeZone: string
}

/** What was chosen, in words and times; holds its place while it is looked up. */
function NextTimes({ preview, timeZone }: NextTimesProps) {
  return (
    <Box role="status" sx={{ px: 2, py: 1.5, borderRadius: '10px', bgcolor: 'action.hover', minHeight: 76 }}>
      {preview && (
        <>
          <Typography sx={{ fontWeight: 650 }}>
            {preview.words}, {timeZone}
          </Typography>
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            Next: {preview.nextRuns.map((time) => timeIn(time, timeZone)).join(' · ')}
          </Typography>
        </>
      )}
    </Box>
  )
}
