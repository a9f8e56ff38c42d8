import AddBusinessOutlined from '@mui/icons-material/AddBusinessOutlined'
import ApartmentOutlined from '@mui/icons-material/ApartmentOutlined'
import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import { useState } from 'react'
import { useQuery } from 'urql'
import { describeError } from '../../ui/errors.ts'
import { useViewer } from '../../ui/session/viewer.ts'
import { useSwitchOrganization } from '../../ui/shell/use-switch-organization.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { AddClientDialog } from './add-client-dialog.tsx'
import { PeopleList, PersonRow } from './people-list.tsx'
import { ClientsDocument } from './settings.documents.ts'

/** An agency's clients: taken on here, managed by switching to them. */
export function ClientsPanel() {
  const { organization } = useViewer()
  const [adding, setAdding] = useState(false)
  const [said, setSaid] = useState<string | null>(null)
  const [{ data, error, fetching }, reload] = useQuery({ query: ClientsDocument, requestPolicy: 'cache-and-network' })
  const { switchTo, error: refused, fetching: switching } = useSwitchOrganization()
  const clients = data?.organizations.filter(({ agency }) => agency?.id === organization.id)
  const again = () => reload({ requestPolicy: 'network-only' })
  return (
    <Panel
      title="Clients"
      aside={
        <Button variant="contained" startIcon={<AddBusinessOutlined />} onClick={() => setAdding(true)}>
          Add a client
        </Button>
      }
    >
      {said && (
        <Alert severity="success" onClose={() => setSaid(null)} sx={{ mb: 2 }}>
          {said}
        </Alert>
      )}
      {refused && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {describeError(refused).detail}
        </Alert>
      )}
      {!clients && fetching && <Skeleton variant="rounded" height={120} />}
      {!clients && !fetching && <ErrorState error={error} onRetry={again} />}
      {clients?.length === 0 && (
        <EmptyState icon={<ApartmentOutlined />} title="No client yet">
          A client is an organisation of its own: its members see its runs and nobody else’s.
        </EmptyState>
      )}
      {clients && clients.length > 0 && (
        <PeopleList label="Clients">
          {clients.map(({ id, name, timeZone, members }) => (
            <PersonRow
              key={id}
              name={name}
              actions={
                <Button size="small" disabled={switching} aria-label={`Switch to ${name}`} onClick={() => void switchTo(id)}>
                  Switch to it
                </Button>
              }
            >
              {members.totalCount === 0 ? 'no members yet' : membersWords(members.totalCount)} · times of {timeZone}
            </PersonRow>
          ))}
        </PeopleList>
      )}
      {adding && (
        <AddClientDialog
          onClose={() => setAdding(false)}
          onAdded={(words) => {
            setAdding(false)
            setSaid(words)
            again()
          }}
        />
      )}
    </Panel>
  )
}

const membersWords = (count: number) => (count === 1 ? '1 member' : `${count} members`)
