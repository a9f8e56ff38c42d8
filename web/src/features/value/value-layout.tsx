import Box from '@mui/material/Box'
import Tab from '@mui/material/Tab'
import Tabs from '@mui/material/Tabs'
import { Suspense } from 'react'
import { Link, Outlet, useLocation } from 'react-router'
import { RangePicker } from '../../ui/range/range-picker.tsx'
import { PageHeader } from '../../ui/states/page-header.tsx'

const tabs = [
  { path: '/value', label: 'Business value' },
  { path: '/value/technical', label: 'Technical health' },
]

export function Component() {
  const { pathname, search } = useLocation()
  return (
    <>
      <PageHeader title="Value" lead="What the automations are worth, against how it was before." actions={<RangePicker />} />
      <Box component="nav" aria-label="Views" sx={{ borderBottom: 1, borderColor: 'divider', mb: 2.5 }}>
        <Tabs value={pathname === '/value/technical' ? '/value/technical' : '/value'} role="presentation">
          {tabs.map(({ path, label }) => (
            <Tab
              key={path}
              value={path}
              label={label}
              component={Link}
              to={{ pathname: path, search }}
              role="link"
              aria-selected={undefined}
              aria-current={pathname === path ? 'page' : undefined}
              sx={{ textTransform: 'none', fontWeight: 600, fontSize: '0.95rem' }}
            />
          ))}
        </Tabs>
      </Box>
      <Suspense>
        <Outlet />
      </Suspense>
    </>
  )
}
