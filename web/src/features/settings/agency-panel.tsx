import MemoryOutlined from '@mui/icons-material/MemoryOutlined'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { useQuery } from 'urql'
import { useViewer } from '../../ui/session/viewer.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { roleWords } from '../../ui/words.ts'
import { formatMonth } from './moments.ts'
import { PeopleList, PersonRow } from './people-list.tsx'
import { inOrder, scopeWords } from '../../ui/scope-words.ts'
import { AgencyAccessDocument } from './settings.documents.ts'

/** Tells a client who sees its data beside its own members. */
export function AgencyPanel() {
  const { organization } = useViewer()
  const [{ data, error, fetching }, reload] = useQuery({ query: AgencyAccessDocument, variables: { id: organization.id } })
  const agency = data?.organization?.agencyAccess
  return (
    <Panel title="Who else sees our data?">
      {!data && fetching && <Skeleton variant="rounded" height={80} />}
      {!agency && !fetching && <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {agency && (
        <>
          <Typography sx={{ color: 'text.secondary', mb: 1.5 }}>
            {agency.name} runs your automations. These of its people can see and act here, beside the members above and the
            programs that your owners have let in. Nobody else can.
          </Typography>
          <PeopleList label={`People and programs of ${agency.name}`}>
            {agency.people.map(({ user, role, since }) => (
              <PersonRow key={user?.id} name={user?.displayName ?? 'Somebody'}>
                {roleWords(role)} at {agency.name} · since {formatMonth(since)}
              </PersonRow>
            ))}
            {agency.programs.map(({ id, name, scopes }) => (
              <PersonRow key={id} name={name} icon={<MemoryOutlined fontSize="small" />}>
                A program of {agency.name} · {inOrder(scopes).map(scopeWords).join(' · ')}
              </PersonRow>
            ))}
          </PeopleList>
        </>
      )}
    </Panel>
  )
}
