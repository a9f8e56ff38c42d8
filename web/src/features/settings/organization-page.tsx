import { useViewer } from '../../ui/session/viewer.ts'
import { ClientsPanel } from './clients-panel.tsx'
import { OrganizationForm } from './organization-form.tsx'

/** `/settings/organization`: the active organisation, and an agency's clients. */
export function Component() {
  const { organization } = useViewer()
  return (
    <>
      <OrganizationForm key={organization.id} />
      {organization.kind === 'AGENCY' && <ClientsPanel />}
    </>
  )
}
