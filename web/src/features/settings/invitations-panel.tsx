import ForwardToInboxOutlined from '@mui/icons-material/ForwardToInboxOutlined'
import MailOutlined from '@mui/icons-material/MailOutlined'
import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Chip from '@mui/material/Chip'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useMutation, useQuery } from 'urql'
import type { InvitationsQuery } from '../../gql/graphql.ts'
import { ConfirmDialog } from '../../ui/dialogs/confirm-dialog.tsx'
import { describeError } from '../../ui/errors.ts'
import { Age } from '../../ui/format/age.tsx'
import { useViewer } from '../../ui/session/viewer.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { roleWords } from '../../ui/words.ts'
import { formatDate } from './moments.ts'
import { PeopleList, PersonRow } from './people-list.tsx'
import { InvitationsDocument, ResendInvitationDocument, WithdrawInvitationDocument } from './settings.documents.ts'

type Invitation = NonNullable<InvitationsQuery['organization']>['invitations'][number]

/** An empty list names no type that a mutation could touch: it is named here. */
const context = { additionalTypenames: ['Invitation'] }

export function InvitationsPanel({ onDone }: { onDone(words: string): void }) {
  const { organization } = useViewer()
  const [{ data, error, fetching }, reload] = useQuery({
    query: InvitationsDocument,
    variables: { id: organization.id },
    requestPolicy: 'cache-and-network',
    context,
  })
  const invitations = data?.organization?.invitations
  return (
    <Panel title="Invitations">
      {!invitations && fetching && <Skeleton variant="rounded" height={56} />}
      {!invitations && !fetching && <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {invitations?.length === 0 && <Typography sx={{ color: 'text.secondary' }}>Nobody is invited at the moment.</Typography>}
      {invitations && invitations.length > 0 && (
        <PeopleList label="Invitations">
          {invitations.map((invitation) => (
            <InvitationRow key={invitation.id} invitation={invitation} onDone={onDone} />
          ))}
        </PeopleList>
      )}
    </Panel>
  )
}

interface InvitationRowProps {
  invitation: Invitation
  onDone(words: string): void
}

function InvitationRow({ invitation, onDone }: InvitationRowProps) {
  const { id, email, role, status, sentAt, expiresAt, invitedBy } = invitation
  const [{ fetching, error }, resend] = useMutation(ResendInvitationDocument)
  const [asking, setAsking] = useState(false)
  const sendAgain = async () => {
    const { data } = await resend({ input: { id } })
    if (data) onDone(`${email} has the invitation again, good until ${formatDate(data.resendInvitation.invitation.expiresAt)}.`)
  }
  return (
    <PersonRow
      name={email}
      icon={<MailOutlined fontSize="small" />}
      mark={status === 'EXPIRED' && <Chip size="small" color="warning" variant="outlined" label="Expired" />}
      actions={
        <>
          <Button size="small" startIcon={<ForwardToInboxOutlined />} loading={fetching} onClick={() => void sendAgain()}>
            Send again
          </Button>
          <Button size="small" color="error" onClick={() => setAsking(true)}>
            Withdraw
          </Button>
        </>
      }
    >
      {roleWords(role)} · sent <Age at={sentAt} />
      {invitedBy && ` by ${invitedBy.displayName}`}
      {status === 'OPEN' && ` · good until ${formatDate(expiresAt)}`}
      {error && (
        <Alert severity="error" sx={{ mt: 1 }}>
          {describeError(error).detail}
        </Alert>
      )}
      {asking && <WithdrawDialog invitation={invitation} onDone={onDone} onClose={() => setAsking(false)} />}
    </PersonRow>
  )
}

function WithdrawDialog({ invitation, onDone, onClose }: InvitationRowProps & { onClose(): void }) {
  const [{ fetching, error }, withdraw] = useMutation(WithdrawInvitationDocument)
  const confirm = async () => {
    const { data } = await withdraw({ input: { id: invitation.id } })
    if (!data) return
    onClose()
    onDone(`The invitation of ${invitation.email} works no more.`)
  }
  return (
    <ConfirmDialog
      title="Withdraw this invitation?"
      confirm="Withdraw"
      destructive
      busy={fetching}
      error={error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      {invitation.email} cannot join by it any more. You can invite the address again later.
    </ConfirmDialog>
  )
}
