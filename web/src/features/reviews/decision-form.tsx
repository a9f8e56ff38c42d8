import CheckOutlined from '@mui/icons-material/CheckOutlined'
import CloseOutlined from '@mui/icons-material/CloseOutlined'
import EditOutlined from '@mui/icons-material/EditOutlined'
import ReplyOutlined from '@mui/icons-material/ReplyOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useRef, useState } from 'react'
import { useMutation } from 'urql'
import type { ReviewAction } from '../../gql/graphql.ts'
import { describeError, type Fault } from '../../ui/errors.ts'
import { Key } from './key-help.tsx'
import { DecideReviewDocument } from './review.documents.ts'
import type { FullReview } from './review-detail.tsx'
import { useActiveClock } from './use-active-ms.ts'
import { useShortcuts } from './use-shortcuts.ts'
import { WrittenDecision } from './written-decision.tsx'

export interface DecisionFormProps {
  review: FullReview
  /** Why the last answer was refused. */
  fault: Fault | undefined
  onRefused(fault: Fault | undefined): void
  /** Reads the review again: it is not what was looked at any more. */
  refresh(): void
  onDecided(): void
}

export interface Answer {
  action: ReviewAction
  value?: unknown
  comment?: string
}

const choices = [
  { action: 'EDIT', label: 'Edit', key: 'e', icon: <EditOutlined /> },
  { action: 'RESPOND', label: 'Answer', key: 'w', icon: <ReplyOutlined /> },
  { action: 'REJECT', label: 'Reject', key: 'r', icon: <CloseOutlined /> },
] as const

/** The four ways to decide. Approving takes one press; the others open a form. */
export function DecisionForm({ review, fault, onRefused, refresh, onDecided }: DecisionFormProps) {
  const [writing, setWriting] = useState<ReviewAction | null>(null)
  const [{ fetching }, decide] = useMutation(DecideReviewDocument)
  const clock = useActiveClock()
  const approve = useRef<HTMLButtonElement>(null)

  const send = async (answer: Answer) => {
    const result = await decide({
      input: { reviewId: review.id, checkpointId: review.checkpointId, activeMs: clock.elapsed, ...answer },
    })
    const refused = result.error && describeError(result.error)
    onRefused(refused)
    if (result.data) onDecided()
    else if (refused && ['CONFLICT', 'PRECONDITION_FAILED', 'NOT_FOUND'].includes(refused.code)) refresh()
  }
  const may = (action: ReviewAction) => review.allowedActions.includes(action)
  const open = (action: ReviewAction) => (may(action) ? () => setWriting(action) : undefined)
  useShortcuts({
    a: may('APPROVE') ? () => approve.current?.focus() : undefined,
    e: open('EDIT'),
    w: open('RESPOND'),
    r: open('REJECT'),
  })

  return (
    <Box role="group" aria-label="Decision" sx={{ display: 'grid', gap: 2 }}>
      {writing !== null ? (
        <WrittenDecision
          key={writing}
          review={review}
          action={writing}
          fault={fault}
          sending={fetching}
          onSend={(answer) => void send(answer)}
          onClose={() => setWriting(null)}
        />
      ) : (
        <Box
          sx={{
            display: 'flex',
            flexWrap: 'wrap',
            gap: 1,
            position: { xs: 'sticky', md: 'static' },
            bottom: 'calc(64px + env(safe-area-inset-bottom))',
            bgcolor: 'background.paper',
            py: { xs: 1, md: 0 },
            zIndex: 5,
          }}
        >
          {may('APPROVE') && (
            <Button
              ref={approve}
              variant="contained"
              color="success"
              startIcon={<CheckOutlined />}
              loading={fetching}
              onClick={() => void send({ action: 'APPROVE' })}
              aria-keyshortcuts="a"
              sx={{ flex: { xs: '1 1 100%', sm: '0 0 auto' } }}
            >
              Approve <Hint name="a" />
            </Button>
          )}
          {choices.map(
            ({ action, label, key, icon }) =>
              may(action) && (
                <Button
                  key={action}
                  variant="outlined"
                  color={action === 'REJECT' ? 'error' : 'primary'}
                  startIcon={icon}
                  disabled={fetching}
                  onClick={() => setWriting(action)}
                  aria-keyshortcuts={key}
                  sx={{ flex: { xs: '1 1 0', sm: '0 0 auto' } }}
                >
                  {label} <Hint name={key} />
                </Button>
              ),
          )}
        </Box>
      )}
    </Box>
  )
}

/** The key beside a label, where there is a keyboard. */
function Hint({ name }: { name: string }) {
  return (
    <Box aria-hidden component="span" sx={{ ml: 1, display: { xs: 'none', md: 'inline' } }}>
      <Key name={name} />
    </Box>
  )
}
