import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormGroup from '@mui/material/FormGroup'
import FormLabel from '@mui/material/FormLabel'
import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { useMutation } from 'urql'
import type { FollowUpCardFragment, RunStatus } from '../../gql/graphql.ts'
import { describeError, faultOf } from '../../ui/errors.ts'
import { CreateFollowUpDocument, UpdateFollowUpDocument } from './follow-up.documents.ts'
import { fieldsOf, filled, MappingFields, needed } from './mapping-fields.tsx'
import { TriggerDialog } from './trigger-dialog.tsx'
import type { WorkflowChoice } from './use-workflows.ts'
import { endings, endingWords } from './words.ts'
import { WorkflowField } from './workflow-field.tsx'

export interface FollowUpDialogProps {
  workflows: WorkflowChoice[]
  followUp?: FollowUpCardFragment | undefined
  onClose(): void
}

const exampleOf = (field: string) => `run.input.${field}`

export function FollowUpDialog({ workflows, followUp, onClose }: FollowUpDialogProps) {
  const [name, setName] = useState(followUp?.name ?? '')
  const [source, setSource] = useState(followUp?.sourceWorkflow.slug ?? workflows[0]!.slug)
  const [target, setTarget] = useState(followUp?.workflow.slug ?? workflows[0]!.slug)
  const [statuses, setStatuses] = useState<RunStatus[]>(followUp?.statuses ?? ['SUCCEEDED'])
  const [condition, setCondition] = useState(followUp?.condition ?? '')
  const schema = workflows.find(({ slug }) => slug === target)?.schema ?? {}
  const saved = followUp && fieldsOf(followUp.mapping.input)
  const [fields, setFields] = useState(saved ?? needed(schema, exampleOf))
  const [created, create] = useMutation(CreateFollowUpDocument)
  const [updated, update] = useMutation(UpdateFollowUpDocument)
  const error = created.error ?? updated.error
  const fault = error && describeError(error)

  const save = async () => {
    const input = saved === null ? followUp!.mapping.input : filled(fields)
    const common = { name, statuses, condition, mapping: { input, caseId: followUp ? followUp.mapping.caseId : 'run.caseId' } }
    const { data } = followUp
      ? await update({ input: { id: followUp.id, ...common } })
      : await create({ input: { sourceWorkflow: source, workflow: target, ...common } })
    if (data) onClose()
  }
  const toggle = (status: RunStatus, on: boolean) =>
    setStatuses((before) => (on ? [...before, status] : before.filter((one) => one !== status)))

  return (
    <TriggerDialog
      title={followUp ? `Change ${followUp.name}` : 'Add a follow-up'}
      busy={created.fetching || updated.fetching}
      fault={fault}
      ready={statuses.length > 0}
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
        helperText={faultOf(fault, 'name') ?? 'For example: Tell the team about refunds'}
      />
      {!followUp && <WorkflowField label="When a run of" workflows={workflows} value={source} onChange={setSource} />}
      <Box>
        <FormLabel component="p">When it</FormLabel>
        <FormGroup row>
          {endings.map((status) => (
            <FormControlLabel
              key={status}
              label={endingWords[status]}
              control={<Checkbox checked={statuses.includes(status)} onChange={(_event, checked) => toggle(status, checked)} />}
            />
          ))}
        </FormGroup>
      </Box>
      <TextField
        label="Only if (optional)"
        value={condition}
        placeholder={'run.output.intent == "request_refund"'}
        onChange={(event) => setCondition(event.target.value)}
        error={faultOf(fault, 'condition') !== undefined}
        helperText={faultOf(fault, 'condition') ?? 'Something that must be true of the run: its output, its input, its tags.'}
      />
      {!followUp && (
        <WorkflowField
          label="Then start"
          workflows={workflows}
          value={target}
          onChange={(next) => {
            setTarget(next)
            setFields(needed(workflows.find(({ slug }) => slug === next)?.schema ?? {}, exampleOf))
          }}
        />
      )}
      {saved !== null && (
        <MappingFields
          schema={schema}
          value={fields}
          onChange={setFields}
          fault={fault}
          exampleOf={exampleOf}
          help="Where each field is taken from: run.output.intent is the intent in what the run gave, run.input.text the text that it was given. Words in quotes stand as they are. What is left empty is left out."
        />
      )}
    </TriggerDialog>
  )
}
