import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import Typography from '@mui/material/Typography'
import { lazy, Suspense, useState } from 'react'
import type { BulkAction, RunFilter } from '../../gql/graphql.ts'
import { bulkActions, bulkWords, runsWord } from './bulk-words.ts'
import type { Selection } from './use-selection.ts'

const BulkDialog = lazy(() => import('./bulk-dialog.tsx'))

export interface SelectionBarProps {
  selection: Selection
  /** Runs on this page, and that match in all. */
  onPage: number
  total: number
  /** What the list shows. */
  filter: RunFilter
  onFinished(): void
}

/** What is selected and what can be done to it; nothing while nothing is. */
export function SelectionBar({ selection, onPage, total, filter, onFinished }: SelectionBarProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const [action, setAction] = useState<BulkAction>()
  const { ids, all } = selection
  if (ids.size === 0) return null
  const whole = ids.size >= onPage && total > onPage
  return (
    <Box
      role="toolbar"
      aria-label="Selected runs"
      sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1, px: 2, py: 1, bgcolor: 'action.selected' }}
    >
      <Typography sx={{ fontWeight: 600 }}>{runsWord(all ? total : ids.size)} selected</Typography>
      {whole && !all && (
        <Button size="small" onClick={() => selection.takeAll(true)}>
          Select all {total.toLocaleString('en')} that match
        </Button>
      )}
      <Box sx={{ flex: 1 }} />
      <Button size="small" onClick={selection.clear}>
        Clear
      </Button>
      <Button size="small" variant="contained" aria-haspopup="menu" onClick={(event) => setAnchor(event.currentTarget)}>
        Actions
      </Button>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)}>
        {bulkActions.map((one) => (
          <MenuItem
            key={one}
            sx={one === 'CANCEL' ? { color: 'error.main' } : {}}
            onClick={() => {
              setAnchor(null)
              setAction(one)
            }}
          >
            {bulkWords[one].verb}
          </MenuItem>
        ))}
      </Menu>
      <Suspense>
        {action && (
          <BulkDialog
            filter={all ? filter : { ids: [...ids] }}
            action={action}
            onFinished={onFinished}
            onClose={() => {
              setAction(undefined)
              selection.clear()
            }}
          />
        )}
      </Suspense>
    </Box>
  )
}
