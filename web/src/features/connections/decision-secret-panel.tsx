import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useMutation } from 'urql'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ConfirmDialog } from '../../ui/dialogs/confirm-dialog.tsx'
import { useCan, useViewer } from '../../ui/session/viewer.ts'
import { Panel } from '../../ui/states/panel.tsx'
import { RotateReviewSecretDocument } from './decision-secret.documents.ts'

/** Gives out the secret by which n8n knows that a decision comes from here. It is shown once. */
export function DecisionSecretPanel() {
  const { organization } = useViewer()
  const mayManage = useCan('org:admin')
  const [asking, setAsking] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const [{ fetching, error }, rotate] = useMutation(RotateReviewSecretDocument)
  if (!mayManage) return null
  const replace = async () => {
    const { data } = await rotate({ input: { organizationId: organization.id } })
    if (!data) return
    setSecret(data.rotateReviewSecret.secret)
    setAsking(false)
  }
  return (
    <Panel
      title="Decisions for n8n"
      aside={
        <Button size="small" onClick={() => setAsking(true)}>
          New secret
        </Button>
      }
    >
      <Typography sx={{ color: 'text.secondary' }}>
        Where a workflow asks people on behalf of n8n, their decision is sent back there, signed. With the secret, n8n can check
        that it comes from here.
      </Typography>
      {secret !== null && (
        <Alert severity="success" sx={{ mt: 2 }} onClose={() => setSecret(null)}>
          Copy the secret now; it is not shown again.
          <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
            <Box component="code" sx={{ overflowWrap: 'anywhere' }}>
              {secret}
            </Box>
            <CopyButton text={secret} what="the secret" />
          </Box>
        </Alert>
      )}
      {asking && (
        <ConfirmDialog
          title="Make a new secret?"
          confirm="Make it"
          busy={fetching}
          error={error}
          onConfirm={() => void replace()}
          onClose={() => setAsking(false)}
        >
          What is sent from now on is signed with it. n8n must be given it before it checks the next decision.
        </ConfirmDialog>
      )}
    </Panel>
  )
}
