import { createBrowserRouter, Navigate, type RouteObject } from 'react-router'
import { RequireViewer } from './ui/session/require-viewer.tsx'
import { AppShell } from './ui/shell/app-shell.tsx'
import { PageError } from './ui/shell/page-error.tsx'
import { ShellSkeleton } from './ui/shell/shell-skeleton.tsx'

/** Each page is a chunk of its own; charts and the graph are fetched by the pages that draw them. */
const routes: RouteObject[] = [
  { path: '/sign-in', lazy: () => import('./features/sign-in/sign-in-page.tsx') },
  { path: '/invitations/:invitationId', lazy: () => import('./features/invitations/invitation-page.tsx') },
  {
    element: <RequireViewer />,
    children: [
      {
        element: <AppShell />,
        children: [
          {
            errorElement: <PageError />,
            children: [
              { path: '/', element: <Navigate to="/value" replace /> },
              {
                path: '/value',
                lazy: () => import('./features/value/value-layout.tsx'),
                children: [
                  { index: true, lazy: () => import('./features/value/value-page.tsx') },
                  { path: 'technical', lazy: () => import('./features/health/health-page.tsx') },
                ],
              },
              { path: '/runs', lazy: () => import('./features/runs/runs-page.tsx') },
              { path: '/runs/attention', lazy: () => import('./features/runs/attention-page.tsx') },
              { path: '/runs/:runId', lazy: () => import('./features/runs/run-page.tsx') },
              { path: '/workflows', lazy: () => import('./features/workflows/workflows-page.tsx') },
              { path: '/workflows/:workflowId', lazy: () => import('./features/workflows/workflow-page.tsx') },
              { path: '/workflows/:workflowId/draft', lazy: () => import('./features/workflows/editor-page.tsx') },
              { path: '/workflows/:workflowId/compare', lazy: () => import('./features/workflows/compare-page.tsx') },
              { path: '/triggers', lazy: () => import('./features/triggers/triggers-page.tsx') },
              { path: '/reviews', lazy: () => import('./features/reviews/reviews-page.tsx') },
              { path: '/reviews/:reviewId', lazy: () => import('./features/reviews/reviews-page.tsx') },
              { path: '/knowledge', lazy: () => import('./features/knowledge/knowledge-page.tsx') },
              { path: '/knowledge/:baseId', lazy: () => import('./features/knowledge/base-page.tsx') },
              {
                path: '/settings',
                lazy: () => import('./features/settings/settings-layout.tsx'),
                children: [
                  { index: true, lazy: () => import('./features/settings/profile-page.tsx') },
                  { path: 'members', lazy: () => import('./features/settings/members-page.tsx') },
                  { path: 'organization', lazy: () => import('./features/settings/organization-page.tsx') },
                  { path: 'service-clients', lazy: () => import('./features/settings/service-clients-page.tsx') },
                  { path: 'alerts', lazy: () => import('./features/alerts/alerts-page.tsx') },
                  { path: 'audit', lazy: () => import('./features/audit/audit-page.tsx') },
                  { path: 'connections', lazy: () => import('./features/connections/connections-page.tsx') },
                  { path: 'connections/authorized', lazy: () => import('./features/connections/authorized-page.tsx') },
                ],
              },
              { path: '*', element: <PageError /> },
            ],
          },
        ],
      },
    ],
  },
]

export const router = createBrowserRouter([{ HydrateFallback: ShellSkeleton, errorElement: <PageError />, children: routes }])
