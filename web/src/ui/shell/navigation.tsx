import AccountTreeOutlined from '@mui/icons-material/AccountTreeOutlined'
import BoltOutlined from '@mui/icons-material/BoltOutlined'
import FactCheckOutlined from '@mui/icons-material/FactCheckOutlined'
import InsightsOutlined from '@mui/icons-material/InsightsOutlined'
import MenuBookOutlined from '@mui/icons-material/MenuBookOutlined'
import RouteOutlined from '@mui/icons-material/RouteOutlined'
import TuneOutlined from '@mui/icons-material/TuneOutlined'
import type { ReactNode } from 'react'

export interface Destination {
  path: string
  label: string
  icon: ReactNode
  /** What one needs to see anything there; absent: nothing. */
  scope?: string
}

const destinations: Destination[] = [
  { path: '/value', label: 'Value', icon: <InsightsOutlined /> },
  { path: '/runs', label: 'Runs', icon: <RouteOutlined /> },
  { path: '/triggers', label: 'Triggers', icon: <BoltOutlined /> },
  { path: '/reviews', label: 'Reviews', icon: <FactCheckOutlined /> },
  { path: '/workflows', label: 'Workflows', icon: <AccountTreeOutlined /> },
  { path: '/knowledge', label: 'Knowledge', icon: <MenuBookOutlined />, scope: 'kb:read' },
  { path: '/settings', label: 'Settings', icon: <TuneOutlined /> },
]

/** Those that a holder of these rights finds something at. */
export const destinationsFor = (scopes: readonly string[]): Destination[] =>
  destinations.filter(({ scope }) => scope === undefined || scopes.includes(scope))

export const isCurrent = (destination: Destination, pathname: string): boolean =>
  pathname === destination.path || pathname.startsWith(`${destination.path}/`)
