import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'
import { visuallyHidden } from '../states/visually-hidden.ts'
import { box } from '../theme/palette.ts'

/** The shell's outline while it is not known who is signed in; the same measures, so that nothing jumps. */
export function ShellSkeleton() {
  return (
    <Box role="status" sx={{ display: 'flex', minHeight: '100dvh' }}>
      <Box component="span" sx={visuallyHidden}>
        Loading
      </Box>
      <Box sx={{ display: { xs: 'none', md: 'block' }, width: 236, bgcolor: box.green }} />
      <Box sx={{ flex: 1 }}>
        <Box sx={{ height: 58, bgcolor: { xs: box.green, md: 'transparent' }, borderBottom: 1, borderColor: 'divider' }} />
        <PageSkeleton />
      </Box>
    </Box>
  )
}

export function PageSkeleton() {
  return (
    <Box aria-hidden sx={{ maxWidth: 1320, mx: 'auto', px: { xs: 2, md: 4 }, pt: { xs: 2, md: 3 } }}>
      <Skeleton width={220} height={44} />
      <Skeleton width={340} height={24} sx={{ maxWidth: '80%', mb: 2 }} />
      <Skeleton variant="rounded" height={280} />
    </Box>
  )
}
