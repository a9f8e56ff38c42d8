import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Chip from '@mui/material/Chip'
import Skeleton from '@mui/material/Skeleton'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState, type SubmitEvent } from 'react'
import { useQuery } from 'urql'
import type { TrySearchQuery } from '../../gql/graphql.ts'
import { formatShare } from '../../ui/format/numbers.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { humanize } from '../../ui/words.ts'
import { citationWords } from './knowledge-words.ts'
import { TrySearchDocument } from './knowledge.documents.ts'

type Answer = TrySearchQuery['knowledgeAnswers'][number]

/** Asks the base as a run would, and shows what it would rest on. */
export function TryPanel({ baseId }: { baseId: string }) {
  const [draft, setDraft] = useState('')
  const [text, setText] = useState('')
  const [{ data, error, fetching }, ask] = useQuery({
    query: TrySearchDocument,
    variables: { input: { knowledgeBase: baseId, texts: [text], limit: 8 } },
    pause: text === '',
    requestPolicy: 'network-only',
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (draft.trim() === text) ask({ requestPolicy: 'network-only' })
    setText(draft.trim())
  }
  const answer = text === '' ? undefined : data?.knowledgeAnswers[0]
  return (
    <Panel title="Try a search">
      <Box component="form" onSubmit={submit} sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', mb: 1.5 }}>
        <TextField
          required
          label="Question"
          placeholder="What a client might ask"
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          sx={{ flex: '1 1 220px' }}
        />
        <Button type="submit" variant="outlined" sx={{ minHeight: 40 }}>
          Find passages
        </Button>
      </Box>
      <Box aria-live="polite" aria-busy={fetching}>
        {fetching && <Skeleton variant="rounded" height={120} />}
        {!fetching && error && <ErrorState error={error} onRetry={() => ask({ requestPolicy: 'network-only' })} />}
        {!fetching && !error && answer && <Found answer={answer} />}
        {text === '' && (
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            See which passages a run would find, and where they come from.
          </Typography>
        )}
      </Box>
    </Panel>
  )
}

function Found({ answer: { label, confidence, automatic, hits } }: { answer: Answer }) {
  if (hits.length === 0) return <Typography sx={{ color: 'text.secondary' }}>Nothing in this base resembles it.</Typography>
  return (
    <>
      {label && (
        <Typography sx={{ mb: 1.5 }}>
          The examples say <strong>{humanize(label)}</strong>, {formatShare(confidence)} sure.{' '}
          {automatic ? 'Sure enough to decide alone.' : 'A person would be asked.'}
        </Typography>
      )}
      <Box component="ol" aria-label="Passages" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1 }}>
        {hits.map((hit) => (
          <Box
            component="li"
            key={`${hit.documentId} ${hit.ordinal}`}
            sx={{ border: 1, borderColor: 'divider', borderRadius: 2, p: 1.5, minWidth: 0 }}
          >
            {hit.title && <Typography sx={{ fontWeight: 600 }}>{hit.title}</Typography>}
            <Typography variant="body2" sx={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
              {hit.text}
            </Typography>
            <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap', mt: 1 }}>
              {hit.label && <Chip size="small" label={humanize(hit.label)} />}
              <Typography variant="body2" component="cite" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
                {citationWords(hit)}
              </Typography>
              <Typography variant="body2" sx={{ color: 'text.secondary', ml: 'auto' }}>
                {formatShare(hit.score)} alike
              </Typography>
            </Box>
          </Box>
        ))}
      </Box>
    </>
  )
}
