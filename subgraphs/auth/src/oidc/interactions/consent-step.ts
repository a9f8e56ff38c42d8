import type { EntityManager } from '@mikro-orm/postgresql'
import { SCOPES } from '@signalbox/shared/scopes'
import { randomUUID } from 'node:crypto'
import { requireName } from '../../names.ts'
import { wordsOf } from '../pages/words.ts'
import { consentPage } from '../pages/consent-page.ts'
import { sendPage } from '../pages/layout.ts'
import { findPerson, placesFor, type Place } from '../person.ts'
import { PERSON_SCOPES } from '../service-client-adapter.ts'
import { forgetPerson } from './forget-person.ts'
import { DENIED, frameOf, requestedScopes, type InteractionParts, type Step } from './step.ts'

/** Asks the signed-in person whether the application may act for them, where, and with which of the rights that it asks for. */
export async function consentStep(step: Step, parts: InteractionParts): Promise<void> {
  const { form } = step
  if (!requestedScopes(step).some((scope) => (SCOPES as readonly string[]).includes(scope))) {
    return step.finish({ error: 'invalid_scope', error_description: `Ask for at least one scope of: ${SCOPES.join(' ')}` })
  }
  switch (form?.get('step')) {
    case 'allow':
      return allow(step, parts, form.get('organization'))
    case 'deny':
      return deny(step, parts)
    case 'switch':
      await step.finish(null)
      return forgetPerson(step)
    default:
      return ask(step, parts)
  }
}

/** Where the person may act through this application with something of what it asks for. */
async function placesOf(step: Step, em: EntityManager): Promise<Place[]> {
  const asked = new Set(requestedScopes(step))
  const places = await placesFor(em, accountOf(step), step.client.organization_ids)
  return places
    .map((place) => ({ ...place, scopes: place.scopes.filter((scope) => asked.has(scope)) }))
    .filter(({ scopes }) => scopes.length > 0)
}

async function ask(step: Step, { orm, sessionLimits }: InteractionParts, fault?: string) {
  const em = orm.em.fork()
  const places = await placesOf(step, em)
  const person = await findPerson(em, accountOf(step))
  const scopes = places.flatMap((place) => place.scopes)
  const page = consentPage({
    ...frameOf(step),
    owner: step.client.organization_name,
    person: person?.email ?? '',
    organizations: places,
    lasts: sessionLimits.maxLifetime,
    rights: wordsOf([...requestedScopes(step).filter(isPersonScope), ...scopes]),
    ...(fault && { fault }),
  })
  sendPage(step.ctx, page)
}

async function allow(step: Step, parts: InteractionParts, organizationId: string | null) {
  const { client, audit } = step
  const em = parts.orm.em.fork()
  const place = (await placesOf(step, em)).find(({ id }) => id === organizationId)
  if (place === undefined) return ask(step, parts, 'Choose one of these organisations.')
  const accountId = accountOf(step)
  const grant = grantOf(step, parts.audience, place.scopes)
  const grantId = await grant.save()
  await em.transactional(async (tx) => {
    const sessionId = randomUUID()
    await tx.execute('select auth.open_oidc_grant(?, ?, ?, ?, ?, ?::interval, ?::interval, ?, ?)', [
      grantId,
      client.service_client_id,
      sessionId,
      accountId,
      place.id,
      parts.sessionLimits.maxLifetime,
      parts.sessionLimits.maxIdle,
      requireName(client.clientName!),
      step.ctx.get('x-forwarded-for').split(',')[0]!.trim().slice(0, 64) || null,
    ])
    const target = { type: 'ServiceClient', id: client.service_client_id }
    const details = { scopes: place.scopes.join(' '), session: sessionId }
    await audit.record(
      tx,
      place.id,
      { action: 'consent.granted', outcome: 'ALLOWED', target, details },
      { kind: 'USER', id: accountId },
    )
  })
  await step.finish({ consent: { grantId } })
}

async function deny(step: Step, { orm }: InteractionParts) {
  const target = { type: 'ServiceClient', id: step.client.service_client_id }
  const entry = { action: 'consent.granted', outcome: 'DENIED', target } as const
  await step.audit.record(orm.em.fork(), step.client.organization_id, entry, { kind: 'USER', id: accountOf(step) })
  await step.finish(DENIED)
}

/** What was asked for and not given is remembered as refused: it is not asked again each time. */
function grantOf(step: Step, audience: string, given: string[]) {
  const { provider, client } = step
  const requested = requestedScopes(step)
  const granted = requested.filter((scope) => isPersonScope(scope) || given.includes(scope))
  const refused = requested.filter((scope) => !granted.includes(scope))
  const grant = new provider.Grant({ accountId: accountOf(step), clientId: client.clientId })
  grant.addOIDCScope(granted)
  grant.addResourceScope(audience, given)
  if (refused.length > 0) {
    grant.rejectOIDCScope(refused)
    grant.rejectResourceScope(audience, refused)
  }
  return grant
}

const isPersonScope = (scope: string) => (PERSON_SCOPES as readonly string[]).includes(scope)

const accountOf = ({ interaction }: Step): string => interaction.session!.accountId
