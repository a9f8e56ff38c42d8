import CheckOutlined from '@mui/icons-material/CheckOutlined'
import CloseOutlined from '@mui/icons-material/CloseOutlined'
import EditOutlined from '@mui/icons-material/EditOutlined'
import ReplyOutlined from '@mui/icons-material/ReplyOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useRef, useState } from 'react'
import type { ReviewAction } from '../../gql/graphql.ts'
import type { Fault } from '../../ui/errors.ts'
import { Key } from './key-help.tsx'
import type { FullReview } from './review-detail.tsx'
import { useShortcuts } from './use-shortcuts.ts'
import { WrittenDecision } from './written-decision.tsx'

export interface DecisionFormProps {
  review: FullReview
  /** Why the last answer was refused. */
  fault: Fault | undefined
  sending: boolean
  /** Gives whether it was taken. */
  onSend(answer: Answer): Promise<boolean>
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
export function DecisionForm({ review, fault, sending, onSend }: DecisionFormProps) {
  const [writing, setWriting] = useState<ReviewAction | null>(null)
  const approve = useRef<HTMLButtonElement>(null)

  /** One that waits for others to agree leaves the review open, but not the form. */
  const write = async (answer: Answer) => {
    if (await onSend(answer)) setWriting(null)
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
          sending={sending}
          onSend={(answer) => void write(answer)}
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
              loading={sending}
              onClick={() => void onSend({ action: 'APPROVE' })}
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
                  disabled={sending}
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
