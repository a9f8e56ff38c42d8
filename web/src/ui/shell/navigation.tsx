import AccountTreeOutlined from '@mui/icons-material/AccountTreeOutlined'
import BoltOutlined from '@mui/icons-material/BoltOutlined'
import FactCheckOutlined from '@mui/icons-material/FactCheckOutlined'
import InsightsOutlined from '@mui/icons-material/InsightsOutlined'
import RouteOutlined from '@mui/icons-material/RouteOutlined'
import TuneOutlined from '@mui/icons-material/TuneOutlined'
import type { ReactNode } from 'react'

export interface Destination {
  path: string
  label: string
  icon: ReactNode
}

export const destinations: Destination[] = [
  { path: '/value', label: 'Value', icon: <InsightsOutlined /> },
  { path: '/runs', label: 'Runs', icon: <RouteOutlined /> },
  { path: '/triggers', label: 'Triggers', icon: <BoltOutlined /> },
  { path: '/reviews', label: 'Reviews', icon: <FactCheckOutlined /> },
  { path: '/workflows', label: 'Workflows', icon: <AccountTreeOutlined /> },
  { path: '/settings', label: 'Settings', icon: <TuneOutlined /> },
]

export const isCurrent = (destination: Destination, pathname: string): boolean =>
  pathname === destination.path || pathname.startsWith(`${destination.path}/`)
