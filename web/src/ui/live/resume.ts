export interface ResumablePayload {
  query?: string | undefined
  variables?: Record<string, unknown> | undefined
}

export interface EventResult {
  data?: Record<string, unknown> | null | undefined
}

/**
 * Moves a subscription's `after` to the event just seen. After a cut graphql-ws sends the payload it was given once more, so changing it in
 * place is what makes the server go on there instead of replaying everything.
 */
export function resumeAfter(payload: ResumablePayload, result: EventResult): void {
  if (!/\$after\s*:/.test(payload.query ?? '')) return
  const position = positionOf(result)
  if (position !== undefined) payload.variables = { ...payload.variables, after: position }
}

/** The position that an event carries: `seq` of a transition, `cursor` of a change in a list. */
export function positionOf(result: EventResult): number | string | undefined {
  const event = Object.values(result.data ?? {})[0] as { seq?: number; cursor?: string } | null | undefined
  return event?.seq ?? event?.cursor
}
