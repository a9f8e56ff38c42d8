import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { Panel } from '../../ui/states/panel.tsx'

export interface TriggerPanelProps {
  title: string
  /** What they are for; shown while there is none. */
  purpose: string
  add: string
  /** Absent where the viewer may not add any. */
  onAdd: (() => void) | undefined
  children: ReactNode[]
}

/** The triggers of one kind. */
export function TriggerPanel({ title, purpose, add, onAdd, children }: TriggerPanelProps) {
  return (
    <Panel
      title={title}
      aside={
        onAdd && (
          <Button variant={children.length === 0 ? 'contained' : 'outlined'} onClick={onAdd}>
            {add}
          </Button>
        )
      }
    >
      {children.length === 0 ? (
        <Typography sx={{ color: 'text.secondary', maxWidth: '70ch' }}>{purpose}</Typography>
      ) : (
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {children}
        </Box>
      )}
    </Panel>
  )
}
