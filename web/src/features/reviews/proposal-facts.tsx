import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { JsonFields, JsonValue, Quote } from '../../ui/json-fields.tsx'
import { humanize } from '../../ui/words.ts'
import { DifferenceList } from './difference-list.tsx'
import { differencesOf } from './differences.ts'
import type { FullReview } from './review-detail.tsx'
import { proposalOf, SHOWN_KEYS } from './proposal.ts'

/** What is proposed, of any shape: what a request and its reply are at their places, everything else by name. */
export function ProposalFacts({ review }: { review: FullReview }) {
  const { text, intent, action, reply, reason } = proposalOf(review)
  const differences = differencesOf(review.before, review.proposal)
  const changed = new Set(differences.map(({ name }) => name))
  return (
    <Box sx={{ display: 'grid', gap: 2, minWidth: 0 }}>
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
      {reply && !changed.has('reply') && (
        <Fact name="Proposed reply">
          <Quote text={reply} />
        </Fact>
      )}
      {reason && <Fact name="Why you are asked">{reason}</Fact>}
      <JsonFields value={review.proposal} omit={[...SHOWN_KEYS, ...changed]} />
      {differences.length > 0 && (
        <Boxed name="What would change">
          <DifferenceList differences={differences} />
        </Boxed>
      )}
      {review.before != null && differences.length === 0 && <Fact name="What would change">Nothing: it is so already.</Fact>}
      {review.effect != null && (
        <Boxed name="What would be done outside">
          <JsonValue value={review.effect} />
        </Boxed>
      )}
    </Box>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Box sx={{ minWidth: 0 }}>
      <Typography variant="body2" sx={{ color: 'text.secondary', mb: 0.5 }}>
        {name}
      </Typography>
      <Box>{children}</Box>
    </Box>
  )
}

function Boxed({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Box component="section" aria-label={name} sx={{ border: 1, borderColor: 'divider', borderRadius: 2, p: 1.5, minWidth: 0 }}>
      <Typography sx={{ fontWeight: 600, mb: 1 }}>{name}</Typography>
      {children}
    </Box>
  )
}
