import DevicesOutlined from '@mui/icons-material/DevicesOutlined'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Chip from '@mui/material/Chip'
import Skeleton from '@mui/material/Skeleton'
import { useState } from 'react'
import { useMutation, useQuery, type CombinedError } from 'urql'
import { graphql } from '../../gql/gql.ts'
import type { SessionsQuery } from '../../gql/graphql.ts'
import { describeError } from '../../ui/errors.ts'
import { Age } from '../../ui/format/age.tsx'
import { useSignOut } from '../../ui/shell/account-menu.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { deviceOf } from './device.ts'
import { formatDate } from './moments.ts'
import { PeopleList, PersonRow } from './people-list.tsx'

const SessionsDocument = graphql(`
  query Sessions {
    viewer {
      sessions {
        id
        current
        createdAt
        lastUsedAt
        expiresAt
        userAgent
        address
      }
    }
  }
`)

const EndSessionDocument = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    endSession(input: $input) {
      id
    }
  }
`)

const EndOtherSessionsDocument = graphql(`
  mutation EndOtherSessions {
    endOtherSessions {
      ended
    }
  }
`)

type Session = NonNullable<SessionsQuery['viewer']>['sessions'][number]
type Outcome = { said: string } | { failed: string }

/** Where the viewer is signed in, and the ways to end that: here, elsewhere, everywhere. */
export function Sessions() {
  const [{ data, error, fetching }, reload] = useQuery({ query: SessionsDocument, requestPolicy: 'cache-and-network' })
  const { act, outcome, busy, forget } = useEnding(() => reload({ requestPolicy: 'network-only' }))
  const [, endSession] = useMutation(EndSessionDocument)
  const [, endOthers] = useMutation(EndOtherSessionsDocument)
  const leave = useSignOut()
  if (!data && fetching) return <Skeleton variant="rounded" height={64} />
  if (!data?.viewer) return <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
  const { sessions } = data.viewer
  const end = (session: Session) => {
    if (session.current) return act(() => leave(false))
    const name = deviceOf(session.userAgent)
    return act(() => endSession({ input: { id: session.id } }).then((result) => result.error), `${name} is signed out.`)
  }
  return (
    <>
      {outcome && <OutcomeNotice outcome={outcome} onClose={forget} />}
      <PeopleList label="Where you are signed in">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} disabled={busy} onEnd={() => void end(session)} />
        ))}
      </PeopleList>
      {sessions.length > 1 && (
        <Box sx={{ display: 'flex', gap: 1.5, flexWrap: 'wrap', mt: 2 }}>
          <Button
            variant="outlined"
            disabled={busy}
            onClick={() => void act(() => endOthers({}).then((result) => result.error), 'You are signed in here only now.')}
          >
            Sign out everywhere else
          </Button>
          <Button color="error" disabled={busy} onClick={() => void act(() => leave(true))}>
            Sign out everywhere
          </Button>
        </Box>
      )}
    </>
  )
}

/** Does one thing at a time, says what came of it and reads the list again. */
function useEnding(reload: () => void) {
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [busy, setBusy] = useState(false)
  const act = async (work: () => Promise<CombinedError | undefined>, said?: string) => {
    setBusy(true)
    const error = await work()
    setBusy(false)
    // Somebody was faster: what was wanted has happened.
    const isGone = error?.graphQLErrors[0]?.extensions['code'] === 'NOT_FOUND'
    if (error && !isGone) return setOutcome({ failed: describeError(error).detail })
    if (said === undefined) return undefined
    setOutcome({ said })
    return reload()
  }
  return { act, outcome, busy, forget: () => setOutcome(null) }
}

function OutcomeNotice({ outcome, onClose }: { outcome: Outcome; onClose(): void }) {
  return (
    <Alert severity={'said' in outcome ? 'success' : 'error'} onClose={onClose} sx={{ mb: 2 }}>
      {'said' in outcome ? outcome.said : `That did not work, and nothing was changed. ${outcome.failed}`}
    </Alert>
  )
}

function SessionRow({ session, disabled, onEnd }: { session: Session; disabled: boolean; onEnd(): void }) {
  const { current, createdAt, lastUsedAt, expiresAt, address } = session
  const name = deviceOf(session.userAgent)
  return (
    <PersonRow
      name={name}
      icon={<DevicesOutlined fontSize="small" />}
      mark={current && <Chip size="small" color="primary" variant="outlined" label="This browser" />}
      actions={
        <Button
          size="small"
          disabled={disabled}
          aria-label={current ? 'Sign out of this browser' : `Sign out ${name}`}
          onClick={onEnd}
        >
          Sign out
        </Button>
      }
    >
      Signed in <Age at={createdAt} />
      {address && ` from ${address}`}
      {!current && lastUsedAt && (
        <>
          {' · last used '}
          <Age at={lastUsedAt} />
        </>
      )}
      {` · until ${formatDate(expiresAt)} at the latest`}
    </PersonRow>
  )
}
