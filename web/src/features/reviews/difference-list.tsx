import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { JsonValue } from '../../ui/json-fields.tsx'
import { visuallyHidden } from '../../ui/states/visually-hidden.ts'
import { humanize } from '../../ui/words.ts'
import { wordDifference, type Difference, type Piece } from './differences.ts'

/** What would change, field by field: texts word by word, everything else before and after. */
export function DifferenceList({ differences }: { differences: Difference[] }) {
  return (
    <Box component="dl" aria-label="What would change" sx={{ m: 0, display: 'grid', gap: 1.5 }}>
      {differences.map(({ name, before, after }) => (
        <Box key={name}>
          <Typography component="dt" variant="body2" sx={{ color: 'text.secondary', mb: 0.5 }}>
            {humanize(name)}
          </Typography>
          <Box component="dd" sx={{ m: 0 }}>
            {isText(before) && isText(after) ? (
              <TextDifference before={before} after={after} />
            ) : (
              <Sides before={before} after={after} />
            )}
          </Box>
        </Box>
      ))}
    </Box>
  )
}

/** A single word or number is easier read as from and to. */
const isText = (value: unknown): value is string => typeof value === 'string' && /\s/.test(value.trim())

function TextDifference({ before, after }: { before: string; after: string }) {
  return (
    <Box sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', lineHeight: 1.6 }}>
      {wordDifference(before, after).map((piece, index) => (
        <Words key={index} piece={piece} />
      ))}
    </Box>
  )
}

/** Added and removed words differ by more than their colour, for the eye and for a screen reader. */
function Words({ piece: { text, kind } }: { piece: Piece }) {
  if (kind === 'same') return <span>{text}</span>
  const isNew = kind === 'new'
  return (
    <Box
      component={isNew ? 'ins' : 'del'}
      sx={{
        color: isNew ? 'success.main' : 'error.main',
        fontWeight: isNew ? 600 : 400,
        textDecoration: isNew ? 'underline' : 'line-through',
        textUnderlineOffset: '3px',
      }}
    >
      <Box component="span" sx={visuallyHidden}>
        {isNew ? ' new: ' : ' removed: '}
      </Box>
      {text}
      {!isNew && !/\s$/.test(text) && ' '}
    </Box>
  )
}

function Sides({ before, after }: { before: unknown; after: unknown }) {
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' }, gap: 1 }}>
      <Side name="Now" color="error.main" value={before} />
      <Side name="Then" color="success.main" value={after} />
    </Box>
  )
}

function Side({ name, color, value }: { name: string; color: string; value: unknown }) {
  return (
    <Box sx={{ borderLeft: 3, borderColor: color, pl: 1.5, minWidth: 0 }}>
      <Typography variant="caption" sx={{ color, fontWeight: 600 }}>
        {name}
      </Typography>
      {value === null || value === '' ? (
        <Typography sx={{ color: 'text.secondary' }}>Nothing</Typography>
      ) : (
        <JsonValue value={value} />
      )}
    </Box>
  )
}
