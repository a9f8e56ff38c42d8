import EditOutlined from '@mui/icons-material/EditOutlined'
import PersonAddAltOutlined from '@mui/icons-material/PersonAddAltOutlined'
import PersonRemoveOutlined from '@mui/icons-material/PersonRemoveOutlined'
import GroupsOutlined from '@mui/icons-material/GroupsOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Chip from '@mui/material/Chip'
import IconButton from '@mui/material/IconButton'
import Skeleton from '@mui/material/Skeleton'
import Tooltip from '@mui/material/Tooltip'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { MembersQuery } from '../../gql/graphql.ts'
import { formatMonth } from './moments.ts'
import { useCan, useViewer } from '../../ui/session/viewer.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { roleWords } from '../../ui/words.ts'
import { ChangeRoleDialog, RemoveMemberDialog } from './member-dialogs.tsx'
import { PeopleList, PersonRow } from './people-list.tsx'
import { MembersDocument } from './settings.documents.ts'

type Member = NonNullable<MembersQuery['organization']>['members']['nodes'][number]
type Act = { kind: 'role' | 'removal'; member: Member }

const nameOfMember = ({ user }: Member) => user?.displayName ?? 'Somebody'

export interface MembersPanelProps {
  onInvite(): void
  /** Told what was done, to be said on the page. */
  onDone(words: string): void
}

export function MembersPanel({ onInvite, onDone }: MembersPanelProps) {
  const { organization } = useViewer()
  const mayManage = useCan('org:admin')
  const [pages, setPages] = useState<(string | null)[]>([null])
  const [act, setAct] = useState<Act | null>(null)
  const close = (done?: string) => {
    setAct(null)
    if (done) onDone(done)
  }
  const Dialog = act?.kind === 'role' ? ChangeRoleDialog : RemoveMemberDialog
  return (
    <Panel
      title="People"
      aside={
        mayManage && (
          <Button variant="contained" startIcon={<PersonAddAltOutlined />} onClick={onInvite}>
            Invite
          </Button>
        )
      }
    >
      {pages.map((after, index) => (
        <MembersPage
          key={after ?? 'first'}
          organizationId={organization.id}
          after={after}
          isLast={index === pages.length - 1}
          onMore={(cursor) => setPages([...pages, cursor])}
          onAct={mayManage ? setAct : undefined}
        />
      ))}
      {act && <Dialog membershipId={act.member.id} name={nameOfMember(act.member)} role={act.member.role} onClose={close} />}
    </Panel>
  )
}

interface MembersPageProps {
  organizationId: string
  after: string | null
  isLast: boolean
  onMore(cursor: string): void
  onAct: ((act: Act) => void) | undefined
}

function MembersPage({ organizationId, after, isLast, onMore, onAct }: MembersPageProps) {
  const [{ data, error, fetching }, reload] = useQuery({
    query: MembersDocument,
    variables: { id: organizationId, after },
    requestPolicy: 'cache-and-network',
  })
  const members = data?.organization?.members
  if (!members) {
    if (fetching) return <Skeleton variant="rounded" height={140} />
    return <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
  }
  if (members.totalCount === 0) {
    return (
      <EmptyState icon={<GroupsOutlined />} title="Nobody yet">
        Invite the first owner: until then only your agency sees this organisation.
      </EmptyState>
    )
  }
  return (
    <>
      <PeopleList label="Members">
        {members.nodes.map((member) => (
          <MemberRow key={member.id} member={member} onAct={onAct} />
        ))}
      </PeopleList>
      {isLast && members.pageInfo.hasNextPage && (
        <Button onClick={() => onMore(members.pageInfo.endCursor!)}>Show more of {members.totalCount}</Button>
      )}
    </>
  )
}

function MemberRow({ member, onAct }: { member: Member; onAct: ((act: Act) => void) | undefined }) {
  const { actor } = useViewer()
  const name = nameOfMember(member)
  const isViewer = actor.__typename === 'User' && actor.id === member.user?.id
  return (
    <PersonRow
      name={name}
      mark={isViewer && <Chip size="small" color="primary" variant="outlined" label="You" />}
      actions={
        <>
          <Chip label={roleWords(member.role)} sx={{ alignSelf: 'center', mr: 0.5 }} />
          {onAct && (
            <>
              <Tooltip title="Change the role">
                <IconButton aria-label={`Change the role of ${name}`} onClick={() => onAct({ kind: 'role', member })}>
                  <EditOutlined fontSize="small" />
                </IconButton>
              </Tooltip>
              <Tooltip title="Remove">
                <IconButton aria-label={`Remove ${name}`} onClick={() => onAct({ kind: 'removal', member })}>
                  <PersonRemoveOutlined fontSize="small" />
                </IconButton>
              </Tooltip>
            </>
          )}
        </>
      }
    >
      {member.user?.email} ·{' '}
      <Box component="span" sx={{ whiteSpace: 'nowrap' }}>
        since {formatMonth(member.since)}
      </Box>
    </PersonRow>
  )
}
