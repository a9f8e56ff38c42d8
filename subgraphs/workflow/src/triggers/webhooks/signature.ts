import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { SignatureForm, type WebhookTrigger } from './webhook-trigger.entity.ts'

/** How far the sender's clock may be from ours, and how old what it signed. Seconds. */
const TOLERANCE = 300
const MAX_KEY = 150

/** Why a sender is not believed. */
export class SignatureError extends Error {}

export interface SignedRequest {
  /** Lower-case names. */
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

type SignatureRules = Pick<WebhookTrigger, 'requireSignature' | 'signatureForm' | 'signatureHeader'>

/**
 * Checks who sent a request, and gives the key by which a repetition of it is known: the sender's message id, else the signature's hash, else
 * none. Forms: Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), GitHub's
 * `X-Hub-Signature-256` and Stripe's `Stripe-Signature`.
 * @param secrets each that holds at present @param now milliseconds @throws {SignatureError}
 */
export function checkSignature(rules: SignatureRules, secrets: string[], request: SignedRequest, now: number): string | null {
  if (!rules.requireSignature) return keyOf(headerOf(request, 'webhook-id'))
  if (rules.signatureForm === SignatureForm.STANDARD) return checkStandard(secrets, request, now)
  const header = headerOf(request, rules.signatureHeader)
  if (header === undefined) throw new SignatureError(`The header ${rules.signatureHeader} is missing.`)
  return rules.signatureForm === SignatureForm.HEX
    ? checkHex(secrets, request, header)
    : checkTimestampedHex(secrets, request, header, now)
}

function checkStandard(secrets: string[], request: SignedRequest, now: number): string | null {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => {
    const value = headerOf(request, name)
    if (value === undefined || value === '') throw new SignatureError(`The header ${name} is missing.`)
    return value
  }) as [string, string, string]
  checkAge(timestamp, now)
  const given = signatures.split(' ').flatMap((one) => (one.startsWith('v1,') ? [Buffer.from(one.slice(3), 'base64')] : []))
  const keys = secrets.map((secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
  checkAny(keys, [`${id}.${timestamp}.`, request.body], given)
  return keyOf(id)
}

function checkHex(secrets: string[], request: SignedRequest, header: string): string {
  const hex = header.replace(/^sha256=/i, '')
  checkAny(utf8(secrets), [request.body], [Buffer.from(hex, 'hex')])
  return hashOf(hex.toLowerCase())
}

function checkTimestampedHex(secrets: string[], request: SignedRequest, header: string, now: number): string {
  const parts = header.split(',').map((part) => part.trim().split('=') as [string, string | undefined])
  const timestamp = parts.find(([name]) => name === 't')?.[1] ?? ''
  checkAge(timestamp, now)
  const given = parts.flatMap(([name, value = '']) => (name === 'v1' ? [Buffer.from(value, 'hex')] : []))
  checkAny(utf8(secrets), [`${timestamp}.`, request.body], given)
  return hashOf(`${timestamp}.${createHash('sha256').update(request.body).digest('hex')}`)
}

function checkAge(timestamp: string, now: number) {
  if (!/^\d{1,12}$/.test(timestamp)) throw new SignatureError('The time of signing is not given in seconds.')
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE)
    throw new SignatureError('What was signed is older than five minutes, or the sender’s clock is wrong.')
}

function checkAny(keys: Buffer[], content: (string | Buffer)[], given: Buffer[]) {
  const expected = keys.map((key) => {
    const hmac = createHmac('sha256', key)
    for (const part of content) hmac.update(part)
    return hmac.digest()
  })
  const fits = given.some((one) => expected.some((digest) => one.length === digest.length && timingSafeEqual(one, digest)))
  if (!fits) throw new SignatureError('The signature does not fit: another secret, or a changed body.')
}

const utf8 = (secrets: string[]) => secrets.map((secret) => Buffer.from(secret))

function headerOf({ headers }: SignedRequest, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(' ') : value
}

const keyOf = (id: string | undefined): string | null => (id === undefined || id === '' ? null : shortKey(id))

/** A key that fits where runs keep theirs. */
export const shortKey = (key: string): string => (key.length > MAX_KEY ? hashOf(key) : key)

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
