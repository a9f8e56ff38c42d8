import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { nameOf } from '../../ui/actor-name.ts'
import { useViewer } from '../../ui/session/viewer.ts'
import { useSignOut } from '../../ui/shell/account-menu.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { ColorModeToggle } from '../../ui/theme/color-mode-toggle.tsx'
import { roleWords } from '../../ui/words.ts'
import { Sessions } from './sessions.tsx'

/** `/settings`: the viewer's own part. */
export function Component() {
  const { actor, role, organization } = useViewer()
  const leave = useSignOut()
  const [failed, setFailed] = useState(false)
  return (
    <>
      <Panel title="You">
        <Typography>
          <strong>{nameOf(actor)}</strong>
          {actor.__typename === 'User' && actor.email ? ` · ${actor.email}` : ''}
        </Typography>
        <Typography sx={{ color: 'text.secondary' }}>
          {roleWords(role)} at {organization.name} · times of {organization.timeZone}
        </Typography>
      </Panel>
      <Panel title="Signed in">
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
      </Panel>
      <Panel title="Appearance">
        <ColorModeToggle />
      </Panel>
    </>
  )
}
