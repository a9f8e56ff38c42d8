import Box from '@mui/material/Box'
import Chip from '@mui/material/Chip'
import Typography from '@mui/material/Typography'
import { formatShare } from './format/numbers.ts'
import { humanize } from './words.ts'

export interface EvidenceHit {
  documentId: string
  title?: string | null
  text: string
  /** 0 to 1. */
  score: number
  label?: string | null
}

export interface EvidenceListProps {
  hits: EvidenceHit[]
  /** The label that was proposed: evidence that says otherwise stands out. */
  label?: string | undefined
}

/** What the machine looked at, nearest first. */
export function EvidenceList({ hits, label }: EvidenceListProps) {
  if (hits.length === 0) return <Typography sx={{ color: 'text.secondary' }}>Nothing similar was found.</Typography>
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1 }}>
      {hits.map((hit, place) => (
        <Box
          component="li"
          key={`${hit.documentId} ${place}`}
          sx={{ border: 1, borderColor: 'divider', borderRadius: 2, p: 1.25 }}
        >
          <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', mb: 0.5, flexWrap: 'wrap' }}>
            {hit.label && (
              <Chip
                size="small"
                variant={label === undefined || hit.label === label ? 'filled' : 'outlined'}
                color={hit.label === label ? 'success' : 'default'}
                label={humanize(hit.label)}
              />
            )}
            <Typography variant="body2" sx={{ color: 'text.secondary', ml: 'auto', fontVariantNumeric: 'tabular-nums' }}>
              {formatShare(hit.score)} alike
            </Typography>
          </Box>
          {hit.title && hit.title !== hit.text && <Typography sx={{ fontWeight: 600 }}>{hit.title}</Typography>}
          <Typography variant="body2">{hit.text}</Typography>
        </Box>
      ))}
    </Box>
  )
}
