import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { box } from '../theme/palette.ts'

export interface LogoProps {
  size?: number
  /** Only the sign. */
  bare?: boolean
}

/** A semaphore arm, raised: the line is clear. */
export function Logo({ size = 34, bare = false }: LogoProps) {
  return (
    <Box sx={{ display: 'inline-flex', alignItems: 'center', gap: 1.25, color: 'inherit' }}>
      <svg
        width={size}
        height={size}
        viewBox="0 0 32 32"
        role="img"
        aria-label={bare ? 'Signalbox' : undefined}
        aria-hidden={!bare}
      >
        <rect width="32" height="32" rx="8" fill={box.greenDeep} />
        <path d="M10 28V6" stroke={box.cream} strokeWidth="3" strokeLinecap="round" />
        <g transform="rotate(-28 10 11)">
          <path d="M10 8h17v6H10z" fill={box.arm} />
          <path d="M21.500 8h2.500v6h-2.500z" fill={box.cream} />
        </g>
        <circle cx="10" cy="11" r="3.400" fill={box.lamp} stroke={box.greenDeep} strokeWidth="1.200" />
      </svg>
      {!bare && (
        <Typography component="span" sx={{ fontWeight: 720, fontSize: '1.15rem', letterSpacing: '-0.02em' }}>
          Signalbox
        </Typography>
      )}
    </Box>
  )
}
