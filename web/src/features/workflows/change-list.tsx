import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { CompareVersionsQuery } from '../../gql/graphql.ts'
import { humanize } from '../../ui/words.ts'

export type Change = CompareVersionsQuery['compareVersions']['changes'][number]

const parts: Record<string, string> = {
  nodes: 'Steps',
  edges: 'Ways',
  agents: 'Agents',
  input: 'What a run is given',
  output: 'What a run gives',
  result: 'How the result is made',
  policy: 'When a person must decide',
  constants: 'Constants',
  tools: 'Tools',
  knowledgeBases: 'Knowledge bases',
  budgets: 'Budgets',
  limits: 'Limits',
  retention: 'How long it is kept',
}
const kinds = { ADDED: 'new', REMOVED: 'removed', CHANGED: null } as const

/** What differs, part by part, the old beside the new. */
export function ChangeList({ changes }: { changes: Change[] }) {
  const order = Object.keys(parts)
  const groups = Map.groupBy(
    changes.toSorted((one, other) => order.indexOf(one.part) - order.indexOf(other.part)),
    ({ part }) => part,
  )
  return (
    <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      {[...groups].map(([part, group]) => (
        <Box component="section" key={part} aria-label={parts[part] ?? humanize(part)}>
          <Typography variant="h3" sx={{ mb: 1 }}>
            {parts[part] ?? humanize(part)}
          </Typography>
          <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.5 }}>
            {group.map((change, at) => (
              <ChangeEntry key={`${change.path} ${at}`} change={change} />
            ))}
          </Box>
        </Box>
      ))}
    </Box>
  )
}

function ChangeEntry({ change: { kind, subject, path, before, after, part } }: { change: Change }) {
  const place = path.split('.').slice(subject === null ? 1 : 2)
  const name = subject === null ? '' : part === 'edges' ? wayWords(subject) : humanize(subject)
  return (
    <Box component="li">
      <Typography variant="body2" sx={{ mb: 0.5, overflowWrap: 'anywhere' }}>
        <strong>{name}</strong>
        {kinds[kind] && ` · ${kinds[kind]}`}
        {place.length > 0 && (
          <Box component="code" sx={{ color: 'text.secondary', fontSize: '0.8125rem', ml: name ? 1 : 0 }}>
            {place.join(' › ')}
          </Box>
        )}
      </Typography>
      <Box sx={{ display: 'grid', gap: 1, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 1fr) minmax(0, 1fr)' } }}>
        <Side label="Before" value={before} tone="error" />
        <Side label="After" value={after} tone="success" />
      </Box>
    </Box>
  )
}

function Side({ label, value, tone }: { label: string; value: unknown; tone: 'error' | 'success' }) {
  const absent = value === null || value === undefined
  return (
    <Box
      component="pre"
      aria-label={label}
      sx={{
        m: 0,
        px: 1.25,
        py: 1,
        borderLeft: 3,
        borderColor: absent ? 'divider' : `${tone}.main`,
        borderRadius: 1,
        bgcolor: 'action.hover',
        color: absent ? 'text.secondary' : 'text.primary',
        fontFamily: absent ? 'inherit' : 'ui-monospace, Menlo, Consolas, monospace',
        fontSize: '0.8125rem',
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
        maxHeight: 320,
        overflow: 'auto',
      }}
    >
      {absent ? 'not there' : typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
    </Box>
  )
}

/** `decide → __end__`: "Decide → the end". */
const wayWords = (subject: string) =>
  subject
    .split(' → ')
    .map((step) => (step === '__end__' ? 'the end' : step === '__start__' ? 'The start' : humanize(step)))
    .join(' → ')
