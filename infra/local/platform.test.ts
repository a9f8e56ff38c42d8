import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createTransport } from 'nodemailer'
import pg from 'pg'
import { scratchDirectory } from '../testing/scratch.ts'
import { startPlatform, type PartName, type Platform } from './platform.ts'
import { findFreeBase } from './ports.ts'

async function sql(connectionString: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  return client
    .query<Record<string, unknown>>(text)
    .then((result) => result.rows)
    .finally(() => client.end())
}

describe('the stores of the local platform', () => {
  const lines: string[] = []
  let platform: Platform

  beforeAll(async () => {
    const log = (line: string) => lines.push(line)
    platform = await startPlatform({
      dataDirectory: scratchDirectory('stores'),
      port: await findFreeBase(),
      log,
      storesOnly: true,
    })
  }, 60_000)

  afterAll(() => platform.stop())

  const knowledge = (text: string) => sql(`postgresql://workflow_app@127.0.0.1:${platform.ports.knowledge}/postgres`, text)
  const object = (init?: RequestInit) => fetch(`http://127.0.0.1:${platform.ports.objects}/signalbox/kept.txt`, init)
  const mails = async () => (await (await fetch(`${platform.inboxUrl}/api/messages`)).json()) as { subject: string }[]
  const killAndWait = async (part: PartName) => {
    platform.kill(part, 'SIGKILL')
    while (!lines.includes(`${part} runs again`)) await sleep(50)
  }

  it('keep their data over kill -9 of each', async () => {
    await sql(platform.databaseUrl, 'create table public.kept as select 1 as id')
    await knowledge('create extension if not exists vector')
    await knowledge(`create table knowledge.kept as select '[1,2,3]'::vector as embedding`)
    expect((await object({ method: 'PUT', body: 'kept' })).status).toBe(200)
    const transport = createTransport({ host: '127.0.0.1', port: platform.ports.smtp, ignoreTLS: true })
    await transport.sendMail({ from: 'a@a.example', to: 'b@b.example', subject: 'kept', text: 'text' })

    await Promise.all((['postgres', 'knowledge', 'objects', 'mail'] as const).map(killAndWait))
    expect(await sql(platform.databaseUrl, 'select id from public.kept')).toEqual([{ id: 1 }])
    expect(await knowledge(`select embedding <-> '[1,2,4]' as distance from knowledge.kept`)).toEqual([{ distance: 1 }])
    expect(await (await object()).text()).toBe('kept')
    expect((await mails()).map(({ subject }) => subject)).toEqual(['kept'])
  }, 60_000)

  it('are down from stop to start, each by itself', async () => {
    await platform.stopService('mail')
    await expect(mails()).rejects.toThrow('fetch failed')
    expect(await sql(platform.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    await platform.startService('mail')
    expect(await mails()).toHaveLength(1)
  })

  it('refuse a second platform on the same data', async () => {
    const { dataDirectory } = platform
    const second = startPlatform({ dataDirectory, port: await findFreeBase(), log: () => {}, storesOnly: true })
    await expect(second).rejects.toThrow(`Signalbox runs already, at ${platform.url} (process ${process.pid})`)
  })
})
