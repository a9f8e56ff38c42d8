import Box from '@mui/material/Box'
import type { ReactNode } from 'react'
import { nameOf } from '../../ui/actor-name.ts'
import { formatMoment } from '../../ui/format/time.ts'
import { inOrder, scopeWords } from '../../ui/scope-words.ts'
import type { AuditEntry } from './audit-csv.ts'
import { detailsInWords, targetWords } from './audit-details.ts'

/** All that is known of an entry: names and words first, the ids that a search finds after them. */
export function Particulars({ entry }: { entry: AuditEntry }) {
  const { actor, actorId, person, target, scopes } = entry
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        px: { xs: 0.5, sm: 1 },
        pb: 2,
        display: 'grid',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: '110px minmax(0, 1fr)' },
        columnGap: 2,
        rowGap: { xs: 0.25, sm: 0.75 },
        fontSize: '0.875rem',
      }}
    >
      <Field name="When">{formatMoment(entry.at)}</Field>
      <Field name="Who">{actorId && <Named name={nameOf(actor)} id={actorId} />}</Field>
      <Field name="Done to">{target && <Named name={person?.displayName ?? targetWords(target.type)} id={target.id} />}</Field>
      <Field name="Details">{detailsInWords(entry.details).join(' · ')}</Field>
      <Field name="Rights">{inOrder(scopes).map(scopeWords).join(' · ')}</Field>
      <Field name="Network">{entry.source}</Field>
      <Field name="Action">
        <Id>{entry.action}</Id>
      </Field>
      <Field name="Operation">{entry.operation && <Id>{entry.operation}</Id>}</Field>
      <Field name="Request">{entry.requestId && <Id>{entry.requestId}</Id>}</Field>
      <Field name="Entry">
        <Named name={`No. ${entry.sequence.toLocaleString('en')}`} id={entry.hash} />
      </Field>
    </Box>
  )
}

function Named({ name, id }: { name: string; id: string }) {
  return (
    <>
      {name} <Id>{id}</Id>
    </>
  )
}

function Id({ children }: { children: string }) {
  return (
    <Box component="code" sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
      {children}
    </Box>
  )
}

function Field({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null
  return (
    <>
      <Box component="dt" sx={{ color: 'text.secondary', mt: { xs: 0.75, sm: 0 } }}>
        {name}
      </Box>
      <Box component="dd" sx={{ m: 0, overflowWrap: 'anywhere' }}>
        {children}
      </Box>
    </>
  )
}
