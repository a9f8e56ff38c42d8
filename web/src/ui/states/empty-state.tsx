import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'

export interface EmptyStateProps {
  icon: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
}

export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <Box sx={{ display: 'grid', justifyItems: 'center', textAlign: 'center', gap: 1, px: 3, py: 7 }}>
      <Box aria-hidden sx={{ color: 'primary.main', '& svg': { fontSize: 40 }, opacity: 0.85 }}>
        {icon}
      </Box>
      <Typography variant="h2" component="p">
        {title}
      </Typography>
      {children && <Typography sx={{ color: 'text.secondary', maxWidth: '44ch' }}>{children}</Typography>}
      {action && <Box sx={{ mt: 1 }}>{action}</Box>}
    </Box>
  )
}
