import type { FieldFault } from '@signalbox/shared/errors'
import { nameFault } from '../trigger-checks.ts'
import { SignatureForm, type WebhookTrigger } from './webhook-trigger.entity.ts'

const DEFAULT_HEADERS: Record<SignatureForm, string> = {
  STANDARD: 'webhook-signature',
  HEX: 'x-hub-signature-256',
  TIMESTAMPED_HEX: 'stripe-signature',
}

/** Where the signature stands, in lower case. */
export function signatureHeaderOf({
  signatureForm,
  signatureHeader,
}: {
  signatureForm: SignatureForm
  signatureHeader?: string | null | undefined
}): string {
  const own = signatureForm === SignatureForm.STANDARD ? '' : (signatureHeader?.trim().toLowerCase() ?? '')
  return own === '' || Object.values(DEFAULT_HEADERS).includes(own) ? DEFAULT_HEADERS[signatureForm] : own
}

/** The gateway speaks these itself and passes none of them on. */
const RESERVED =
  /^(signature.*|x-signalbox-.*|x-forwarded-.*|forwarded|content-digest|authorization|cookie|expect|te|trailer|upgrade)$/

export function webhookFaults(webhook: WebhookTrigger, secret?: string): (FieldFault | false)[] {
  const header = webhook.signatureHeader
  return [
    nameFault(webhook.name),
    (!/^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(header) || RESERVED.test(header)) && {
      path: 'signatureHeader',
      message: 'must be a header that a sender may use for its signature, such as x-hub-signature-256',
    },
    secret !== undefined &&
      !isSecret(webhook.signatureForm, secret) && {
        path: 'secret',
        message:
          webhook.signatureForm === SignatureForm.STANDARD
            ? 'must be whsec_ and the base64 of 16 to 150 bytes'
            : 'must have 16 to 200 characters without spaces',
      },
  ]
}

function isSecret(form: SignatureForm, secret: string): boolean {
  if (form !== SignatureForm.STANDARD) return /^[\x21-\x7e]{16,200}$/.test(secret)
  const base64 = /^(?:whsec_)?([A-Za-z0-9+/]{22,200}={0,2})$/.exec(secret)?.[1]
  return base64 !== undefined && Buffer.from(base64, 'base64').length >= 16
}
