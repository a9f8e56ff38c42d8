import Typography from '@mui/material/Typography'
import { nameOf } from '../../ui/actor-name.ts'
import { useViewer } from '../../ui/session/viewer.ts'
import { Panel } from '../../ui/states/panel.tsx'
import { ColorModeToggle } from '../../ui/theme/color-mode-toggle.tsx'
import { roleWords } from '../../ui/words.ts'
import { PhonePanel } from './phone-panel.tsx'
import { Sessions } from './sessions.tsx'

/** `/settings`: the viewer's own part. */
export function Component() {
  const { actor, role, organization } = useViewer()
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
      <PhonePanel />
      <Panel title="Where you are signed in">
        <Sessions />
      </Panel>
      <Panel title="Appearance">
        <ColorModeToggle />
      </Panel>
    </>
  )
}
