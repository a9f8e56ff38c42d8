import Avatar from '@mui/material/Avatar'
import Box from '@mui/material/Box'
import type { ReactNode } from 'react'

export interface PersonRowProps {
  name: string
  /** Beside the name: a chip. */
  mark?: ReactNode
  /** Under the name. */
  children?: ReactNode
  actions?: ReactNode
  /** Shown in the place of the person's initials. */
  icon?: ReactNode
}

/** A list of people or programs; each row breaks into two lines where it is narrow. */
export function PeopleList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Box component="ul" aria-label={label} sx={{ listStyle: 'none', m: 0, p: 0 }}>
      {children}
    </Box>
  )
}

export function PersonRow({ name, mark, children, actions, icon }: PersonRowProps) {
  const initials = name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join('')
  return (
    <Box
      component="li"
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        columnGap: 1.5,
        rowGap: 0.5,
        py: 1.25,
        borderTop: 1,
        borderColor: 'divider',
        '&:first-of-type': { borderTop: 0, pt: 0 },
        '&:last-of-type': { pb: 0 },
      }}
    >
      <Avatar
        aria-hidden
        sx={{ width: 38, height: 38, fontSize: '0.85rem', fontWeight: 650, bgcolor: 'action.selected', color: 'text.primary' }}
      >
        {icon ?? initials}
      </Avatar>
      <Box sx={{ flex: '1 1 180px', minWidth: 0 }}>
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, flexWrap: 'wrap', fontWeight: 600, overflowWrap: 'anywhere' }}>
          {name}
          {mark}
        </Box>
        <Box sx={{ color: 'text.secondary', fontSize: '0.875rem', overflowWrap: 'anywhere' }}>{children}</Box>
      </Box>
      {actions && <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, ml: 'auto' }}>{actions}</Box>}
    </Box>
  )
}
