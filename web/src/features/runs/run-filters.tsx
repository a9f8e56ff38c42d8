import SearchOutlined from '@mui/icons-material/SearchOutlined'
import Box from '@mui/material/Box'
import InputAdornment from '@mui/material/InputAdornment'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useEffect, useEffectEvent, useState } from 'react'
import { useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import { WorkflowChoicesDocument } from './run-list.documents.ts'
import { statusGroups, withFilter } from './run-filter.ts'

const TYPING_PAUSE_MS = 300

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
        onSearch={(words) => setSearch(withFilter(search, 'q', words), { replace: true })}
      />
    </Box>
  )
}

function SearchField({ value, onSearch }: { value: string; onSearch(words: string): void }) {
  const [words, setWords] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    setKnown(value)
    setWords(value)
  }
  const search = useEffectEvent(() => words !== value && onSearch(words))
  useEffect(() => {
    const timer = setTimeout(() => search(), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [words])
  return (
    <TextField
      type="search"
      label="Search"
      placeholder="Words of the request, a case, a run id"
      value={words}
      onChange={(event) => setWords(event.target.value)}
      sx={{ flex: '1 1 240px' }}
      slotProps={{
        inputLabel: { shrink: true },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <SearchOutlined fontSize="small" />
            </InputAdornment>
          ),
        },
      }}
    />
  )
}
