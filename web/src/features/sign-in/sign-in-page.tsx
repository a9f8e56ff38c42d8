import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { useEffect, useState } from 'react'
import { Navigate, useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import { nextPath } from '../../ui/session/require-viewer.tsx'
import { useRenewSession, useSessionEnded } from '../../ui/session/session-provider.tsx'
import { ViewerDocument } from '../../ui/session/viewer.ts'
import type { OtpChannel } from '../../gql/graphql.ts'
import { Logo } from '../../ui/shell/logo.tsx'
import { box } from '../../ui/theme/palette.ts'
import { AddressForm } from './address-form.tsx'
import { CodeForm } from './code-form.tsx'
import { Line } from './line.tsx'

export interface Challenge {
  challengeId: string
  channel: OtpChannel
  address: string
  expiresAt: string
}

/** Two steps: the address, then the six digits that were sent to it. */
export function Component() {
  const [search] = useSearchParams()
  const [challenge, setChallenge] = useState<Challenge | null>(null)
  const [{ data }] = useQuery({ query: ViewerDocument, requestPolicy: 'network-only' })
  const renew = useRenewSession()
  const hasEnded = useSessionEnded()
  useEffect(() => {
    document.title = 'Sign in · Signalbox'
  }, [])
  if (data?.viewer) return <Navigate to={nextPath(search)} replace />
  return (
    <Box
      sx={{
        minHeight: '100dvh',
        display: 'grid',
        gridTemplateColumns: { md: 'minmax(380px, 5fr) 7fr' },
        gridTemplateRows: { xs: 'auto 1fr', md: '1fr' },
      }}
    >
      <Brand />
      <Box
        component="main"
        sx={{ display: 'grid', placeItems: { xs: 'start center', md: 'center' }, px: 3, py: { xs: 4, md: 6 } }}
      >
        <Box sx={{ width: '100%', maxWidth: 400 }}>
          {challenge === null && hasEnded && (
            <Alert severity="info" sx={{ mb: 3 }}>
              You have been signed out: this session was ended from another device, or its time was up. Sign in to go on.
            </Alert>
          )}
          {challenge === null ? (
            <AddressForm onSent={setChallenge} />
          ) : (
            <CodeForm challenge={challenge} onResent={setChallenge} onBack={() => setChallenge(null)} onSignedIn={renew} />
          )}
        </Box>
      </Box>
    </Box>
  )
}

function Brand() {
  return (
    <Box
      component="header"
      sx={{
        bgcolor: box.green,
        color: box.cream,
        px: { xs: 3, md: 6 },
        py: { xs: 2.5, md: 6 },
        display: 'flex',
        flexDirection: 'column',
        justifyContent: 'space-between',
        gap: 4,
        overflow: 'hidden',
      }}
    >
      <Logo size={40} />
      <Box sx={{ display: { xs: 'none', md: 'block' } }}>
        <Line />
      </Box>
      <Box sx={{ display: { xs: 'none', md: 'block' }, maxWidth: 420 }}>
        <Typography component="p" sx={{ fontSize: '1.7rem', fontWeight: 680, letterSpacing: '-0.02em', lineHeight: 1.2 }}>
          Your automations run. You hold the lever.
        </Typography>
        <Typography sx={{ mt: 1.5, opacity: 0.85 }}>
          Every run in view, every doubtful decision with a person, every result against how it was before.
        </Typography>
      </Box>
    </Box>
  )
}
