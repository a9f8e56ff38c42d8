import type { Mail } from '../mail/mailer.ts'
import { ROLE_WORDS, type Role } from './roles.ts'

export interface InvitationMailOptions {
  to: string
  organization: string
  role: Role
  invitationId: string
  expiresAt: Date
  publicUrl: string
}

/**
 * Tells somebody of an invitation. It carries no secret: the address is proven by the code at the sign-in. The address stands in the link's
 * fragment, which no server and no log sees, so that the sign-in page need not ask for it.
 */
export function invitationMail({ to, organization, role, invitationId, expiresAt, publicUrl }: InvitationMailOptions): Mail {
  const link = `${publicUrl.replace(/\/$/, '')}/invitations/${invitationId}#email=${encodeURIComponent(to)}`
  const { name, sentence } = ROLE_WORDS[role]
  const until = expiresAt.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  const before = [`You are invited to ${organization} on Signalbox.`, `Your role: ${name}. ${sentence}`]
  const after = [
    `The invitation is for ${to} only, works once and ends on ${until}. You sign in with a code that we send to this address.`,
    'If you do not know what this is about, ignore this mail.',
  ]
  return {
    to,
    subject: `${organization} invites you to Signalbox`,
    text: `${[...before, `Accept here: ${link}`, ...after].join('\n\n')}\n`,
    html: [
      ...before.map(paragraph),
      `<p style="${FONT}"><a href="${escapeHtml(link)}" style="${BUTTON}">Accept the invitation</a></p>`,
      ...after.map(paragraph),
    ].join('\n'),
  }
}

const FONT = 'font-family:system-ui,sans-serif;font-size:15px;line-height:1.5'
const BUTTON =
  'display:inline-block;padding:12px 20px;border-radius:8px;background:#1f5a48;color:#ffffff;text-decoration:none;font-weight:600'

const paragraph = (line: string) => `<p style="${FONT}">${escapeHtml(line)}</p>`

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
