import { useLocation, useNavigate } from 'react-router'
import { useMutation } from 'urql'
import { graphql } from '../../gql/gql.ts'
import { useRenewSession } from '../session/session-provider.tsx'
import { pathAfterSwitch } from './path-after-switch.ts'

const SwitchOrganizationDocument = graphql(`
  mutation SwitchOrganization($input: SwitchOrganizationInput!) {
    switchOrganization(input: $input) {
      viewer {
        role
      }
    }
  }
`)

/** Goes on in another organisation; a page about one thing of the former one gives way to the list of such things. */
export function useSwitchOrganization() {
  const [{ error, fetching }, mutate] = useMutation(SwitchOrganizationDocument)
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const renew = useRenewSession()
  const switchTo = async (organizationId: string) => {
    const result = await mutate({ input: { organizationId } })
    if (result.error) return
    const next = pathAfterSwitch(pathname)
    if (next !== pathname) await navigate(next)
    renew()
  }
  return { switchTo, error, fetching }
}
