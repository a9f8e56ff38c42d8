import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Tab from '@mui/material/Tab'
import Tabs from '@mui/material/Tabs'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import type { ServiceClientKind } from '../../gql/graphql.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { mono, ShownOnce } from '../../ui/shown-once.tsx'
import { curlSnippet, n8nFields, publicFields, type Connectable } from './connect-snippets.ts'

/** What the platform answers when a program was let in or got a new secret. */
export interface HandOver {
  secret?: string | null
  serviceClient: Connectable & { name: string; kind: ServiceClientKind }
}

/** Shows a secret, once: it does not close by a slip, and says how the program is connected. */
export function HandOverDialog({ made, onClose }: { made: HandOver; onClose(): void }) {
  const { secret, serviceClient } = made
  return (
    <Dialog open aria-labelledby="hand-over-title">
      <DialogTitle id="hand-over-title">
        {secret ? `The secret of ${serviceClient.name}` : `${serviceClient.name} may connect`}
      </DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        {secret && (
          <>
            <Alert severity="warning">
              Copy the secret now and keep it like a password. It is shown here only once: we store no copy that could be read
              again.
            </Alert>
            <ShownOnce label="Client ID" value={serviceClient.clientId} what="the client id" />
            <ShownOnce label="Secret" value={secret} what="the secret" />
          </>
        )}
        {serviceClient.kind === 'PUBLIC' ? (
          <Fields fields={publicFields(serviceClient, location.origin)} />
        ) : (
          <Ways client={serviceClient} />
        )}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button variant="contained" onClick={onClose}>
          {secret ? 'I have stored the secret' : 'Done'}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function Ways({ client }: { client: Connectable }) {
  const [way, setWay] = useState<'n8n' | 'curl'>('n8n')
  const snippet = curlSnippet(client, location.origin)
  return (
    <Box>
      <Tabs value={way} onChange={(_event, next: 'n8n' | 'curl') => setWay(next)} aria-label="How to connect">
        <Tab value="n8n" label="n8n" id="way-n8n" aria-controls="way" />
        <Tab value="curl" label="Command line" id="way-curl" aria-controls="way" />
      </Tabs>
      <Box role="tabpanel" id="way" aria-labelledby={`way-${way}`} sx={{ pt: 1.5 }}>
        {way === 'n8n' ? (
          <>
            <Typography variant="body2" sx={{ mb: 1.5, color: 'text.secondary' }}>
              In n8n’s GraphQL node, enter this under its OAuth2 credential:
            </Typography>
            <Fields fields={n8nFields(client, location.origin)} />
          </>
        ) : (
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
        )}
      </Box>
    </Box>
  )
}

function Fields({ fields }: { fields: [string, string][] }) {
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        display: 'grid',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: '130px minmax(0, 1fr)' },
        columnGap: 2,
        rowGap: 0.75,
      }}
    >
      {fields.flatMap(([term, value]) => [
        <Typography key={term} component="dt" variant="body2" sx={{ color: 'text.secondary' }}>
          {term}
        </Typography>,
        <Box key={`${term}=`} component="dd" sx={{ ...mono, m: 0, overflowWrap: 'anywhere' }}>
          {value}
        </Box>,
      ])}
    </Box>
  )
}
