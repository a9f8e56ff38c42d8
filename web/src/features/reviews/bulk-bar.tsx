import CheckOutlined from '@mui/icons-material/CheckOutlined'
import CloseOutlined from '@mui/icons-material/CloseOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import { useState } from 'react'
import { BulkDialog, type BulkAction } from './bulk-dialog.tsx'
import type { Selection } from './use-selection.ts'

export interface BulkBarProps {
  selection: Selection
  /** Whether there is anything to choose from. What became of the last choice is shown all the same. */
  shown: boolean
}

/** Decides what was chosen in the queue together. */
export function BulkBar({ selection, shown }: BulkBarProps) {
  const [action, setAction] = useState<BulkAction | null>(null)
  const close = (done: boolean) => {
    setAction(null)
    if (done) selection.clear()
  }
  return (
    <>
      {shown && <Choice selection={selection} onAct={setAction} />}
      {action && <BulkDialog action={action} reviews={selection.reviews} onClose={close} />}
    </>
  )
}

function Choice({ selection, onAct }: { selection: Selection; onAct(action: BulkAction): void }) {
  const { reviews, all, toggleAll } = selection
  const count = reviews.length
  return (
    <Box
      role="group"
      aria-label="Decide several"
      sx={{
        display: 'flex',
        gap: 1,
        alignItems: 'center',
        flexWrap: 'wrap',
        px: 1,
        py: 0.5,
        borderBottom: 1,
        borderColor: 'divider',
      }}
    >
      <FormControlLabel
        control={<Checkbox size="small" checked={all} indeterminate={count > 0 && !all} onChange={toggleAll} />}
        label={count === 0 ? 'Choose all' : `${count} chosen`}
        slotProps={{ typography: { variant: 'body2' } }}
        sx={{ ml: 0, mr: 'auto' }}
      />
      {count > 0 && (
        <>
          <Button size="small" color="success" startIcon={<CheckOutlined />} onClick={() => onAct('APPROVE')}>
            Approve
          </Button>
          <Button size="small" color="error" startIcon={<CloseOutlined />} onClick={() => onAct('REJECT')}>
            Reject
          </Button>
        </>
      )}
    </Box>
  )
}
