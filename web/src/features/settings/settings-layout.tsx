import LockOutlined from '@mui/icons-material/LockOutlined'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import { Suspense, useEffect, useRef } from 'react'
import { Link, Outlet, useLocation } from 'react-router'
import { useViewer } from '../../ui/session/viewer.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { PageHeader } from '../../ui/states/page-header.tsx'
import { addressOf, sectionAt, sectionsFor, type SettingsSection } from './sections.tsx'

/** The frame of the settings: a list beside the page on wide screens, a strip above it on narrow ones. It names the page and guards it. */
export function Component() {
  const { scopes } = useViewer()
  const { pathname } = useLocation()
  const section = sectionAt(pathname)
  const allowed = sectionsFor(scopes)
  return (
    <Box
      sx={{ display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: '220px minmax(0, 1fr)' }, gap: { xs: 2, lg: 4 } }}
    >
      <SectionList sections={allowed} current={section} />
      <Box sx={{ minWidth: 0, maxWidth: 900 }}>
        <PageHeader title={section.label} lead={section.lead} />
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
          {allowed.includes(section) ? (
            <Suspense>
              <Outlet />
            </Suspense>
          ) : (
            <EmptyState icon={<LockOutlined />} title="This is not open to you">
              Ask an owner or administrator of your organisation if you need it.
            </EmptyState>
          )}
        </Box>
      </Box>
    </Box>
  )
}

interface SectionListProps {
  sections: SettingsSection[]
  current: SettingsSection
}

function SectionList({ sections, current }: SectionListProps) {
  const strip = useRef<HTMLElement>(null)
  useEffect(() => {
    const entry = strip.current?.querySelector<HTMLElement>('[aria-current="page"]')
    if (entry) strip.current!.scrollLeft = entry.offsetLeft - 16
  }, [current])
  return (
    <Box
      component="nav"
      aria-label="Settings"
      ref={strip}
      sx={{
        position: { lg: 'sticky' },
        top: { lg: 82 },
        alignSelf: 'start',
        display: 'flex',
        flexDirection: { xs: 'row', lg: 'column' },
        gap: 0.5,
        overflowX: { xs: 'auto', lg: 'visible' },
        scrollbarWidth: 'none',
        mx: { xs: -2, md: -4, lg: 0 },
        px: { xs: 2, md: 4, lg: 0 },
        py: 0.5,
      }}
    >
      {sections.map((section) => (
        <SectionLink key={section.path} section={section} isCurrent={section === current} />
      ))}
    </Box>
  )
}

function SectionLink({ section, isCurrent }: { section: SettingsSection; isCurrent: boolean }) {
  return (
    <ButtonBase
      component={Link}
      to={addressOf(section)}
      aria-current={isCurrent ? 'page' : undefined}
      sx={{
        flexShrink: 0,
        justifyContent: 'flex-start',
        gap: 1.25,
        px: 1.5,
        minHeight: 44,
        borderRadius: 2,
        fontWeight: 600,
        fontSize: '0.9375rem',
        whiteSpace: 'nowrap',
        color: isCurrent ? 'primary.contrastText' : 'text.primary',
        bgcolor: isCurrent ? 'primary.main' : 'transparent',
        '& svg': { fontSize: 20 },
        '&:hover': { bgcolor: isCurrent ? 'primary.main' : 'action.hover' },
      }}
    >
      {section.icon}
      {section.label}
    </ButtonBase>
  )
}
