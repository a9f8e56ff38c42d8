import { Audit } from '@signalbox/shared/audit'
import { randomUUID } from 'node:crypto'
import type { Context, Middleware } from 'koa'
import type { Interaction, InteractionResults } from 'oidc-provider'
import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import { refuseWith } from '../refuse-with.ts'
import { textOf } from '../text.ts'
import { BrowserBinding } from './browser-binding.ts'
import { consentStep } from './consent-step.ts'
import { readForm } from './form.ts'
import { signInStep } from './sign-in-step.ts'
import type { InteractionParts, Step } from './step.ts'

const PATH = /^\/interaction\/([\w-]{1,64})$/

/** Koa middleware: the pages on which people sign in and consent, `/oidc/interaction/<uid>`. Plain forms, no script. */
export const interactionPages =
  (provider: Provider, parts: InteractionParts): Middleware =>
  async (ctx, next) => {
    const uid = PATH.exec(ctx.path)?.[1]
    if (uid === undefined) return next()
    if (!['GET', 'HEAD', 'POST'].includes(ctx.method)) return refuseWith(ctx, 405, 'invalid_request', 'GET or POST')
    const interaction = await findInteraction(provider, ctx, uid)
    const client = interaction && (await provider.Client.find(textOf(interaction.params['client_id'])))
    if (!interaction || !client) return refuseWith(ctx, 400, 'expired', 'the interaction has ended')
    const path = `${new URL(provider.issuer).pathname.replace(/\/$/, '')}${ctx.path}`
    const binding = BrowserBinding.of(ctx, { uid, path, secrets: parts.secrets })
    const form = ctx.method === 'POST' ? await readForm(ctx) : null
    if (ctx.method === 'POST' && !binding.accepts(form?.get('token') ?? null)) {
      return refuseWith(ctx, 403, 'expired', 'the form is not one of this page and this browser')
    }
    const step = { ctx, provider, interaction, binding, form, client: client as Step['client'], audit: auditOf(ctx) }
    const finish = (result: InteractionResults | null) => goOn(provider, ctx, result)
    await (interaction.prompt.name === 'login' ? signInStep : consentStep)({ ...step, finish }, parts)
  }

/** By this browser's cookie; it has to be the one that the address names. */
async function findInteraction(provider: Provider, ctx: Context, uid: string): Promise<Interaction | undefined> {
  try {
    const interaction = await provider.interactionDetails(ctx.req, ctx.res)
    return interaction.uid === uid ? interaction : undefined
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined
    throw error
  }
}

async function goOn(provider: Provider, ctx: Context, result: InteractionResults | null): Promise<void> {
  const target = await provider.interactionResult(ctx.req, ctx.res, result ?? {}, { mergeWithLastSubmission: result !== null })
  ctx.status = 303
  ctx.redirect(target)
  ctx.set('cache-control', 'no-store')
}

const auditOf = ({ headers }: Context): Audit =>
  Audit.of({
    viewer: null,
    requestId: String(headers['x-request-id'] ?? randomUUID()),
    headers: { ...headers, 'x-signalbox-operation': 'oidc.interaction' },
  })
