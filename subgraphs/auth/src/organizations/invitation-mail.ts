import type { Mail } from '../mail/mailer.ts'

/** Tells somebody of an invitation. It carries no secret: the address is proven by the code at the sign-in. */
export function invitationMail(to: string, organization: string, publicUrl: string): Mail {
  const lines = [
    `You are invited to ${organization} on Signalbox.`,
    `Sign in with this address within 14 days to accept: ${publicUrl}`,
    'If you do not know what this is about, ignore this mail.',
  ]
  return {
    to,
    subject: `${organization} invites you to Signalbox`,
    text: `${lines.join('\n\n')}\n`,
    html: lines.map((line) => `<p style="font-family:system-ui,sans-serif;font-size:15px">${escapeHtml(line)}</p>`).join('\n'),
  }
}

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
