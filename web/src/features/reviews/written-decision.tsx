import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState, type KeyboardEvent, type SubmitEvent } from 'react'
import type { ReviewAction } from '../../gql/graphql.ts'
import { faultOf, type Fault } from '../../ui/errors.ts'
import { fromDraft, toDraft, type ObjectSchema } from '../../ui/schema-form/schema.ts'
import { SchemaForm } from '../../ui/schema-form/schema-form.tsx'
import type { Answer } from './decision-form.tsx'
import { answerSchema, changedFields, editSchema } from './proposal.ts'
import type { FullReview } from './review-detail.tsx'

export interface WrittenDecisionProps {
  review: FullReview
  action: ReviewAction
  fault: Fault | undefined
  sending: boolean
  onSend(answer: Answer): void
  onClose(): void
}

const words: Record<ReviewAction, { title: string; lead: string; send: string }> = {
  APPROVE: { title: 'Approve', lead: '', send: 'Approve' },
  EDIT: { title: 'Edit the proposal', lead: 'Change what is not right; the rest stays as proposed.', send: 'Approve as edited' },
  RESPOND: {
    title: 'Answer in your own words',
    lead: 'What you write takes the place of what is proposed.',
    send: 'Send this answer',
  },
  REJECT: { title: 'Reject', lead: 'What is proposed is not done.', send: 'Reject' },
}

const nothing: ObjectSchema = {}

/** The labels of the evidence: what the intent may be instead. */
const labelsOf = ({ evidence }: FullReview) => [...new Set(evidence.flatMap(({ label }) => label ?? []))]

/** The decisions that need words: an edit, an answer of one's own, a rejection. */
export function WrittenDecision({ review, action, fault, sending, onSend, onClose }: WrittenDecisionProps) {
  const schema =
    action === 'EDIT'
      ? editSchema(review.responseSchema, review.proposal)
      : action === 'RESPOND'
        ? answerSchema(review.responseSchema, review.proposal)
        : nothing
  const [draft, setDraft] = useState(() => toDraft(schema, action === 'EDIT' ? review.proposal : {}))
  const [comment, setComment] = useState('')
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [unchanged, setUnchanged] = useState(false)
  const { title, lead, send } = words[action]

  const submit = (event: SubmitEvent | KeyboardEvent) => {
    event.preventDefault()
    const parsed = fromDraft(schema, draft)
    setFaults(parsed.faults)
    if (Object.keys(parsed.faults).length > 0) return
    const value = action === 'EDIT' ? changedFields(parsed.value, review.proposal) : parsed.value
    const nothingChanged = action === 'EDIT' && Object.keys(value).length === 0
    setUnchanged(nothingChanged)
    if (nothingChanged) return
    onSend({ action, ...(action !== 'REJECT' && { value }), ...(comment.trim() && { comment: comment.trim() }) })
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose()
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
  }
  const shown = Object.fromEntries(
    Object.keys(schema.properties ?? {}).map((name) => [name, faults[name] ?? faultOf(fault, name)]),
  )

  return (
    <Box component="form" aria-label={title} onSubmit={submit} onKeyDown={keys} noValidate sx={{ display: 'grid', gap: 2 }}>
      <Box>
        <Typography variant="h3" component="h2">
          {title}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {lead}
        </Typography>
      </Box>
      <SchemaForm
        schema={schema}
        draft={draft}
        onChange={setDraft}
        faults={shown}
        suggestions={{ intent: labelsOf(review) }}
        autoFocus={action !== 'REJECT'}
      />
      <TextField
        label={action === 'REJECT' ? 'Why? (optional)' : 'Comment (optional)'}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
        autoFocus={action === 'REJECT'}
        multiline
        maxRows={6}
      />
      {unchanged && (
        <Typography role="alert" sx={{ color: 'warning.main' }}>
          Nothing is changed. To go on with the proposal as it is, approve it.
        </Typography>
      )}
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        <Button type="submit" variant="contained" color={action === 'REJECT' ? 'error' : 'primary'} loading={sending}>
          {send}
        </Button>
        <Button onClick={onClose} disabled={sending}>
          Back
        </Button>
      </Box>
    </Box>
  )
}
