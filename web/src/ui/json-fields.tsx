import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { rowsOf } from './json-rows.ts'
import { JsonTable } from './json-table.tsx'
import { humanize } from './words.ts'

export interface JsonFieldsProps {
  value: unknown
  /** Keys that are shown elsewhere. */
  omit?: string[]
}

/** A JSON value for people: an object as named fields, long text as a quotation, a list of alike objects as a table. */
export function JsonFields({ value, omit = [] }: JsonFieldsProps) {
  if (value === null || value === undefined) return <Typography sx={{ color: 'text.secondary' }}>Nothing.</Typography>
  if (typeof value !== 'object' || Array.isArray(value)) return <JsonValue value={value} />
  const entries = Object.entries(value).filter(([key, entry]) => !omit.includes(key) && entry !== null && entry !== '')
  return (
    <Box component="dl" sx={{ m: 0, display: 'grid', gap: 1.25 }}>
      {entries.map(([key, entry]) => (
        <Box key={key} sx={{ minWidth: 0 }}>
          <Typography component="dt" variant="body2" sx={{ color: 'text.secondary' }}>
            {humanize(key)}
          </Typography>
          <Box component="dd" sx={{ m: 0, mt: 0.25 }}>
            <JsonValue value={entry} />
          </Box>
        </Box>
      ))}
    </Box>
  )
}

/** One value; objects within objects are shown as they are written from the third level on. */
export function JsonValue({ value, depth = 0 }: { value: unknown; depth?: number }) {
  if (typeof value === 'boolean') return <Typography>{value ? 'Yes' : 'No'}</Typography>
  if (typeof value === 'number') return <Typography>{Number(value.toFixed(4)).toLocaleString('en')}</Typography>
  if (typeof value === 'string') return <Text text={value} />
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
    return <Typography>{value.join(', ') || 'None'}</Typography>
  const rows = rowsOf(value)
  if (rows !== null) return <JsonTable rows={rows} />
  if (depth > 1 || Array.isArray(value) || value === null) return <Code value={value} />
  return (
    <Box sx={{ pl: 1.5, borderLeft: 1, borderColor: 'divider', display: 'grid', gap: 1 }}>
      {Object.entries(value as object).map(([key, entry]) => (
        <Box key={key}>
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {humanize(key)}
          </Typography>
          <JsonValue value={entry} depth={depth + 1} />
        </Box>
      ))}
    </Box>
  )
}

/** A document that the platform keeps is a link to it. */
function Text({ text }: { text: string }) {
  if (/^\/artifacts\/[\w-]+$/.test(text)) return <Link href={text}>Open the document</Link>
  return text.length > 80 ? <Quote text={text} /> : <Typography sx={{ overflowWrap: 'anywhere' }}>{text}</Typography>
}

/** Somebody's words, kept as they were written. */
export function Quote({ text }: { text: string }) {
  return (
    <Box
      component="blockquote"
      sx={{ m: 0, pl: 1.5, borderLeft: 3, borderColor: 'primary.light', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
    >
      {text}
    </Box>
  )
}

export function Code({ value }: { value: unknown }) {
  return (
    <Box
      component="pre"
      tabIndex={0}
      sx={{
        m: 0,
        p: 1.25,
        borderRadius: 2,
        bgcolor: 'action.hover',
        fontSize: '0.8rem',
        overflow: 'auto',
        maxHeight: 320,
        fontFamily: 'ui-monospace, monospace',
      }}
    >
      {JSON.stringify(value, null, 2)}
    </Box>
  )
}
