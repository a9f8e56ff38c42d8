import type { ReactNode } from 'react'
import ApartmentOutlined from '@mui/icons-material/ApartmentOutlined'
import CableOutlined from '@mui/icons-material/CableOutlined'
import GroupsOutlined from '@mui/icons-material/GroupsOutlined'
import HistoryOutlined from '@mui/icons-material/HistoryOutlined'
import MemoryOutlined from '@mui/icons-material/MemoryOutlined'
import NotificationsOutlined from '@mui/icons-material/NotificationsOutlined'
import PersonOutlined from '@mui/icons-material/PersonOutlined'

/** One page of the Settings; its route is a child of `/settings` in the router. */
export interface SettingsSection {
  /** Below `/settings`; empty for the first. */
  path: string
  label: string
  /** One line under the title. */
  lead: string
  icon: ReactNode
  /** Who does not hold this scope sees neither the entry nor the page. */
  scope?: string
}

export const sections: SettingsSection[] = [
  {
    path: '',
    label: 'Your profile',
    lead: 'How Signalbox looks for you, and where you are signed in.',
    icon: <PersonOutlined />,
  },
  {
    path: 'members',
    label: 'Members',
    lead: 'Who has access, and what each of them may do.',
    icon: <GroupsOutlined />,
  },
  {
    path: 'organization',
    label: 'Organisation',
    lead: 'The name that people see, the time zone that reports go by, and how many runs may go on at once.',
    icon: <ApartmentOutlined />,
    scope: 'org:admin',
  },
  {
    path: 'service-clients',
    label: 'Programs',
    lead: 'n8n, partners’ servers and applications that connect to Signalbox, each with rights of its own.',
    icon: <MemoryOutlined />,
    scope: 'org:admin',
  },
  {
    path: 'connections',
    label: 'Connections',
    lead: 'Your own n8n and your own model, and what your automations may do elsewhere.',
    icon: <CableOutlined />,
    scope: 'org:admin',
  },
  {
    path: 'alerts',
    label: 'Alerts',
    lead: 'Unusual things that were noticed, and what to do about them.',
    icon: <NotificationsOutlined />,
    scope: 'audit:read',
  },
  {
    path: 'audit',
    label: 'Audit trail',
    lead: 'Who did what, and who was refused what. Entries are never changed.',
    icon: <HistoryOutlined />,
    scope: 'audit:read',
  },
]

export const addressOf = ({ path }: SettingsSection): string => (path === '' ? '/settings' : `/settings/${path}`)

/** The section that an address belongs to: the one with the longest matching path. */
export const sectionAt = (pathname: string): SettingsSection =>
  sections.find(({ path }) => path !== '' && `${pathname}/`.startsWith(`/settings/${path}/`)) ?? sections[0]!

/** The sections that somebody with these scopes may open. */
export const sectionsFor = (scopes: readonly string[]): SettingsSection[] =>
  sections.filter(({ scope }) => scope === undefined || scopes.includes(scope))
