import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEgress } from '@signalbox/shared/egress'
import { Envelope } from '@signalbox/shared/encryption/envelope'
import { KeyFileProvider } from '@signalbox/shared/encryption/key-file'
import { testKeys, viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { CredentialKind } from './connection.ts'
import { CredentialService } from './credential.service.ts'
import { openCredential, readCredentials } from './credential-store.ts'

const SCRIPT = fileURLToPath(new URL('../../dist/encryption-rotate.main.js', import.meta.url))

const directory = mkdtempSync(join(tmpdir(), 'signalbox-rotation-'))
const path = join(directory, 'encryption-keys')
let bed: WorkflowTestbed

beforeAll(async () => {
  bed = await WorkflowTestbed.create()
  writeFileSync(path, testKeys(), { mode: 0o600 })
})
afterAll(async () => {
  await bed[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true })
})

/** @param killAt kills it with SIGKILL once it has written that */
async function rotate(flags: string[], killAt?: string) {
  const env = { PATH: process.env['PATH'], DATABASE_OWNER_URL: bed.database.url('workflow_owner'), ENCRYPTION_KEYS_FILE: path }
  const child = spawn(process.execPath, [SCRIPT, ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (killAt !== undefined && output.includes(killAt)) child.kill('SIGKILL')
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

it('the command adds a key, is killed, goes on, and a running service reads and writes all the while', async () => {
  const text = readFileSync(path, 'utf8')
  const envelope = new Envelope(new KeyFileProvider({ text, path }))
  const of = (organizationId: string) => {
    const { tenant, audit } = bed.as(viewerOf(organizationId))
    return { tenant, service: new CredentialService(tenant, { envelope, policy: {}, egress: createEgress() }, audit) }
  }
  const save = (organizationId: string) =>
    of(organizationId).service.save({
      kind: CredentialKind.OPENAI,
      openAi: { baseUrl: 'https://api.example.com/v1', apiKey: `key of ${organizationId}`, model: 'm' },
    })
  const organizations = Array.from({ length: 120 }, (_, index) => `0190a000-0000-7000-8000-${String(index).padStart(12, '0')}`)
  for (const organizationId of organizations) await save(organizationId)
  const openAll = async () => {
    for (const organizationId of organizations) {
      const [stored] = await of(organizationId).tenant.transaction(readCredentials)
      expect(await openCredential(envelope, stored!)).toMatchObject({ apiKey: `key of ${organizationId}` })
    }
  }

  const killed = await rotate(['--add-key'], 're-wrapped 100, 20 left')
  expect(killed.code).not.toBe(0)
  const keys = JSON.parse(readFileSync(path, 'utf8')) as { current: string; keys: Record<string, string> }
  expect([keys.current, Object.keys(keys.keys), (statSync(path).mode & 0o777).toString(8)]).toEqual(['k2', ['k1', 'k2'], '600'])
  await openAll()
  await save(organizations[119]!)

  const finished = await rotate([])
  expect(finished).toEqual({
    code: 0,
    output: expect.stringMatching(
      /Every stored secret is under the key "k2" \(120 of them\)\.\nNo longer in use: k1\. Take it out/,
    ),
  })
  await openAll()
  const { rows } = await bed.superuser.query(
    `select payload, organization_id from events.outbox where payload ->> 'action' = 'encryption_key.rotated'`,
  )
  expect(rows).toMatchObject([{ payload: { outcome: 'ALLOWED', target: { type: 'EncryptionKey', id: 'k2' } } }])

  writeFileSync(path, JSON.stringify({ current: 'k3', keys: JSON.parse(testKeys('k3')).keys }))
  const lost = await rotate([])
  expect(lost).toEqual({ code: 1, output: expect.stringContaining('The encryption key "k2" is not in the key file') })
})
