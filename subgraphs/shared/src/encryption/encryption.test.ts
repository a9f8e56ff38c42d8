import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Envelope, type SecretPlace } from './envelope.ts'
import { KeyFileProvider, parseKeyFile } from './key-file.ts'

const key = () => randomBytes(32).toString('base64')
const keys = { k1: key(), k2: key() }
const fileOf = (current: string, ...ids: (keyof typeof keys)[]) =>
  JSON.stringify({ current, keys: Object.fromEntries(ids.map((id) => [id, keys[id]])) })
const envelopeOf = (text: string) => new Envelope(new KeyFileProvider({ text }))
const place: SecretPlace = { organizationId: randomUUID(), record: randomUUID(), field: 'workflow.credentials.secret' }

describe('envelope encryption', () => {
  const envelope = envelopeOf(fileOf('k1', 'k1'))

  it('gives back what was sealed, and stores nothing of it', async () => {
    const secret = 'sk-ünïcode-and-long-'.repeat(20)
    const sealed = await envelope.seal(place, secret)
    expect(await envelope.open(place, sealed)).toBe(secret)
    expect(sealed.keyId).toBe('k1')
    for (const blob of [sealed.ciphertext, sealed.wrappedKey]) {
      expect(blob.includes('sk-')).toBe(false)
      expect(blob[0]).toBe(1)
    }
    expect(sealed.wrappedKey).toHaveLength(1 + 12 + 32 + 16)
    expect(await envelope.open(place, await envelope.seal(place, ''))).toBe('')
  })

  it('seals the same secret differently each time', async () => {
    const [one, two] = [await envelope.seal(place, 'same'), await envelope.seal(place, 'same')]
    expect(one.ciphertext.equals(two.ciphertext)).toBe(false)
    expect(one.wrappedKey.equals(two.wrappedKey)).toBe(false)
  })

  it('opens nowhere but in its tenant, record and field', async () => {
    const sealed = await envelope.seal(place, 'secret')
    for (const other of [{ organizationId: randomUUID() }, { record: randomUUID() }, { field: 'workflow.credentials.hint' }])
      await expect(envelope.open({ ...place, ...other }, sealed)).rejects.toThrow('cannot be decrypted')
  })

  it('cannot be put together from two secrets of one place', async () => {
    const [one, two] = [await envelope.seal(place, 'one'), await envelope.seal(place, 'two')]
    await expect(envelope.open(place, { ...one, ciphertext: two.ciphertext })).rejects.toThrow('cannot be decrypted')
  })

  it('refuses every changed byte, a shortened blob and an unknown format', async () => {
    const sealed = await envelope.seal(place, 'secret')
    for (const part of ['ciphertext', 'wrappedKey'] as const) {
      for (let index = 0; index < sealed[part].length; index += 1) {
        const changed = Buffer.from(sealed[part])
        changed[index]! ^= 1
        await expect(envelope.open(place, { ...sealed, [part]: changed })).rejects.toMatchObject({ name: 'DecryptionError' })
      }
      for (const blob of [sealed[part].subarray(0, -1), sealed[part].subarray(0, 20), Buffer.alloc(0)])
        await expect(envelope.open(place, { ...sealed, [part]: blob })).rejects.toMatchObject({ name: 'DecryptionError' })
    }
  })

  it('says which key is missing and what to do', async () => {
    const sealed = await envelope.seal(place, 'secret')
    await expect(envelopeOf(fileOf('k2', 'k2')).open(place, sealed)).rejects.toMatchObject({
      name: 'UnknownKeyError',
      keyId: 'k1',
      message: expect.stringContaining('The encryption key "k1" is not in the key file'),
    })
  })

  it('wraps the data key anew and leaves the text as it is', async () => {
    const sealed = await envelope.seal(place, 'secret')
    const rewrapped = { ...sealed, ...(await envelopeOf(fileOf('k2', 'k1', 'k2')).rewrap(place, sealed)) }
    expect(rewrapped.keyId).toBe('k2')
    expect(await envelopeOf(fileOf('k2', 'k2')).open(place, rewrapped)).toBe('secret')
    await expect(envelope.open(place, rewrapped)).rejects.toMatchObject({ name: 'UnknownKeyError', keyId: 'k2' })
  })
})

describe('the key file', () => {
  let directory: string
  let path: string

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'signalbox-keys-'))
    path = join(directory, 'encryption-keys')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('is read again when it has changed: for an unknown key, and before a new secret', async () => {
    const write = (text: string, second: number) => {
      writeFileSync(path, text)
      utimesSync(path, second, second)
      return text
    }
    const provider = new KeyFileProvider({ text: write(fileOf('k1', 'k1'), 1), path })
    const running = new Envelope(provider)
    const old = await running.seal(place, 'old')
    write(fileOf('k2', 'k1', 'k2'), 2)
    const elsewhere = await envelopeOf(fileOf('k2', 'k2')).seal(place, 'elsewhere')
    expect(await running.open(place, elsewhere)).toBe('elsewhere')
    expect((await running.seal(place, 'new')).keyId).toBe('k2')
    expect(await running.open(place, old)).toBe('old')
    expect(await provider.keyIds()).toEqual(['k1', 'k2'])
  })

  it('goes on with the keys that it had when the changed file is broken or gone, and says so', async () => {
    const faults: string[] = []
    writeFileSync(path, '{ half')
    const provider = new KeyFileProvider({ text: fileOf('k1', 'k1'), path, onFault: ({ message }) => faults.push(message) })
    const sealed = await new Envelope(provider).seal(place, 'kept')
    rmSync(path)
    expect((await new Envelope(provider).seal(place, 'kept')).keyId).toBe('k1')
    expect(await new Envelope(provider).open(place, sealed)).toBe('kept')
    expect(faults).toEqual([expect.stringContaining('ENCRYPTION_KEYS: must be JSON'), expect.stringContaining('ENOENT')])
  })

  it.each([
    '',
    'k1',
    '{}',
    '{"current":"k1","keys":{}}',
    `{"current":"k2","keys":{"k1":"${key()}"}}`,
    `{"current":"k1","keys":{"k1":"${randomBytes(16).toString('base64')}"}}`,
    '{"current":"k1","keys":{"k1":"not base64!"}}',
    `{"current":"a b","keys":{"a b":"${key()}"}}`,
  ])('says what it wants to be, and repeats nothing of it: %s', (text) => {
    let message = ''
    try {
      parseKeyFile(text)
    } catch (error) {
      message = (error as Error).message
    }
    expect(message).toMatch(/^ENCRYPTION_KEYS: must be JSON like/)
    for (const secret of text.match(/[\w+/]{20,}=*/g) ?? []) expect(message).not.toContain(secret)
  })
})
