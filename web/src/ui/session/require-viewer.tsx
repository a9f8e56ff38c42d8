import { useEffect } from 'react'
import { Navigate, Outlet, useLocation } from 'react-router'
import { useQuery } from 'urql'
import { ErrorState } from '../states/error-state.tsx'
import { ShellSkeleton } from '../shell/shell-skeleton.tsx'
import { onSessionRenewed } from './refresh-session.ts'
import { sameRights } from './same-rights.ts'
import { useRenewSession } from './session-provider.tsx'
import { ViewerContext, ViewerDocument, type Viewer } from './viewer.ts'

/** Lets signed-in people through; others sign in first and come back to where they wanted to go. */
export function RequireViewer() {
  const [{ data, error, fetching }, reload] = useQuery({ query: ViewerDocument })
  const { pathname, search } = useLocation()
  useFollowRights(data?.viewer)
  const signedOut = data?.viewer === null || error?.graphQLErrors.some((fault) => fault.extensions['code'] === 'UNAUTHENTICATED')
  if (data?.viewer) {
    return (
      <ViewerContext value={data.viewer}>
        <Outlet />
      </ViewerContext>
    )
  }
  if (fetching) return <ShellSkeleton />
  if (signedOut) return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />
  return <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} page />
}

/** Starts anew with the rights that a renewal brought, when they are others: nothing that only the former ones showed stays on the page. */
function useFollowRights(viewer: Viewer | null | undefined) {
  const renew = useRenewSession()
  useEffect(
    () =>
      onSessionRenewed((rights) => {
        if (viewer && !sameRights(viewer, rights)) renew()
      }),
    [viewer, renew],
  )
}

/** Where to go after signing in: a path of this site, or the start. */
export function nextPath(search: URLSearchParams): string {
  const next = search.get('next') ?? '/'
  return /^\/(?![/\\])/.test(next) ? next : '/'
}
