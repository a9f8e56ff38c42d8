import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { useEffect, useEffectEvent } from 'react'
import { useClient, type AnyVariables } from 'urql'
import { onReconnect } from './connection-state.ts'
import { positionOf } from './resume.ts'
import { backoffMs } from './socket.ts'

export interface LiveOptions<D, V> {
  document: TypedDocumentNode<D, V>
  variables: V & { after?: unknown }
  /** Nothing is subscribed while true. */
  paused?: boolean
  onEvent(data: D): void
  /** Events may have been missed: read the whole again. Not called for a subscription that resumes by `after`. */
  onGap?(): void
}

/**
 * Follows a subscription for as long as the component lives. The socket reconnects by itself; a subscription that the server ends with an
 * error is started again here, after its last event.
 */
export function useLive<D, V extends AnyVariables>(options: LiveOptions<D, V>): void {
  const client = useClient()
  const { document, variables, paused = false } = options
  const onEvent = useEffectEvent((data: D) => options.onEvent(data))
  const onGap = useEffectEvent(() => options.onGap?.())
  const key = JSON.stringify(variables)

  useEffect(() => {
    if (paused) return
    let after = (JSON.parse(key) as { after?: unknown }).after
    let failures = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    let running: { unsubscribe(): void } | undefined
    const start = () => {
      const current = { ...(JSON.parse(key) as object), after } as unknown as V
      running = client.subscription(document, current).subscribe(({ data, error }) => {
        if (data) {
          failures = 0
          after = positionOf({ data }) ?? after
          onEvent(data)
        }
        if (error && !data) restart(error.graphQLErrors.some((fault) => fault.extensions['code'] === 'RESUME_WINDOW_EXCEEDED'))
      })
    }
    const restart = (tooOld: boolean) => {
      running?.unsubscribe()
      clearTimeout(timer)
      if (tooOld) {
        after = undefined
        onGap()
      }
      timer = setTimeout(start, backoffMs(failures++))
    }
    start()
    const forget = onReconnect(() => after === undefined && onGap())
    return () => {
      forget()
      clearTimeout(timer)
      running?.unsubscribe()
    }
  }, [client, document, key, paused])
}
