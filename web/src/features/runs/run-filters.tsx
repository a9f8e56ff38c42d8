import Box from '@mui/material/Box'
import Chip from '@mui/material/Chip'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import { WorkflowChoicesDocument } from './run-list.documents.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { statusGroups, withFilter } from './run-filter.ts'

export function RunFilters() {
  const [search, setSearch] = useSearchParams()
  const [{ data }] = useQuery({ query: WorkflowChoicesDocument })
  const status = search.get('status') ?? ''
  const workflow = search.get('workflow') ?? ''
  return (
    <Box role="search" aria-label="Filter runs" sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, mb: 2, alignItems: 'center' }}>
      <Box sx={{ maxWidth: '100%', overflowX: 'auto', pb: 0.25 }}>
        <ToggleButtonGroup
          exclusive
          size="small"
          aria-label="State"
          value={status}
          onChange={(_event, next: string | null) => next !== null && setSearch(withFilter(search, 'status', next))}
        >
          {statusGroups.map(({ value, label }) => (
            <ToggleButton
              key={value}
              value={value}
              sx={{ textTransform: 'none', whiteSpace: 'nowrap', px: 1.5, minHeight: 40, bgcolor: 'background.paper' }}
            >
              {label}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </Box>
      <TextField
        select
        label="Workflow"
        value={data ? workflow : ''}
        onChange={(event) => setSearch(withFilter(search, 'workflow', event.target.value))}
        slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
        sx={{ width: { xs: '100%', sm: 200 } }}
      >
        <MenuItem value="">All workflows</MenuItem>
        {data?.workflows.nodes.map(({ slug, name }) => (
          <MenuItem key={slug} value={slug}>
            {name}
          </MenuItem>
        ))}
      </TextField>
      <SearchField
        value={search.get('q') ?? ''}
        placeholder="Words of the request, a case, a run id"
        width={240}
        onSearch={(words) => setSearch(withFilter(search, 'q', words), { replace: true })}
      />
      {search.has('group') && <Chip label="Like failures only" onDelete={() => setSearch(withFilter(search, 'group', ''))} />}
    </Box>
  )
}
