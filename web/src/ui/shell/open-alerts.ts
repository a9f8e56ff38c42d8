import { useRef, useState } from 'react'
import { useQuery } from 'urql'
import { graphql } from '../../gql/gql.ts'
import type { OpenAlertMovedSubscription } from '../../gql/graphql.ts'
import { useLive } from '../live/use-live.ts'
import { useCan } from '../session/viewer.ts'

const OpenAlertCount = graphql(`
  query OpenAlertCount {
    alerts(filter: { open: true }, first: 1) {
      totalCount
    }
  }
`)

const OpenAlertMoved = graphql(`
  subscription OpenAlertMoved {
    alertRaised {
      id
      title
      acknowledgedAt
    }
  }
`)

export type RaisedAlert = OpenAlertMovedSubscription['alertRaised']

export interface OpenAlerts {
  /** Undefined until known, or without the right to see them. */
  count: number | undefined
  /** One that was raised while this page is open, until it is dismissed. */
  raised: RaisedAlert | null
  dismiss(): void
}

/** How many alerts nobody has seen to, followed live. */
export function useOpenAlerts(): OpenAlerts {
  const paused = !useCan('audit:read')
  const [{ data }, reload] = useQuery({ query: OpenAlertCount, pause: paused })
  const [raised, setRaised] = useState<RaisedAlert | null>(null)
  const told = useRef(new Set<string>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const recount = () => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => reload({ requestPolicy: 'network-only' }), 400)
  }
  const onEvent = ({ alertRaised }: OpenAlertMovedSubscription) => {
    recount()
    if (alertRaised.acknowledgedAt || told.current.has(alertRaised.id)) return
    told.current.add(alertRaised.id)
    setRaised(alertRaised)
  }
  useLive({ document: OpenAlertMoved, variables: {}, paused, onEvent, onGap: recount })
  return { count: data?.alerts.totalCount, raised, dismiss: () => setRaised(null) }
}
