import type {
  RunStatus,
  ScheduleCatchUp,
  ScheduleOverlap,
  WebhookDeliveryStatus,
  WebhookSignatureForm,
} from '../../gql/graphql.ts'
import type { Tone } from '../../ui/status/status-chip.tsx'

export const catchUpWords: Record<ScheduleCatchUp, string> = {
  LATEST: 'Make up for the latest one',
  ALL: 'Make up for each of them, the latest ten at most',
  SKIP: 'Leave them out',
}

export const overlapWords: Record<ScheduleOverlap, string> = {
  SKIP: 'Leave this time out',
  QUEUE: 'Wait until it has ended, then start',
  ALLOW: 'Start another one beside it',
}

export const signatureWords: Record<WebhookSignatureForm, string> = {
  STANDARD: 'Standard Webhooks',
  HEX: 'GitHub’s way',
  TIMESTAMPED_HEX: 'Stripe’s way',
}

export const deliveryLooks: Record<WebhookDeliveryStatus, { word: string; tone: Tone }> = {
  ACCEPTED: { word: 'Accepted', tone: 'success' },
  FAILED: { word: 'Started nothing', tone: 'error' },
  REFUSED: { word: 'Turned away', tone: 'warning' },
}

export const endings = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED'] as const satisfies RunStatus[]
export const endingWords: Record<(typeof endings)[number], string> = {
  SUCCEEDED: 'succeeds',
  FAILED: 'fails',
  CANCELLED: 'is cancelled',
  EXPIRED: 'expires',
}

/** `succeeds, fails or expires` */
export function endingsIn(statuses: readonly RunStatus[]): string {
  const words = endings.filter((status) => statuses.includes(status)).map((status) => endingWords[status])
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** `Mon 2 Mar, 08:00`, as the clock shows it in a time zone. */
export const timeIn = (iso: string, timeZone: string): string =>
  new Intl.DateTimeFormat(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
    minute: '2-digit',
    timeZone,
  }).format(new Date(iso))

/** A fault in one sentence, with the fields that it names. */
export const faultWords = ({
  message,
  fields,
}: {
  message: string
  fields?: { path: string; message: string }[] | null
}): string =>
  fields?.length
    ? `${message} ${fields.map((field) => `${field.path.replace(/^(mapping\.)?input\./, '')}: ${field.message}`).join('; ')}`
    : message
