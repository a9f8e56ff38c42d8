import AlarmOutlined from '@mui/icons-material/AlarmOutlined'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import Checkbox from '@mui/material/Checkbox'
import Typography from '@mui/material/Typography'
import { Link } from 'react-router'
import type { ReviewRowFragment } from '../../gql/graphql.ts'
import { nameOf } from '../../ui/actor-name.ts'
import { formatShare } from '../../ui/format/numbers.ts'
import { dueWords, formatAge, type Urgency } from '../../ui/format/time.ts'
import { useNow } from '../../ui/format/use-now.ts'
import { decidedWords, humanize } from '../../ui/words.ts'
import { proposalOf } from './proposal.ts'
import type { ReviewList } from './review-list.ts'
import type { Selection } from './use-selection.ts'

export interface ReviewQueueProps {
  list: ReviewList
  selected: string | undefined
  decided: boolean
  /** Query string that the links keep. */
  search: string
  /** What is chosen to be decided together; absent where nothing is to be decided. */
  selection: Selection | undefined
}

const urgencyColor: Record<Urgency, string> = {
  none: 'text.secondary',
  calm: 'text.secondary',
  soon: 'warning.main',
  overdue: 'error.main',
}

export function ReviewQueue({ list, selected, decided, search, selection }: ReviewQueueProps) {
  const now = useNow(5_000)
  return (
    <Box sx={{ maxHeight: { md: 'calc(100dvh - 190px)' }, overflowY: 'auto' }}>
      <Box component="ul" aria-label="Reviews" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {list.reviews.map((review) => (
          <Item
            key={review.id}
            review={review}
            current={review.id === selected}
            decided={decided}
            search={search}
            now={now}
            selection={selection}
          />
        ))}
      </Box>
      {list.totalCount > list.reviews.length && (
        <Typography variant="body2" sx={{ color: 'text.secondary', p: 2 }}>
          {list.totalCount - list.reviews.length} more follow when these are done.
        </Typography>
      )}
    </Box>
  )
}

/** Who is at it, or whose it is, and whether several must agree. */
function holderOf({ claimedBy, assignee, quorum }: ReviewRowFragment): string {
  if (quorum > 1 && !claimedBy && !assignee) return ` ${quorum} must agree`
  if (claimedBy) return ` · ${nameOf({ __typename: 'User', ...claimedBy })} is at it`
  return assignee ? ` · for ${nameOf({ __typename: 'User', ...assignee })}` : ''
}

interface ItemProps {
  review: ReviewRowFragment
  current: boolean
  decided: boolean
  search: string
  now: number
  selection: Selection | undefined
}

function Item({ review, current, decided, search, now, selection }: ItemProps) {
  const { text, intent } = proposalOf(review)
  const due = dueWords(review.dueAt, now)
  return (
    <Box
      component="li"
      sx={{
        display: 'flex',
        borderBottom: 1,
        borderColor: 'divider',
        '&:last-child': { borderBottom: 0 },
        borderLeft: 4,
        borderLeftColor: current ? 'primary.main' : 'transparent',
        bgcolor: current ? 'action.selected' : 'transparent',
      }}
    >
      {selection && (
        <Checkbox
          size="small"
          checked={selection.has(review.id) && review.canDecide.allowed}
          disabled={!review.canDecide.allowed}
          onChange={() => selection.toggle(review.id)}
          slotProps={{ input: { 'aria-label': `Choose: ${text || review.question}` } }}
          sx={{ alignSelf: 'start', mt: 1, ml: 0.5, mr: -1 }}
        />
      )}
      <ButtonBase
        component={Link}
        to={{ pathname: `/reviews/${review.id}`, search }}
        aria-current={current ? 'true' : undefined}
        sx={{
          display: 'block',
          flex: 1,
          minWidth: 0,
          textAlign: 'left',
          px: 2,
          py: 1.5,
          '&:hover': { bgcolor: 'action.hover' },
        }}
      >
        <Typography
          sx={{ fontWeight: 600, display: '-webkit-box', WebkitLineClamp: 2, WebkitBoxOrient: 'vertical', overflow: 'hidden' }}
        >
          {text || review.question}
        </Typography>
        <Box
          sx={{ display: 'flex', gap: 1, justifyContent: 'space-between', mt: 0.5, fontSize: '0.8rem', color: 'text.secondary' }}
        >
          <span>
            {intent && `${humanize(intent)}?`}
            {review.confidence != null && ` ${formatShare(review.confidence)}`}
            {holderOf(review)}
          </span>
          {decided ? (
            <span>
              {review.decision
                ? `${nameOf(review.decision.decidedBy)} ${decidedWords(review.decision.action)}`
                : humanize(review.status)}
            </span>
          ) : (
            <Box
              component="span"
              sx={{
                color: urgencyColor[due.urgency],
                fontWeight: 600,
                display: 'inline-flex',
                gap: 0.5,
                alignItems: 'center',
                whiteSpace: 'nowrap',
              }}
            >
              {due.urgency !== 'none' && due.urgency !== 'calm' && <AlarmOutlined sx={{ fontSize: 15 }} />}
              {due.urgency === 'none' ? formatAge(review.openedAt, now) : due.words}
            </Box>
          )}
        </Box>
      </ButtonBase>
    </Box>
  )
}
