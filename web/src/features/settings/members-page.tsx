import Alert from '@mui/material/Alert'
import Snackbar from '@mui/material/Snackbar'
import { useState } from 'react'
import { useCan, useViewer } from '../../ui/session/viewer.ts'
import { AgencyPanel } from './agency-panel.tsx'
import { InvitationsPanel } from './invitations-panel.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { MembersPanel } from './members-panel.tsx'

/** `/settings/members`: who has access. Everybody may know it, administrators change it. */
export function Component() {
  const { organization } = useViewer()
  const mayManage = useCan('org:admin')
  const [inviting, setInviting] = useState(false)
  const [said, setSaid] = useState<string | null>(null)
  return (
    <>
      <MembersPanel onInvite={() => setInviting(true)} onDone={setSaid} />
      {mayManage && <InvitationsPanel onDone={setSaid} />}
      {organization.kind === 'CLIENT' && <AgencyPanel />}
      {inviting && (
        <InviteDialog
          onClose={() => setInviting(false)}
          onInvited={(email) => {
            setInviting(false)
            setSaid(`An invitation is on its way to ${email}.`)
          }}
        />
      )}
      <Snackbar open={said !== null} autoHideDuration={6_000} onClose={() => setSaid(null)} sx={{ mb: { xs: 8, md: 0 } }}>
        <Alert severity="success" onClose={() => setSaid(null)}>
          {said}
        </Alert>
      </Snackbar>
    </>
  )
}
