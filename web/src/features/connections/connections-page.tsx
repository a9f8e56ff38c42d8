import Skeleton from '@mui/material/Skeleton'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { CredentialKind } from '../../gql/graphql.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { ConnectionPanel } from './connection-panel.tsx'
import type { Connection } from './connection-kinds.ts'
import { ConnectionsDocument } from './connections.documents.ts'
import { DeleteDialog } from './delete-dialog.tsx'
import { OutsidePanels } from './outside-panels.tsx'
import { ModelDialog } from './model-dialog.tsx'
import { N8nDialog } from './n8n-dialog.tsx'

/** An empty list names no type that a mutation could touch: it is named here. */
const context = { additionalTypenames: ['Credential'] }

type Open = { kind: 'edit'; of: CredentialKind } | { kind: 'deletion'; connection: Connection }

/** `/settings/connections`: what the organisation connects of its own. Secrets go in and never come out. */
export function Component() {
  const [open, setOpen] = useState<Open | null>(null)
  const [{ data, error, fetching }, reload] = useQuery({
    query: ConnectionsDocument,
    requestPolicy: 'cache-and-network',
    context,
  })
  const close = () => setOpen(null)
  const connections = data?.credentials
  if (!connections && fetching) return <Skeleton variant="rounded" height={180} />
  if (!connections) return <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
  const find = (kind: CredentialKind) => connections.find((connection) => connection.kind === kind)
  return (
    <>
      {(['N8N_WEBHOOK', 'OPENAI', 'ANTHROPIC'] as const).map((kind) => (
        <ConnectionPanel
          key={find(kind)?.id ?? kind}
          kind={kind}
          connection={find(kind)}
          connections={connections}
          onEdit={() => setOpen({ kind: 'edit', of: kind })}
          onDelete={(connection) => setOpen({ kind: 'deletion', connection })}
        />
      ))}
      <OutsidePanels />
      {open?.kind === 'edit' && open.of === 'N8N_WEBHOOK' && <N8nDialog current={find('N8N_WEBHOOK')} onClose={close} />}
      {open?.kind === 'edit' && open.of !== 'N8N_WEBHOOK' && (
        <ModelDialog kind={open.of} current={find(open.of)} onClose={close} />
      )}
      {open?.kind === 'deletion' && <DeleteDialog connection={open.connection} onClose={close} />}
    </>
  )
}
