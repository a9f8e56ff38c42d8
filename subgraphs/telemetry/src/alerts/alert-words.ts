import { ruleNamed, type AlertRuleName } from './rules.ts'

/** An alert in words for whoever runs the business. */
export interface AlertWords {
  title: string
  whatHappened: string
  whyItMatters: string
  whatToDo: string
}

interface Told {
  rule: string
  count: number
  /** A network, where the alert is about one. */
  source: string | null
}

type Phrase = (told: { times: string; minutes: string; from: string }) => AlertWords

const PHRASES: Record<AlertRuleName, Phrase> = {
  FAILED_SIGN_INS: ({ times, minutes }) => ({
    title: 'Many failed sign-ins',
    whatHappened: `A sign-in to this organisation failed ${times} within ${minutes}.`,
    whyItMatters: 'Somebody may be guessing codes. Addresses lock themselves after too many tries, so nobody got in by this.',
    whatToDo: 'Ask your members whether they had trouble signing in. If nobody did, tell whoever runs Signalbox for you.',
  }),
  PLATFORM_FAILED_SIGN_INS: ({ times, minutes }) => ({
    title: 'Many failed sign-ins on the whole platform',
    whatHappened: `Sign-ins failed ${times} within ${minutes}, over all organisations.`,
    whyItMatters: 'Somebody may be trying many addresses one after the other.',
    whatToDo: 'Look for networks that stand out in the platform’s trail, and block them at the edge.',
  }),
  SCOPE_MISUSE: ({ times, minutes }) => ({
    title: 'Somebody keeps asking for what they may not see',
    whatHappened: `The same account was refused ${times} within ${minutes}, because its role does not allow what it asked for.`,
    whyItMatters: 'A program with too few rights does this, and so does somebody who uses a stolen session to look around.',
    whatToDo:
      'Ask the person, or whoever runs the program. If nobody knows of it, remove the member under Settings, or end the program’s access.',
  }),
  REFRESH_REUSED: ({ times }) => ({
    title: 'A session was used from two places',
    whatHappened: `A sign-in that had already been renewed was presented again (${times}). The session was ended at once.`,
    whyItMatters: 'This is what a copied session looks like. It can also be a browser that was restored from a backup.',
    whatToDo:
      'Ask the person to sign in again, to check their device and, when they did not expect this, to sign out everywhere else under Settings.',
  }),
  REQUEST_BURST: ({ times, minutes, from }) => ({
    title: 'Too many requests',
    whatHappened: `Requests${from} were turned away ${times} within ${minutes}, because there were more than the limit allows.`,
    whyItMatters: 'A program may be stuck in a loop, or somebody tries to make the service slow. Others are not affected by it.',
    whatToDo: 'Find the program in the audit trail and let it wait between its requests, or end its access.',
  }),
  TOKENS_REFUSED: ({ times, minutes, from }) => ({
    title: 'Many invalid access tokens',
    whatHappened: `Access tokens${from} that are not valid were presented ${times} within ${minutes}.`,
    whyItMatters:
      'A program may not have noticed that its access ended, or somebody tries made-up tokens. None of them was let in.',
    whatToDo:
      'Look at the programs that were changed or revoked last. If none of them is the cause, block the network at the edge.',
  }),
  REVOKED_CLIENT_USED: ({ times }) => ({
    title: 'A program whose access was ended still tries',
    whatHappened: `A program whose access was ended asked for it again (${times}) and was refused.`,
    whyItMatters: 'Its secret is still kept somewhere: in a program that was forgotten, or with somebody who should not have it.',
    whatToDo:
      'Find out where the secret is stored and remove it there. If you do not know the place, treat the secret as stolen.',
  }),
  CODES_FOR_MANY_ADDRESSES: ({ times, minutes, from }) => ({
    title: 'Codes for many addresses from one place',
    whatHappened: `Sign-in codes${from} were asked for ${times} within ${minutes}, for different addresses.`,
    whyItMatters: 'Somebody may be finding out who has an account, or flooding people with messages.',
    whatToDo: 'If this is no office of yours, block the network at the edge.',
  }),
}

export function wordsOf({ rule, count, source }: Told): AlertWords {
  const known = ruleNamed(rule)
  const times = count === 1 ? 'once' : `${count.toLocaleString('en')} times`
  const from = source === null ? '' : ` from the network ${source}`
  if (known === undefined) return { title: rule, whatHappened: `It happened ${times}.`, whyItMatters: '', whatToDo: '' }
  return PHRASES[known.name]({ times, minutes: `${known.windowMinutes} minutes`, from })
}
