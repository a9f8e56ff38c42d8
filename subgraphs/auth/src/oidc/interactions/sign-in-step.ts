import { OtpChannel } from '../../challenges/challenge.types.ts'
import { parseClient } from '../../challenges/client-address.ts'
import { invalidCode, type ChallengeService } from '../../challenges/challenge.service.ts'
import { acceptInvitations } from '../../organizations/accept-invitations.ts'
import { heldMemberships } from '../../organizations/held-memberships.ts'
import { sendPage } from '../pages/layout.ts'
import { addressPage, codePage } from '../pages/sign-in-pages.ts'
import { forgetPerson } from './forget-person.ts'
import { DENIED, frameOf, sentenceOf, type InteractionParts, type Step } from './step.ts'

/** Signs a person in for an application: the address, then the code that was sent to it; the same codes as the dashboard's. */
export async function signInStep(step: Step, parts: InteractionParts): Promise<void> {
  const { form, ctx, audit } = step
  const challenges = parts.challenges({ client: parseClient(ctx.get('x-forwarded-for')), audit })
  switch (form?.get('step')) {
    case 'address':
      return sendCode(step, challenges, form.get('address')?.trim() ?? '')
    case 'code':
      return checkCode(step, parts, challenges, form)
    case 'cancel':
      return step.finish(DENIED)
    default:
      return askAddress(step, challenges, hintOf(step))
  }
}

const hintOf = ({ interaction }: Step) => {
  const hint = interaction.params['login_hint']
  return typeof hint === 'string' ? hint.slice(0, 254) : undefined
}

function askAddress(step: Step, { channels }: ChallengeService, address?: string, fault?: string) {
  const canText = channels.includes(OtpChannel.SMS)
  sendPage(step.ctx, addressPage({ ...frameOf(step), canText, ...(address && { address }), ...(fault && { fault }) }))
}

async function sendCode(step: Step, challenges: ChallengeService, address: string) {
  const isNumber = /^\+?[\d\s()/.-]+$/.test(address) && challenges.channels.includes(OtpChannel.SMS)
  const channel = isNumber ? OtpChannel.SMS : OtpChannel.EMAIL
  try {
    const { challengeId } = await challenges.request({ channel, address }, step.binding.value)
    sendPage(step.ctx, codePage({ ...frameOf(step), address, challengeId }))
  } catch (error) {
    askAddress(step, challenges, address, sentenceOf(error))
  }
}

async function checkCode(step: Step, parts: InteractionParts, challenges: ChallengeService, form: URLSearchParams) {
  const challengeId = form.get('challengeId') ?? ''
  let accountId: string
  try {
    const email = await challenges.answer({ challengeId, code: form.get('code') ?? '' }, step.binding.value)
    accountId = await enter(step, parts, email)
  } catch (error) {
    const address = form.get('address')?.slice(0, 254) ?? ''
    return sendPage(step.ctx, codePage({ ...frameOf(step), address, challengeId, fault: sentenceOf(error) }))
  }
  // Somebody else was signed in here before.
  const before = step.interaction.session?.accountId
  await step.finish({ login: { accountId, remember: false, amr: ['otp'] } })
  if (before !== undefined && before !== accountId) await forgetPerson(step)
}

/** The person behind a proven address. @throws as for a wrong code when there is none who may enter */
async function enter({ audit, client }: Step, { orm }: InteractionParts, email: string): Promise<string> {
  const em = orm.em.fork()
  const accountId = await acceptInvitations(em, email, audit)
  const held = accountId === null ? [] : await heldMemberships(em, accountId)
  if (accountId === null || held[0] === undefined) throw invalidCode()
  const entry = { action: 'sign_in.succeeded', outcome: 'ALLOWED', details: { by: 'oidc', client: client.clientId } } as const
  await audit.record(em, held[0].organizationId, entry, { kind: 'USER', id: accountId })
  return accountId
}
