import type { FieldFault } from '@signalbox/shared/errors'
import type { Connector, ConnectorCall } from './connector.ts'
import { fillText, placesOf } from './template.ts'
import { ToolError } from './tool-error.ts'

export interface EmailSettings {
  /** Addresses and domains with commas: "billing@example.com, @example.com". Anybody unless given. */
  recipients?: string
  /** With open places; the arguments are then those, beside `to`. */
  subject?: string
  text?: string
}

const ADDRESS = /^[^\s"\\<>,;@]{1,64}@[^\s"\\<>,;@]{1,190}$/

export const connector = {
  kind: 'email',
  title: 'E-mail',
  description: 'Sends a mail in the name of Signalbox: a reply to a customer, a note to a colleague.',
  settings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      recipients: {
        title: 'Allowed recipients (optional)',
        type: 'string',
        maxLength: 300,
        description: 'Addresses and whole domains, with commas: billing@example.com, @example.com. Without it, anybody.',
      },
      subject: {
        title: 'Subject (optional)',
        type: 'string',
        maxLength: 200,
        description: 'With {{name}} where a value goes. Without it, the workflow writes the subject.',
      },
      text: {
        title: 'Text (optional)',
        type: 'string',
        maxLength: 10_000,
        description: 'With {{name}} where a value goes. Without it, the workflow writes the text.',
      },
    },
  },
  parameters: ({ subject, text }: EmailSettings) => {
    const places = placesOf(subject, text)
    const own = {
      subject: { type: 'string', minLength: 1, maxLength: 200 },
      text: { type: 'string', minLength: 1, maxLength: 50_000 },
    }
    const free = Object.entries(own).filter(([name]) => (name === 'subject' ? subject : text) === undefined)
    return {
      type: 'object',
      additionalProperties: false,
      required: ['to', ...free.map(([name]) => name), ...places],
      properties: {
        to: { type: 'string', maxLength: 254, description: 'One e-mail address.' },
        ...Object.fromEntries(places.map((name) => [name, { type: ['string', 'number', 'boolean'] }])),
        ...Object.fromEntries(free),
      },
    }
  },
  accounts: [],
  idempotency: 'key',
  rateLimit: 30,
  check: ({ recipients }: EmailSettings): FieldFault[] =>
    entriesOf(recipients).every((entry) => ADDRESS.test(entry.startsWith('@') ? `x${entry}` : entry))
      ? []
      : [{ path: 'recipients', message: 'must be addresses such as billing@example.com or domains such as @example.com' }],
  perform: async (call: ConnectorCall<EmailSettings>, { platform }) => {
    await platform.postMail(call.organizationId, `tool:${call.callId}`, mailOf(call))
    return { result: { queued: true } }
  },
  dryRun: (call: ConnectorCall<EmailSettings>) => {
    const mail = mailOf(call)
    return { summary: `Would send the mail "${mail.subject}" to one recipient.`, request: mail }
  },
} satisfies Connector<EmailSettings>

function mailOf({ settings, arguments: values }: ConnectorCall<EmailSettings>) {
  const to = (values['to'] as string).trim().toLowerCase()
  if (!ADDRESS.test(to)) throw new ToolError('The recipient is not an e-mail address.', { retryable: false })
  const allowed = entriesOf(settings.recipients)
  if (allowed.length > 0 && !allowed.some((entry) => (entry.startsWith('@') ? to.endsWith(entry) : to === entry)))
    throw new ToolError('The recipient is not one that this tool may write to.', { retryable: false })
  const subject = settings.subject === undefined ? (values['subject'] as string) : fillText(settings.subject, values)
  const text = settings.text === undefined ? (values['text'] as string) : fillText(settings.text, values)
  // A header is one line.
  return { to, subject: subject.replaceAll(/\s+/g, ' ').trim().slice(0, 200), text }
}

const entriesOf = (list: string | undefined) =>
  (list ?? '')
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
