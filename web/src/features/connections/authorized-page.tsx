import CircularProgress from '@mui/material/CircularProgress'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import { useMutation } from 'urql'
import { describeError } from '../../ui/errors.ts'
import { Panel } from '../../ui/states/panel.tsx'
import { CompleteAccountDocument } from './tools.documents.ts'

/** What the provider put into the address. */
function readAnswer(): { state: string; code: string } | null {
  const given = new URLSearchParams(window.location.search)
  const [state, code] = [given.get('state'), given.get('code')]
  return state && code ? { state, code } : null
}

/** `/settings/connections/authorized`: where a provider returns people to after they agreed, or did not. */
export function Component() {
  const [answer] = useState(readAnswer)
  const [{ data, error }, complete] = useMutation(CompleteAccountDocument)
  const begun = useRef(false)
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    // It is worth something until it is used: it stays in no history.
    window.history.replaceState(window.history.state, '', window.location.pathname)
    if (answer === null) return
    void complete({ input: answer })
  }, [answer, complete])
  const account = data?.completeAccount.account
  const refusal = answer === null ? 'The other service did not agree. Nothing was changed.' : error && describeError(error).detail
  return (
    <Panel title="Account">
      <Box role="status" sx={{ display: 'grid', gap: 2, justifyItems: 'start' }}>
        {!account && !refusal && (
          <Typography sx={{ display: 'flex', gap: 1.5, alignItems: 'center' }}>
            <CircularProgress size={18} /> Connecting
          </Typography>
        )}
        {account && <Alert severity="success">{account.name} is connected.</Alert>}
        {refusal && <Alert severity="warning">{refusal}</Alert>}
        {(account || refusal) && (
          <Button component={Link} to="/settings/connections" variant="contained">
            Back to Connections
          </Button>
        )}
      </Box>
    </Panel>
  )
}
