import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import { createEgress } from '@signalbox/shared/egress'
import { Envelope } from '@signalbox/shared/encryption/envelope'
import { KeyFileProvider } from '@signalbox/shared/encryption/key-file'
import { viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { CredentialKind } from './connection.ts'
import { CredentialService } from './credential.service.ts'
import { openCredential, readCredentials } from './credential-store.ts'
import { keysInUse, rotateCredentials } from './rotation.ts'

const keys: Record<string, string> = Object.fromEntries(['k1', 'k2'].map((id) => [id, randomBytes(32).toString('base64')]))
const envelopeWith = (current: string, ...ids: string[]) =>
  new Envelope(
    new KeyFileProvider({ text: JSON.stringify({ current, keys: Object.fromEntries(ids.map((id) => [id, keys[id]])) }) }),
  )

describe('the rotation of the encryption key', () => {
  let bed: WorkflowTestbed
  let organizations: string[]
  const egress = createEgress()
  const before = envelopeWith('k1', 'k1')
  const both = envelopeWith('k2', 'k1', 'k2')
  const after = envelopeWith('k2', 'k2')

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterAll(() => bed[Symbol.asyncDispose]())
  beforeEach(async () => {
    await bed.superuser.query('delete from workflow.credentials')
    organizations = Array.from({ length: 7 }, () => randomUUID())
    for (const organizationId of organizations) await save(organizationId, before)
  })

  const save = (organizationId: string, envelope: Envelope, apiKey = `key of ${organizationId}`) => {
    const { tenant, audit } = bed.as(viewerOf(organizationId))
    return new CredentialService(tenant, { envelope, policy: {}, egress }, audit).save({
      kind: CredentialKind.OPENAI,
      openAi: { baseUrl: 'https://api.example.com/v1', apiKey, model: 'm' },
    })
  }
  const keyOf = async (organizationId: string, envelope: Envelope) => {
    const { tenant } = bed.as(viewerOf(organizationId))
    const [stored] = await tenant.transaction(readCredentials)
    return ((await openCredential(envelope, stored!)) as { apiKey: string }).apiKey
  }
  const rotate = (over: Partial<Parameters<typeof rotateCredentials>[0]> = {}) =>
    rotateCredentials({ ownerUrl: bed.database.url('workflow_owner'), envelope: both, currentKeyId: 'k2', batchSize: 2, ...over })
  const inUse = async () => Object.fromEntries(await keysInUse(bed.database.url('workflow_owner')))

  it('brings every organisation’s secrets under the new key, and the old one is no longer needed', async () => {
    const progress: [number, number][] = []
    expect(await rotate({ onProgress: (done, left) => void progress.push([done, left]) })).toBe(7)
    expect(progress).toEqual([
      [2, 5],
      [4, 3],
      [6, 1],
      [7, 0],
    ])
    expect(await inUse()).toEqual({ k2: 7 })
    for (const id of organizations) expect(await keyOf(id, after)).toBe(`key of ${id}`)
    expect(await rotate()).toBe(0)
  })

  it('goes on where it was killed, and everything is readable in between', async () => {
    const killed = new Error('killed')
    const first = rotate({
      onProgress: () => {
        throw killed
      },
    })
    await expect(first).rejects.toBe(killed)
    expect(await inUse()).toEqual({ k1: 5, k2: 2 })
    for (const id of organizations) expect(await keyOf(id, both)).toBe(`key of ${id}`)
    expect(await rotate()).toBe(5)
    expect(await inUse()).toEqual({ k2: 7 })
  })

  it('loses nothing that is saved while it runs', async () => {
    const changed = organizations.at(-1)!
    await rotate({
      // Between two batches a service that has not read the new file yet replaces a secret that is still to come.
      onProgress: async (done) => {
        if (done === 2) await save(changed, before, 'the new one')
      },
    })
    await rotate()
    expect(await inUse()).toEqual({ k2: 7 })
    expect(await keyOf(changed, after)).toBe('the new one')
  })

  it('may run twice at the same time', async () => {
    const done = await Promise.all([rotate(), rotate({ batchSize: 3 })])
    expect(done[0] + done[1]).toBe(7)
    for (const id of organizations) expect(await keyOf(id, after)).toBe(`key of ${id}`)
  })

  it('stops with a clear error when a key that is in use is missing', async () => {
    await expect(rotate({ envelope: after })).rejects.toMatchObject({ name: 'UnknownKeyError', keyId: 'k1' })
    expect(await inUse()).toEqual({ k1: 7 })
  })
})
