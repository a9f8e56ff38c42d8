import Skeleton from '@mui/material/Skeleton'
import { useQuery } from 'urql'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { AccountsPanel } from './accounts-panel.tsx'
import { ToolsDocument } from './tools.documents.ts'
import { ToolsPanel } from './tools-panel.tsx'

/** Empty lists name no type that a mutation could touch: they are named here. */
const context = { additionalTypenames: ['Tool', 'Account'] }

/** What workflows may do at other services, and the accounts that they do it with. */
export function OutsidePanels() {
  const [{ data, error, fetching }, reload] = useQuery({ query: ToolsDocument, requestPolicy: 'cache-and-network', context })
  if (!data && fetching) return <Skeleton variant="rounded" height={180} />
  if (!data) return <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
  const { tools, connectors, accounts, accountReturnUrl } = data
  return (
    <>
      <AccountsPanel accounts={accounts} returnUrl={accountReturnUrl} />
      <ToolsPanel tools={tools} kinds={connectors} accounts={accounts} />
    </>
  )
}
