import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import Typography from '@mui/material/Typography'
import { useState, type ReactNode } from 'react'
import { nameOf } from '../../ui/actor-name.ts'
import { useViewer } from '../../ui/session/viewer.ts'
import { useSignOut } from '../../ui/shell/account-menu.tsx'
import { PageHeader } from '../../ui/states/page-header.tsx'
import { ColorModeToggle } from '../../ui/theme/color-mode-toggle.tsx'
import { roleWords } from '../../ui/words.ts'
import { Sessions } from './sessions.tsx'

export function Component() {
  const { actor, role, organization } = useViewer()
  const leave = useSignOut()
  const [failed, setFailed] = useState(false)
  return (
    <>
      <PageHeader title="Settings" lead="How Signalbox looks for you, and where you are signed in." />
      <Box sx={{ display: 'grid', gap: 2, maxWidth: 760 }}>
        <Section title="Appearance">
          <ColorModeToggle />
        </Section>
        <Section title="You">
          <Typography>
            <strong>{nameOf(actor)}</strong>
            {actor.__typename === 'User' && actor.email ? ` · ${actor.email}` : ''}
          </Typography>
          <Typography sx={{ color: 'text.secondary' }}>
            {roleWords(role)} at {organization.name} · times of {organization.timeZone}
          </Typography>
        </Section>
        <Section title="Signed in">
          <Sessions />
          <Box sx={{ display: 'flex', gap: 1.5, flexWrap: 'wrap', mt: 2 }}>
            <Button variant="outlined" onClick={() => void leave(false)}>
              Sign out
            </Button>
            <Button color="error" onClick={() => void leave(true).then((error) => setFailed(error !== undefined))}>
              Sign out everywhere
            </Button>
          </Box>
          {failed && (
            <Alert severity="error" sx={{ mt: 2 }}>
              That did not work. You are still signed in.
            </Alert>
          )}
        </Section>
      </Box>
    </>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card component="section" aria-label={title} sx={{ p: 2.5 }}>
      <Typography variant="h2" sx={{ mb: 1.5 }}>
        {title}
      </Typography>
      {children}
    </Card>
  )
}
