import Badge from '@mui/material/Badge'
import BottomNavigation from '@mui/material/BottomNavigation'
import BottomNavigationAction from '@mui/material/BottomNavigationAction'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import Link from '@mui/material/Link'
import Paper from '@mui/material/Paper'
import { NavLink, Outlet, useLocation } from 'react-router'
import { LiveIndicator } from '../live/live-indicator.tsx'
import { box } from '../theme/palette.ts'
import { AlertBell } from './alert-bell.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Logo } from './logo.tsx'
import { destinationsFor, isCurrent } from './navigation.tsx'
import { useViewer } from '../session/viewer.ts'
import { useOpenReviewCount } from './open-reviews.ts'
import { OrganizationSwitcher } from './organization-switcher.tsx'

const RAIL = 236

/** The frame of every signed-in page: a rail on wide screens, a bar at the bottom on narrow ones. */
export function AppShell() {
  const open = useOpenReviewCount()
  return (
    <Box sx={{ display: 'flex', minHeight: '100dvh' }}>
      <Link
        href="#main"
        sx={{
          position: 'absolute',
          left: -9999,
          '&:focus': { left: 12, top: 12, zIndex: 2000, bgcolor: 'background.paper', p: 1.5, borderRadius: 2 },
        }}
      >
        Skip to content
      </Link>
      <SideRail open={open} />
      <Box sx={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
        <TopBar />
        <Box
          component="main"
          id="main"
          tabIndex={-1}
          sx={{
            flex: 1,
            width: '100%',
            maxWidth: 1320,
            mx: 'auto',
            px: { xs: 2, md: 4 },
            pt: { xs: 2, md: 3 },
            pb: { xs: 12, md: 6 },
            outline: 'none',
          }}
        >
          <Outlet />
        </Box>
      </Box>
      <BottomBar open={open} />
    </Box>
  )
}

function TopBar() {
  return (
    <Box
      component="header"
      sx={{
        position: 'sticky',
        top: 0,
        zIndex: 20,
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        px: { xs: 1.5, md: 4 },
        minHeight: 58,
        bgcolor: { xs: box.green, md: 'background.default' },
        color: { xs: box.cream, md: 'text.primary' },
        borderBottom: 1,
        borderColor: 'divider',
      }}
    >
      <Box sx={{ display: { md: 'none' } }}>
        <Logo bare size={32} />
      </Box>
      <Box sx={{ minWidth: 0, flex: '0 1 auto', maxWidth: 260 }}>
        <OrganizationSwitcher />
      </Box>
      <Box sx={{ flex: 1 }} />
      <Box sx={{ bgcolor: { xs: 'background.paper', md: 'transparent' }, px: 1, py: 0.25, borderRadius: 4 }}>
        <LiveIndicator />
      </Box>
      <AlertBell />
      <AccountMenu />
    </Box>
  )
}

interface NavigationProps {
  open: number | undefined
}

const badgeOf = (path: string, open: number | undefined) => (path === '/reviews' ? (open ?? 0) : 0)
const labelOf = (label: string, waiting: number) => (waiting > 0 ? `${label}, ${waiting} waiting` : label)

function SideRail({ open }: NavigationProps) {
  const { pathname } = useLocation()
  const destinations = destinationsFor(useViewer().scopes)
  return (
    <Box
      component="nav"
      aria-label="Main"
      sx={{
        display: { xs: 'none', md: 'block' },
        width: RAIL,
        flexShrink: 0,
        bgcolor: box.green,
        color: box.cream,
      }}
    >
      <Box sx={{ position: 'sticky', top: 0, display: 'flex', flexDirection: 'column', gap: 0.5, px: 1.5, py: 2 }}>
        <Box sx={{ px: 1, pb: 2.5 }}>
          <Logo />
        </Box>
        {destinations.map((destination) => {
          const current = isCurrent(destination, pathname)
          const waiting = badgeOf(destination.path, open)
          return (
            <ButtonBase
              key={destination.path}
              component={NavLink}
              to={destination.path}
              aria-label={labelOf(destination.label, waiting)}
              aria-current={current ? 'page' : undefined}
              sx={{
                justifyContent: 'flex-start',
                gap: 1.5,
                px: 1.5,
                minHeight: 46,
                borderRadius: 2.5,
                fontWeight: 600,
                fontSize: '0.95rem',
                color: current ? '#17382f' : box.cream,
                bgcolor: current ? box.cream : 'transparent',
                '&:hover': { bgcolor: current ? box.cream : 'rgba(246, 239, 221, 0.12)' },
              }}
            >
              {destination.icon}
              <Box sx={{ flex: 1, textAlign: 'left' }}>{destination.label}</Box>
              {waiting > 0 && <Count value={waiting} />}
            </ButtonBase>
          )
        })}
      </Box>
    </Box>
  )
}

function Count({ value }: { value: number }) {
  return (
    <Box
      sx={{ bgcolor: box.lamp, color: '#2a1c00', borderRadius: 3, px: 1, fontSize: '0.8rem', fontVariantNumeric: 'tabular-nums' }}
    >
      {value > 999 ? '999+' : value}
    </Box>
  )
}

function BottomBar({ open }: NavigationProps) {
  const { pathname } = useLocation()
  const destinations = destinationsFor(useViewer().scopes)
  const current = destinations.findIndex((destination) => isCurrent(destination, pathname))
  return (
    <Paper
      component="nav"
      aria-label="Main"
      square
      sx={{
        display: { md: 'none' },
        position: 'fixed',
        insetInline: 0,
        bottom: 0,
        zIndex: 30,
        borderTop: 1,
        borderColor: 'divider',
        pb: 'env(safe-area-inset-bottom)',
      }}
    >
      <BottomNavigation showLabels value={current} sx={{ bgcolor: 'transparent' }}>
        {destinations.map(({ path, label, icon }, index) => (
          <BottomNavigationAction
            key={path}
            component={NavLink}
            to={path}
            label={label}
            aria-label={labelOf(label, badgeOf(path, open))}
            aria-current={index === current ? 'page' : undefined}
            icon={
              <Badge badgeContent={badgeOf(path, open)} max={99} color="secondary">
                {icon}
              </Badge>
            }
          />
        ))}
      </BottomNavigation>
    </Paper>
  )
}
