import type { WebhookSignatureForm } from '../../gql/graphql.ts'

export interface Signing {
  address: string
  requireSignature: boolean
  signatureForm: WebhookSignatureForm
  signatureHeader: string
}

const sample = `body='{"text": "Where is my order?"}'`

/** Commands that send a signed message; the secret is asked for, so that it stays out of the shell's history. */
export function curlSnippet({ address, requireSignature, signatureForm, signatureHeader }: Signing): string {
  const send = (...headers: string[]) =>
    [`curl ${address}`, `-H 'content-type: application/json'`, ...headers.map((header) => `-H "${header}"`), '-d "$body"'].join(
      ' \\\n  ',
    )
  if (!requireSignature) return [sample, send()].join('\n')
  const ask = `read -rs -p 'Secret: ' secret; echo`
  if (signatureForm === 'STANDARD') {
    return [
      ask,
      sample,
      'id="msg_$(date +%s%N)"; time="$(date +%s)"',
      'key="$(printf %s "${secret#whsec_}" | base64 -d | od -An -tx1 | tr -d \' \\n\')"',
      'signature="$(printf %s "$id.$time.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)"',
      send('webhook-id: $id', 'webhook-timestamp: $time', 'webhook-signature: v1,$signature'),
    ].join('\n')
  }
  const hex = (text: string) => `signature="$(printf %s "${text}" | openssl dgst -sha256 -hmac "$secret" -hex | sed 's/.* //')"`
  if (signatureForm === 'HEX') return [ask, sample, hex('$body'), send(`${signatureHeader}: sha256=$signature`)].join('\n')
  return [ask, sample, 'time="$(date +%s)"', hex('$time.$body'), send(`${signatureHeader}: t=$time,v1=$signature`)].join('\n')
}

/** What the settings of a sender are told. */
export const howToSign: Record<WebhookSignatureForm, string> = {
  STANDARD:
    'Enter address and secret where the sender asks for them. Libraries for every language sign this way: standardwebhooks.com.',
  HEX: 'In GitHub: Settings, Webhooks, Add webhook; content type application/json.',
  TIMESTAMPED_HEX: 'Where the sender shows a signing secret of its own, as Stripe does, give it here by “New secret”.',
}
