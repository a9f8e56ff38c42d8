import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { clientToken, Person } from './person.ts'

/** Requests a second while something rotates. */
export const RATE = 50
/** Milliseconds of load before and after. */
const MARGIN = 2_000

export interface Rotated {
  requests: number
  failed: number
  /** The first failure, in words. */
  reason: string | undefined
}

type Request = (index: number) => Promise<string | undefined>

/** Sends 50 requests a second, none waiting for another, from before a command until after it. */
async function underLoad(request: Request, command: () => Promise<void>): Promise<Rotated> {
  const pending: Promise<string | undefined>[] = []
  const started = performance.now()
  let over = false
  const load = (async () => {
    while (!over) {
      pending.push(request(pending.length).catch((error: Error) => error.message))
      await sleep(Math.max(0, started + (pending.length * 1000) / RATE - performance.now()))
    }
  })()
  await sleep(MARGIN)
  await command().finally(async () => {
    await sleep(MARGIN)
    over = true
    await load
  })
  const reasons = (await Promise.all(pending)).filter((reason) => reason !== undefined)
  return { requests: pending.length, failed: reasons.length, reason: reasons[0] }
}

/** Replaces the key that signs tokens, while people use tokens from before and programs get new ones. */
export function rotateSigningKey(url: string, directory: string, clientSecret: string, people: Person[]): Promise<Rotated> {
  const request = async (index: number) => {
    const asker = index % 2 === 0 ? people[(index / 2) % people.length]! : new Person(url, await clientToken(url, clientSecret))
    const { status, errors, text } = await asker.ask('{ viewer { organization { id } } workflows { totalCount } }')
    return status === 200 && errors === undefined ? undefined : `${status} ${text.slice(0, 200)}`
  }
  return underLoad(request, () => run('rotate-keys', directory, ['--lead-seconds', '3', '--wait']))
}

/** Puts a new encryption key in place and every secret under it, while secrets are saved by the one and used by the other. */
export async function rotateEncryptionKey(directory: string, webhook: Webhook, saver: Person, user: Person): Promise<Rotated> {
  const save = (person: Person, secret: string) =>
    person.ask('mutation ($input: SaveCredentialInput!) { saveCredential(input: $input) { credential { id } } }', {
      input: { kind: 'N8N_WEBHOOK', n8nWebhook: { url: webhook.url, headerName: 'x-secret', headerValue: secret } },
    })
  const { data, text: refusal } = await save(user, webhook.secret)
  const id = data?.saveCredential?.credential.id as string | undefined
  if (id === undefined) throw new Error(`the connection was not saved: ${refusal.slice(0, 300)}`)
  const request = async (index: number) => {
    if (index % 5 === 0) {
      const { errors, text } = await save(saver, `secret ${index}`)
      return errors === undefined ? undefined : text.slice(0, 200)
    }
    const query = 'mutation ($id: ID!) { testCredential(input: { id: $id }) { succeeded message } }'
    const { data: tested, text } = await user.ask(query, { id })
    return tested?.testCredential?.succeeded === true ? undefined : text.slice(0, 200)
  }
  return underLoad(request, () => run('rotate-encryption', directory, ['--add-key']))
}

async function run(script: string, directory: string, flags: string[]): Promise<void> {
  const file = fileURLToPath(new URL(`../../../../infra/local/${script}.ts`, import.meta.url))
  const env = { ...process.env, SIGNALBOX_DATA_DIR: directory }
  const child = spawn(process.execPath, [file, ...flags], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${script} ended with ${code}`)
}

export interface Webhook extends Disposable {
  url: string
  origin: string
  /** The header's value that it wants: it answers 401 to any other, so that a secret that comes out wrong is seen. */
  secret: string
}

/** Stands for the other side of a connection. */
export async function openWebhook(): Promise<Webhook> {
  const secret = `bench ${crypto.randomUUID()}`
  const server: Server = createServer((request, response) => {
    request.resume()
    response.writeHead(request.headers['x-secret'] === secret ? 200 : 401, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url: `${origin}/webhook/bench`, origin, secret, [Symbol.dispose]: () => void server.close() }
}
