import type { MikroORM } from '@mikro-orm/postgresql'
import type { Audit } from '@signalbox/shared/audit'
import { AppError } from '@signalbox/shared/errors'
import type { Context } from 'koa'
import type { Client, Interaction, InteractionResults } from 'oidc-provider'
import type Provider from 'oidc-provider'
import type { ChallengeService, CodeOrigin } from '../../challenges/challenge.service.ts'
import type { Secrets } from '../../keys/secrets.ts'
import type { ServiceClientMetadata } from '../service-client-adapter.ts'
import type { SessionLimits } from '../../sessions/session-limits.ts'
import type { FormFrame } from '../pages/sign-in-pages.ts'
import { textOf } from '../text.ts'
import type { BrowserBinding } from './browser-binding.ts'

export interface InteractionParts {
  orm: MikroORM
  secrets: Secrets
  sessionLimits: SessionLimits
  /** The resource that access is granted to. */
  audience: string
  challenges(origin: CodeOrigin): ChallengeService
}

/** One request of a person's within an interaction: a page is asked for, or a form was sent. */
export interface Step {
  ctx: Context
  provider: Provider
  interaction: Interaction
  client: Client & ServiceClientMetadata
  binding: BrowserBinding
  audit: Audit
  /** Null: a page is asked for. */
  form: URLSearchParams | null
  /** Goes on to the application's address by way of the provider, with this result and those of the steps before; null forgets them all. */
  finish(result: InteractionResults | null): Promise<void>
}

export const frameOf = ({ binding, client, interaction }: Step): FormFrame => ({
  token: binding.formToken,
  application: client.clientName ?? client.clientId,
  redirectUri: textOf(interaction.params['redirect_uri']),
})

/** The platform's and the person's scopes that the application asks for. */
export const requestedScopes = ({ interaction }: Step): string[] => textOf(interaction.params['scope']).split(' ').filter(Boolean)

/** An expected failure as a sentence for the page. @throws anything else */
export function sentenceOf(error: unknown): string {
  if (error instanceof AppError) return error.message
  throw error
}

/** The person leaves; the application is told so (RFC 6749, 4.1.2.1). */
export const DENIED = { error: 'access_denied', error_description: 'The person did not allow it.' }
