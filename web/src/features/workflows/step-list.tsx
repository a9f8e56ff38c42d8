import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { GraphFieldsFragment } from '../../gql/graphql.ts'
import { humanize } from '../../ui/words.ts'
import { kindLooks } from './node-kinds.ts'

/** Each step in words, and where it leads. */
export function StepList({ graph }: { graph: GraphFieldsFragment }) {
  return (
    <Box
      component="ol"
      aria-label="Steps"
      sx={{
        listStyle: 'none',
        m: 0,
        p: 0,
        display: 'grid',
        gap: 1.5,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: '1fr 1fr' },
      }}
    >
      {graph.nodes.map(({ name, kind, agent, description }) => {
        const { Icon, word } = kindLooks(kind)
        return (
          <Box key={name} component="li" sx={{ display: 'flex', gap: 1.25, minWidth: 0 }}>
            <Icon aria-hidden sx={{ fontSize: 20, mt: 0.25, color: 'text.secondary' }} />
            <Box sx={{ minWidth: 0 }}>
              <Typography sx={{ fontWeight: 650 }}>
                {humanize(name)}
                <Box component="span" sx={{ color: 'text.secondary', fontWeight: 400 }}>
                  {' '}
                  · {word.toLowerCase()}
                  {agent && ` · ${agent}`}
                </Box>
              </Typography>
              {description && <Typography variant="body2">{description}</Typography>}
              <Typography variant="body2" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
                {waysOf(graph, name)}
              </Typography>
            </Box>
          </Box>
        )
      })}
    </Box>
  )
}

const nameOf = (step: string) => (step === '__end__' ? 'the end' : humanize(step))

function waysOf({ edges }: GraphFieldsFragment, name: string): string {
  const ways = edges.filter(({ from }) => from === name)
  const words = ways.map(({ to, condition }) => `${nameOf(to)}${condition ? ` (${condition})` : ''}`)
  return words.length === 0 ? 'Leads nowhere yet.' : `Then ${words.join(' · ')}`
}
