import { createContext, use } from 'react'
import { graphql } from '../../gql/gql.ts'
import type { ViewerQuery } from '../../gql/graphql.ts'

export const ViewerDocument = graphql(`
  query Viewer {
    viewer {
      role
      scopes
      organization {
        id
        name
        kind
        timeZone
      }
      actor {
        __typename
        ... on User {
          id
          displayName
          email
        }
        ... on ServiceClient {
          id
          name
        }
        ... on SystemActor {
          id
          name
        }
      }
    }
  }
`)

export type Viewer = NonNullable<ViewerQuery['viewer']>

export const ViewerContext = createContext<Viewer | null>(null)

/** The signed-in person; only below the shell. */
export function useViewer(): Viewer {
  const viewer = use(ViewerContext)
  if (viewer === null) throw new Error('useViewer outside the signed-in part')
  return viewer
}

/** Whether the viewer holds a scope, to hide what the platform would refuse anyway. */
export const useCan = (scope: string): boolean => useViewer().scopes.includes(scope)
