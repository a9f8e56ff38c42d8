import type { CombinedError } from 'urql'

export interface FieldFault {
  path: string
  message: string
}

export interface Fault {
  /** The platform's code (`CONFLICT`), or `OFFLINE` when no answer came. */
  code: string
  title: string
  detail: string
  fields: FieldFault[]
  /** What stands, for CONFLICT and PRECONDITION_FAILED. */
  current?: unknown
  requestId?: string
}

const titles: Record<string, string> = {
  OFFLINE: 'The platform cannot be reached',
  UNAUTHENTICATED: 'You are not signed in',
  FORBIDDEN: 'You do not have the right to do this',
  NOT_FOUND: 'Not found',
  BAD_USER_INPUT: 'Something needs a correction',
  CONFLICT: 'Somebody was faster',
  PRECONDITION_FAILED: 'This has moved on',
  RATE_LIMITED: 'Too many attempts',
  UNAVAILABLE: 'A part of the platform is down',
  INTERNAL: 'Something went wrong on our side',
}

/** Turns any failure of a request into words for the person in front of it. */
export function describeError(error: CombinedError | undefined): Fault {
  const first = error?.graphQLErrors[0]
  if (!first) {
    const detail = navigator.onLine
      ? 'There was no answer. It may be restarting; try again in a moment.'
      : 'This device is offline.'
    return { code: 'OFFLINE', title: titles['OFFLINE']!, detail, fields: [] }
  }
  const { code = 'INTERNAL', fields = [], current, requestId, retryAfterSeconds } = first.extensions as Extensions
  const detail =
    code === 'RATE_LIMITED' && retryAfterSeconds ? `You can try again in ${inWords(retryAfterSeconds)}.` : first.message
  return { code, title: titles[code] ?? 'That did not work', detail, fields, current, requestId }
}

type Extensions = Partial<Fault> & { retryAfterSeconds?: number }

/** `40 seconds`, `15 minutes`, `2 hours`: never less than it is. */
function inWords(seconds: number): string {
  const [count, unit] =
    seconds <= 90
      ? [Math.ceil(seconds), 'second']
      : seconds <= 5_400
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 3_600), 'hour']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** The message for one field of a form, matched by the end of its path: `text` finds `input.text`. */
export const faultOf = (fault: Fault | undefined, field: string): string | undefined =>
  fault?.fields.find(({ path }) => path === field || path.endsWith(`.${field}`))?.message
