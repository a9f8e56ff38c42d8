import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Typography from '@mui/material/Typography'
import type { RotateWebhookSecretMutation } from '../../gql/graphql.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { mono, ShownOnce } from '../../ui/shown-once.tsx'
import { curlSnippet, howToSign } from './signing-snippets.ts'

export interface WebhookHandOverProps {
  made: RotateWebhookSecretMutation['rotateWebhookSecret']
  onClose(): void
}

/** Shows an address and a secret, once: it does not close by a slip, and says how to sign. */
export function WebhookHandOver({ made: { address, secret, trigger }, onClose }: WebhookHandOverProps) {
  const snippet = address && curlSnippet({ ...trigger, address })
  return (
    <Dialog open aria-labelledby="webhook-made" fullWidth maxWidth="sm">
      <DialogTitle id="webhook-made">{trigger.name} is ready</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        <Alert severity="warning">
          Copy {address ? 'both' : 'the secret'} now and keep {address ? 'them' : 'it'} like a password: shown here only once.
        </Alert>
        {address && <ShownOnce label="Address" value={address} what="the address" />}
        {trigger.requireSignature && <ShownOnce label="Secret" value={secret} what="the secret" />}
        {trigger.requireSignature && <Typography variant="body2">{howToSign[trigger.signatureForm]}</Typography>}
        {snippet && (
          <Box>
            <Typography variant="body2" sx={{ color: 'text.secondary', mb: 0.5 }}>
              To try it, on a command line:
            </Typography>
            <Box sx={{ position: 'relative' }}>
              <Box
                component="pre"
                tabIndex={0}
                sx={{
                  ...mono,
                  m: 0,
                  p: 1.5,
                  pr: 6,
                  borderRadius: '10px',
                  bgcolor: 'action.hover',
                  whiteSpace: 'pre-wrap',
                  overflowWrap: 'anywhere',
                }}
              >
                {snippet}
              </Box>
              <Box sx={{ position: 'absolute', top: 4, right: 4 }}>
                <CopyButton text={snippet} what="the commands" />
              </Box>
            </Box>
          </Box>
        )}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button variant="contained" onClick={onClose}>
          I have stored {address && trigger.requireSignature ? 'both' : 'it'}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
