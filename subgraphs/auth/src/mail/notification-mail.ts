import { createHash } from 'node:crypto'
import type { Mail } from './mailer.ts'

/** What another part asks to be sent (`events.notify`). */
export interface Notification {
  to: string
  subject: string
  /** Plain text; a blank line begins a paragraph. */
  text: string
}

/**
 * The mail that was asked for: its text as it is, and the same as HTML in which nothing of it is markup. Its id is made of its key, so that a
 * mailbox that gets it twice can tell.
 */
export function notificationMail({ to, subject, text }: Notification, organizationId: string, key: string): Mail {
  const id = createHash('sha256').update(`${organizationId} ${key}`).digest('hex').slice(0, 32)
  return { to, subject, text: `${text.trimEnd()}\n`, html: htmlOf(text), messageId: `<${id}@signalbox>` }
}

const FONT = 'font-family:system-ui,sans-serif;font-size:15px;line-height:1.5'

const htmlOf = (text: string) =>
  text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => `<p style="${FONT}">${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('\n')

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
