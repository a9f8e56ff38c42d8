import CheckOutlined from '@mui/icons-material/CheckOutlined'
import CloseOutlined from '@mui/icons-material/CloseOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import { useState } from 'react'
import { BulkDialog, type BulkAction } from './bulk-dialog.tsx'
import type { Selection } from './use-selection.ts'

/** Decides what was chosen in the queue together. */
export function BulkBar({ selection }: { selection: Selection }) {
  const [action, setAction] = useState<BulkAction | null>(null)
  const { reviews, all, toggleAll, clear } = selection
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
          <Button size="small" color="success" startIcon={<CheckOutlined />} onClick={() => setAction('APPROVE')}>
            Approve
          </Button>
          <Button size="small" color="error" startIcon={<CloseOutlined />} onClick={() => setAction('REJECT')}>
            Reject
          </Button>
        </>
      )}
      {action && (
        <BulkDialog
          action={action}
          reviews={reviews}
          onClose={(done) => {
            setAction(null)
            if (done) clear()
          }}
        />
      )}
    </Box>
  )
}
