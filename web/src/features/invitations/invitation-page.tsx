import MailLockOutlined from '@mui/icons-material/MailLockOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import CircularProgress from '@mui/material/CircularProgress'
import { useEffect, useRef, useState } from 'react'
import { Link, Navigate, useLocation, useNavigate, useParams } from 'react-router'
import { useMutation, useQuery, type CombinedError } from 'urql'
import { graphql } from '../../gql/gql.ts'
import { describeError } from '../../ui/errors.ts'
import { useRenewSession } from '../../ui/session/session-provider.tsx'
import { ViewerDocument } from '../../ui/session/viewer.ts'
import { useSignOut } from '../../ui/shell/account-menu.tsx'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'

const AcceptInvitationDocument = graphql(`
  mutation AcceptInvitation($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) {
      organization {
        id
        name
      }
    }
  }
`)

/** Where the mail's link leads: who is signed in joins at once, others prove their address first. */
export function Component() {
  const { invitationId = '' } = useParams()
  const { hash } = useLocation()
  const [{ data, error, fetching }, reload] = useQuery({ query: ViewerDocument, requestPolicy: 'cache-and-network' })
  useEffect(() => {
    document.title = 'Invitation · Signalbox'
  }, [])
  const signedOut = data?.viewer === null || error?.graphQLErrors.some((fault) => fault.extensions['code'] === 'UNAUTHENTICATED')
  if (data?.viewer) return <Accept id={invitationId} />
  if (fetching) return <Waiting />
  if (signedOut) {
    const next = encodeURIComponent(`/invitations/${invitationId}`)
    return <Navigate to={{ pathname: '/sign-in', search: `?next=${next}`, hash }} replace />
  }
  return <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} page />
}

function Accept({ id }: { id: string }) {
  const [, mutate] = useMutation(AcceptInvitationDocument)
  const [error, setError] = useState<CombinedError>()
  const navigate = useNavigate()
  const renew = useRenewSession()
  const asked = useRef(false)
  const accept = async () => {
    setError(undefined)
    const answer = await mutate({ input: { id } })
    if (answer.error) return setError(answer.error)
    await navigate('/', { replace: true })
    renew()
  }
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    void accept()
  })
  if (error) return <Refused error={error} onRetry={() => void accept()} />
  return <Waiting />
}

function Refused({ error, onRetry }: { error: CombinedError; onRetry(): void }) {
  const leave = useSignOut()
  const { code, detail } = describeError(error)
  if (!['CONFLICT', 'FORBIDDEN', 'NOT_FOUND'].includes(code)) return <ErrorState error={error} onRetry={onRetry} page />
  return (
    <Box component="main" sx={{ maxWidth: 560, mx: 'auto', pt: '14vh' }}>
      <EmptyState
        icon={<MailLockOutlined />}
        title="This invitation does not work"
        action={
          <Box sx={{ display: 'flex', gap: 1.5, flexWrap: 'wrap', justifyContent: 'center' }}>
            <Button component={Link} to="/" variant="contained">
              To the start
            </Button>
            {code === 'FORBIDDEN' && <Button onClick={() => void leave(false)}>Sign out</Button>}
          </Box>
        }
      >
        {detail}
      </EmptyState>
    </Box>
  )
}

const Waiting = () => (
  <Box role="status" aria-label="One moment" sx={{ display: 'grid', placeItems: 'center', minHeight: '60dvh' }}>
    <CircularProgress />
  </Box>
)
