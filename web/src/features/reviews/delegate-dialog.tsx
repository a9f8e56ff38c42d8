import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState, type SubmitEvent } from 'react'
import { useMutation, useQuery } from 'urql'
import { describeError } from '../../ui/errors.ts'
import { useViewer } from '../../ui/session/viewer.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { roleWords } from '../../ui/words.ts'
import { ColleaguesDocument, DelegateReviewDocument } from './review.documents.ts'
import type { FullReview } from './review-detail.tsx'
import { mayBeHanded } from './review-words.ts'

export interface DelegateDialogProps {
  review: FullReview
  onClose(): void
  onDone(): void
}

/** Hands a decision to somebody who may take it. */
export function DelegateDialog({ review, onClose, onDone }: DelegateDialogProps) {
  const { actor, organization } = useViewer()
  const [{ data, error, fetching }, reload] = useQuery({ query: ColleaguesDocument, variables: { id: organization.id } })
  const [{ fetching: sending, error: refused }, delegate] = useMutation(DelegateReviewDocument)
  const [to, setTo] = useState('')
  const [comment, setComment] = useState('')
  const found = data?.organization
  const people = [...(found?.members.nodes ?? []), ...(found?.agencyAccess?.people ?? [])].flatMap(({ user, role }) => {
    const isOneself = actor.__typename === 'User' && user?.id === actor.id
    return user && !isOneself && mayBeHanded(role, review.role) ? [{ user, role }] : []
  })
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const result = await delegate({ input: { reviewId: review.id, to, comment: comment.trim() || null } })
    if (!result.data) return
    onDone()
    onClose()
  }
  return (
    <Dialog open onClose={onClose} maxWidth="xs" fullWidth aria-labelledby="delegate-title">
      <form onSubmit={(event) => void submit(event)}>
        <DialogTitle id="delegate-title">Hand to a colleague</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          {error && !data && <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
          {!error && !fetching && people.length === 0 && <Typography>Nobody else here may decide this.</Typography>}
          {people.length > 0 && (
            <>
              <TextField select label="Who" value={to} onChange={(event) => setTo(event.target.value)} required sx={{ mt: 1 }}>
                {people.map(({ user, role }) => (
                  <MenuItem key={user.id} value={user.id}>
                    {user.displayName ?? 'Somebody'} ({roleWords(role)})
                  </MenuItem>
                ))}
              </TextField>
              <TextField
                label="What they should know (optional)"
                value={comment}
                onChange={(event) => setComment(event.target.value)}
                multiline
                maxRows={6}
              />
              <Typography variant="body2" sx={{ color: 'text.secondary' }}>
                They are told by mail. It stays in the list of hands that this went through.
              </Typography>
            </>
          )}
          {refused && <Alert severity="error">{describeError(refused).detail}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" loading={sending} disabled={to === ''}>
            Hand on
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
