import { useViewer } from '../../ui/session/viewer.ts'
import { ClientsPanel } from './clients-panel.tsx'
import { LimitsPanel } from './limits-panel.tsx'
import { OrganizationForm } from './organization-form.tsx'

/** `/settings/organization`: the active organisation, its runs' limits, and an agency's clients. */
export function Component() {
  const { organization } = useViewer()
  return (
    <>
      <OrganizationForm key={organization.id} />
      <LimitsPanel key={`limits of ${organization.id}`} />
      {organization.kind === 'AGENCY' && <ClientsPanel />}
    </>
  )
}
