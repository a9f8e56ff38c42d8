import type { Envelope } from '@signalbox/shared/encryption/envelope'
import { z } from 'zod'

const envelopeShape = z.object({ until: z.number(), payload: z.unknown() })

/**
 * What goes out into an address and comes back: encrypted and authenticated (AES-256-GCM under an enveloped key), bound to one organisation
 * and one purpose, and valid until a moment. It says nothing to whoever carries it. Who must take it only once keeps a note of that.
 */
export class SealedLinks {
  constructor(private readonly envelope: Envelope) {}

  async seal(organizationId: string, purpose: string, payload: unknown, expiresAt: Date): Promise<string> {
    const sealed = await this.envelope.seal(
      placeOf(organizationId, purpose),
      JSON.stringify({ until: expiresAt.getTime(), payload }),
    )
    return [Buffer.from(sealed.keyId), sealed.wrappedKey, sealed.ciphertext].map((part) => part.toString('base64url')).join('.')
  }

  /** The payload; null for what was changed, sealed for another place or purpose, or is over. */
  async open(organizationId: string, purpose: string, token: string): Promise<unknown> {
    const parts = token.split('.')
    if (parts.length !== 3 || token.length > 8_000) return null
    const [keyId, wrappedKey, ciphertext] = parts.map((part) => Buffer.from(part, 'base64url')) as [Buffer, Buffer, Buffer]
    try {
      const text = await this.envelope.open(placeOf(organizationId, purpose), { keyId: keyId.toString(), wrappedKey, ciphertext })
      const { until, payload } = envelopeShape.parse(JSON.parse(text))
      return until > Date.now() ? payload : null
    } catch {
      return null
    }
  }
}

const placeOf = (organizationId: string, purpose: string) => ({ organizationId, record: purpose, field: 'link' })
