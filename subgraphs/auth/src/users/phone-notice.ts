import type { Mail } from '../mail/mailer.ts'

export interface PhoneNoticeOptions {
  to: string
  /** The number that can be signed in with from now on, and the one that could be before. */
  added: string | null
  removed: string | null
  at: Date
  publicUrl: string
}

/** Tells an account's address that the ways to sign in to it are others now (NIST SP 800-63B-4, 4.6). Names numbers by their end only. */
export function phoneNotice({ to, added, removed, at, publicUrl }: PhoneNoticeOptions): Mail {
  const moment = at.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  const lines = [
    added && `A phone number ending in ${added.slice(-2)} can now be used to sign in to Signalbox as ${to}.`,
    removed && `The phone number ending in ${removed.slice(-2)} can no longer be used to sign in to Signalbox as ${to}.`,
    `This was changed on ${moment} UTC.`,
    added
      ? `If that was not you, sign in and remove it, and end your sessions: ${settings(publicUrl)}`
      : `If that was not you, sign in and end your sessions: ${settings(publicUrl)}`,
    'If it was you, there is nothing to do.',
  ]
  return {
    to,
    subject: added ? 'A phone number can now sign in to your Signalbox account' : 'Your phone number was removed from Signalbox',
    text: `${lines.filter((line) => line !== null).join('\n\n')}\n`,
  }
}

const settings = (publicUrl: string) => `${publicUrl.replace(/\/$/, '')}/settings`
