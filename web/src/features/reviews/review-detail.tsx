import ArrowBackOutlined from '@mui/icons-material/ArrowBackOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import Link from '@mui/material/Link'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { ReviewQuery } from '../../gql/graphql.ts'
import { EvidenceList } from '../../ui/evidence-list.tsx'
import { formatShare } from '../../ui/format/numbers.ts'
import { dueWords } from '../../ui/format/time.ts'
import { useNow } from '../../ui/format/use-now.ts'
import type { Fault } from '../../ui/errors.ts'
import { useLive } from '../../ui/live/use-live.ts'
import { JsonFields, Quote } from '../../ui/json-fields.tsx'
import { useCan } from '../../ui/session/viewer.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { humanize } from '../../ui/words.ts'
import { DecisionForm } from './decision-form.tsx'
import { DecisionNotice } from './decision-notice.tsx'
import { Refusal } from './refusal.tsx'
import { ReviewDocument, ReviewsChangedDocument } from './review.documents.ts'
import { proposalOf, SHOWN_KEYS } from './proposal.ts'

export type FullReview = NonNullable<ReviewQuery['review']>

export interface ReviewDetailProps {
  id: string
  onBack: (() => void) | undefined
  /** Goes on with the next review of the queue. */
  onNext(): void
}

export function ReviewDetail({ id, onBack, onNext }: ReviewDetailProps) {
  const [{ data, error }, reload] = useQuery({ query: ReviewDocument, variables: { id }, requestPolicy: 'cache-and-network' })
  const refresh = () => reload({ requestPolicy: 'network-only' })
  useLive({
    document: ReviewsChangedDocument,
    variables: { filter: { status: ['OPEN'] } },
    onEvent: ({ reviewsChanged }) => reviewsChanged.review.id === id && refresh(),
    onGap: refresh,
  })
  const review = data?.review
  return (
    <Box sx={{ display: 'grid', gap: 2, minWidth: 0 }}>
      {onBack && (
        <Button onClick={onBack} startIcon={<ArrowBackOutlined />} size="small" sx={{ justifySelf: 'start' }}>
          All reviews
        </Button>
      )}
      {review && <Body review={review} refresh={refresh} onNext={onNext} />}
      {!review && error && <ErrorState error={error} onRetry={refresh} />}
      {!review && !error && <Skeleton variant="rounded" height={420} />}
    </Box>
  )
}

function Body({ review, refresh, onNext }: { review: FullReview; refresh(): void; onNext(): void }) {
  const { intent } = proposalOf(review)
  const mayDecide = useCan('hitl:decide')
  // Kept here: the form goes when somebody else has decided, and the reason must not go with it.
  const [fault, setFault] = useState<Fault>()
  return (
    <>
      <Card component="section" aria-label="Review" sx={{ p: { xs: 2, md: 3 }, display: 'grid', gap: 2.5 }}>
        <Header review={review} />
        <Facts review={review} />
        {fault && <Refusal fault={fault} />}
        <DecisionNotice review={review} />
        {review.status === 'OPEN' && mayDecide && (
          <DecisionForm review={review} fault={fault} onRefused={setFault} refresh={refresh} onDecided={onNext} />
        )}
        {review.status === 'OPEN' && !mayDecide && (
          <Typography sx={{ color: 'text.secondary' }}>Your role may look at this review, but not decide it.</Typography>
        )}
      </Card>
      <Panel title="Evidence">
        <EvidenceList hits={review.evidence} label={intent} />
      </Panel>
    </>
  )
}

function Header({ review }: { review: FullReview }) {
  const now = useNow(5_000)
  const due = dueWords(review.dueAt, now)
  const { threshold } = proposalOf(review)
  return (
    <Box>
      <Typography variant="h2" component="h1" sx={{ fontSize: '1.25rem' }}>
        {review.question}
      </Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.5 }}>
        {review.confidence != null && `Confidence ${formatShare(review.confidence)}`}
        {threshold !== undefined && ` (a person is asked below ${formatShare(threshold)})`}
        {review.status === 'OPEN' && due.urgency !== 'none' && (
          <Box
            component="span"
            sx={due.urgency === 'calm' ? {} : { color: 'error.main', fontWeight: 600 }}
          >{` · ${due.words}`}</Box>
        )}
        {' · '}
        <Link component={RouterLink} to={`/runs/${review.run.id}`}>
          {review.run.workflow.name}: see the run
        </Link>
      </Typography>
    </Box>
  )
}

function Facts({ review }: { review: FullReview }) {
  const { text, intent, action, reply, reason } = proposalOf(review)
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      {text && (
        <Fact name="The customer wrote">
          <Quote text={text} />
        </Fact>
      )}
      {(intent || action) && (
        <Box sx={{ display: 'flex', gap: 4, flexWrap: 'wrap' }}>
          {intent && <Fact name="Proposed intent">{<strong>{humanize(intent)}</strong>}</Fact>}
          {action && <Fact name="What happens then">{<strong>{humanize(action)}</strong>}</Fact>}
        </Box>
      )}
      {reply && (
        <Fact name="Proposed reply">
          <Quote text={reply} />
        </Fact>
      )}
      {reason && <Fact name="Why you are asked">{reason}</Fact>}
      <JsonFields value={review.proposal} omit={SHOWN_KEYS} />
    </Box>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <Box>
      <Typography variant="body2" sx={{ color: 'text.secondary', mb: 0.5 }}>
        {name}
      </Typography>
      <Box>{children}</Box>
    </Box>
  )
}
