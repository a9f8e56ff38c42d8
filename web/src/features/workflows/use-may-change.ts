import { useViewer } from '../../ui/session/viewer.ts'

/** Whether the viewer may change this workflow: with the right to, and in the organisation that it belongs to. */
export function useMayChange(organizationId: string | undefined): boolean {
  const { scopes, organization } = useViewer()
  return scopes.includes('workflow:publish') && organization.id === organizationId
}
