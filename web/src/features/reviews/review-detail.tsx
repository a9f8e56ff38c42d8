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
import type { Fault } from '../../ui/errors.ts'
import { useLive } from '../../ui/live/use-live.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { DecisionForm } from './decision-form.tsx'
import { DecisionNotice } from './decision-notice.tsx'
import { Handling } from './handling.tsx'
import { Refusal } from './refusal.tsx'
import { ReviewDocument, ReviewsChangedDocument } from './review.documents.ts'
import { proposalOf } from './proposal.ts'
import { ProposalFacts } from './proposal-facts.tsx'
import { Deliveries, Handovers } from './review-trail.tsx'
import { useDecision } from './use-decision.ts'
import { Votes } from './votes.tsx'
import { WhoDecides } from './who-decides.tsx'

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
  // Kept here: the form goes when somebody else has decided, and the reason must not go with it.
  const [fault, setFault] = useState<Fault>()
  const { send, sending } = useDecision({ review, onRefused: setFault, refresh, onDecided: onNext })
  const { allowed, reason } = review.canDecide
  const open = review.status === 'OPEN'
  return (
    <>
      <Card component="section" aria-label="Review" sx={{ p: { xs: 2, md: 3 }, display: 'grid', gap: 2.5, minWidth: 0 }}>
        <Header review={review} />
        {open && <Handling review={review} onRefused={setFault} refresh={refresh} />}
        <ProposalFacts review={review} />
        {fault && <Refusal fault={fault} />}
        <DecisionNotice review={review} />
        <Votes review={review} onAgree={allowed && !sending ? (answer) => void send(answer) : undefined} />
        {open && allowed && <DecisionForm review={review} fault={fault} sending={sending} onSend={send} />}
        {open && !allowed && <Typography sx={{ color: 'text.secondary' }}>{reason}</Typography>}
      </Card>
      {(review.evidence.length > 0 || intent) && (
        <Panel title="Evidence">
          <EvidenceList hits={review.evidence} label={intent} />
        </Panel>
      )}
      <Deliveries deliveries={review.deliveries} />
      <Handovers handovers={review.handovers} />
    </>
  )
}

function Header({ review }: { review: FullReview }) {
  const { threshold } = proposalOf(review)
  return (
    <Box>
      <Typography variant="h2" component="h1" sx={{ fontSize: '1.25rem' }}>
        {review.question}
      </Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.5 }}>
        {review.confidence != null && `Confidence ${formatShare(review.confidence)}`}
        {threshold !== undefined && ` (a person is asked below ${formatShare(threshold)})`}
        {review.confidence != null && ' · '}
        <Link component={RouterLink} to={`/runs/${review.run.id}`}>
          {review.run.workflow.name}: see the run
        </Link>
      </Typography>
      {review.status === 'OPEN' && (
        <Box sx={{ mt: 1 }}>
          <WhoDecides review={review} />
        </Box>
      )}
    </Box>
  )
}
