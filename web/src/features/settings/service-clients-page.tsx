import AddOutlined from '@mui/icons-material/AddOutlined'
import MemoryOutlined from '@mui/icons-material/MemoryOutlined'
import Button from '@mui/material/Button'
import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'
import { useState } from 'react'
import { useQuery } from 'urql'
import { useViewer } from '../../ui/session/viewer.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { CreateServiceClientDialog } from './create-service-client-dialog.tsx'
import { HandOverDialog, type HandOver } from './hand-over-dialog.tsx'
import { RevokeDialog, RotateDialog } from './service-client-dialogs.tsx'
import { ServiceClientCard, type ServiceClient } from './service-client-card.tsx'
import { ServiceClientsDocument } from './settings.documents.ts'

/** An empty list names no type that a mutation could touch: it is named here. */
const context = { additionalTypenames: ['ServiceClient', 'ServiceClientSecret'] }

type Open =
  { kind: 'creation' } | { kind: 'rotation' | 'revocation'; client: ServiceClient } | { kind: 'hand-over'; made: HandOver }

/** `/settings/service-clients`: the programs that act for the organisation or that people sign in to it with. */
export function Component() {
  const { organization } = useViewer()
  const [open, setOpen] = useState<Open | null>(null)
  const [{ data, error, fetching }, reload] = useQuery({
    query: ServiceClientsDocument,
    variables: { id: organization.id },
    requestPolicy: 'cache-and-network',
    context,
  })
  const clients = data?.organization?.serviceClients
  const close = () => setOpen(null)
  const handOver = (made: HandOver) => setOpen({ kind: 'hand-over', made })
  return (
    <>
      <Panel
        title="With access"
        aside={
          <Button variant="contained" startIcon={<AddOutlined />} onClick={() => setOpen({ kind: 'creation' })}>
            Let a program in
          </Button>
        }
      >
        {!clients && fetching && <Skeleton variant="rounded" height={140} />}
        {!clients && !fetching && <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
        {clients?.length === 0 && (
          <EmptyState icon={<MemoryOutlined />} title="No program has access">
            n8n, a partner’s server or an application of your own gets an id here, and a secret, with the rights that you choose.
          </EmptyState>
        )}
        {clients && clients.length > 0 && (
          <Box component="ul" aria-label="Programs" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.5 }}>
            {clients.map((client) => (
              <ServiceClientCard
                key={client.id}
                client={client}
                onRotate={() => setOpen({ kind: 'rotation', client })}
                onRevoke={() => setOpen({ kind: 'revocation', client })}
              />
            ))}
          </Box>
        )}
      </Panel>
      {open?.kind === 'creation' && <CreateServiceClientDialog onMade={handOver} onClose={close} />}
      {open?.kind === 'rotation' && <RotateDialog client={open.client} onMade={handOver} onClose={close} />}
      {open?.kind === 'revocation' && <RevokeDialog client={open.client} onClose={close} />}
      {open?.kind === 'hand-over' && <HandOverDialog made={open.made} onClose={close} />}
    </>
  )
}
