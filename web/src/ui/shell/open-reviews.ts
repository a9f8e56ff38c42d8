import { useRef } from 'react'
import { useQuery } from 'urql'
import { graphql } from '../../gql/gql.ts'
import { useLive } from '../live/use-live.ts'
import { useViewer } from '../session/viewer.ts'

const OpenReviewCount = graphql(`
  query OpenReviewCount {
    reviews(filter: { status: [OPEN] }, first: 1) {
      totalCount
    }
  }
`)

const OpenReviewsMoved = graphql(`
  subscription OpenReviewsMoved {
    reviewsChanged(filter: { status: [OPEN] }) {
      cursor
      kind
    }
  }
`)

/** How many reviews wait for somebody, followed live; undefined until known, or without the right to see them. */
export function useOpenReviewCount(): number | undefined {
  const { scopes } = useViewer()
  const paused = !scopes.includes('wrm:read')
  const [{ data }, reload] = useQuery({ query: OpenReviewCount, pause: paused })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const recount = () => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => reload({ requestPolicy: 'network-only' }), 400)
  }
  useLive({ document: OpenReviewsMoved, variables: {}, paused, onEvent: recount, onGap: recount })
  return data?.reviews.totalCount
}
