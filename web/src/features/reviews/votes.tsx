import HowToVoteOutlined from '@mui/icons-material/HowToVoteOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { nameOf } from '../../ui/actor-name.ts'
import { formatAge } from '../../ui/format/time.ts'
import { useNow } from '../../ui/format/use-now.ts'
import { JsonFields } from '../../ui/json-fields.tsx'
import { useViewer } from '../../ui/session/viewer.ts'
import { decidedWords } from '../../ui/words.ts'
import type { Answer } from './decision-form.tsx'
import type { FullReview } from './review-detail.tsx'

type Vote = FullReview['votes'][number]

export interface VotesProps {
  review: FullReview
  /** Wants the same as somebody else; absent where the viewer may not decide. */
  onAgree: ((answer: Answer) => void) | undefined
}

/** Where several must agree: how far they are, and what each wants. */
export function Votes({ review: { votes, quorum, status }, onAgree }: VotesProps) {
  const now = useNow(10_000)
  const { actor } = useViewer()
  if (quorum === 1) return null
  const most = Math.max(
    0,
    ...votes.filter(({ action }) => action !== 'REJECT').map((vote) => votes.filter((other) => isSame(vote, other)).length),
  )
  const isOwn = ({ voter }: Vote) => voter?.__typename === 'User' && actor.__typename === 'User' && voter.id === actor.id
  const own = votes.find(isOwn)
  return (
    <Box
      component="section"
      aria-label="Agreement"
      sx={{ border: 1, borderColor: 'divider', borderRadius: 2, p: 1.5, display: 'grid', gap: 1 }}
    >
      <Typography sx={{ fontWeight: 600, display: 'flex', gap: 1, alignItems: 'center' }} role="status">
        <HowToVoteOutlined aria-hidden fontSize="small" />
        {most} of {quorum} agree
      </Typography>
      {votes.map((vote) => (
        <Box key={`${vote.voter?.__typename}${vote.votedAt}`} sx={{ display: 'grid', gap: 0.5 }}>
          <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
            <Typography variant="body2">
              <strong>{isOwn(vote) ? 'You' : nameOf(vote.voter)}</strong> {decidedWords(vote.action)}{' '}
              {formatAge(vote.votedAt, now)}
              {vote.comment && <>: “{vote.comment}”</>}
            </Typography>
            {onAgree && status === 'OPEN' && !isOwn(vote) && vote.value != null && !(own && isSame(own, vote)) && (
              <Button size="small" variant="outlined" onClick={() => onAgree({ action: vote.action, value: vote.value })}>
                Agree with this
              </Button>
            )}
          </Box>
          {vote.value != null && <JsonFields value={vote.value} />}
        </Box>
      ))}
      {own && status === 'OPEN' && (
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          Until it is decided you may change your mind.
        </Typography>
      )}
    </Box>
  )
}

const isSame = (one: Vote, other: Vote) =>
  one.action === other.action && JSON.stringify(one.value) === JSON.stringify(other.value)
