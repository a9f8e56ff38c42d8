import { mkdirSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createTransport } from 'nodemailer'
import { ManagedProcess } from '../managed-process.ts'
import { findFreeBase } from '../ports.ts'
import { scratchDirectory } from '../../testing/scratch.ts'

describe('the local mail server', () => {
  let base: number
  let server: ManagedProcess
  const inbox = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${base + 1}${path}`, init)
  const send = (subject: string, text: string) =>
    createTransport({ host: '127.0.0.1', port: base, ignoreTLS: true }).sendMail({
      from: 'Signalbox <no-reply@signalbox.example>',
      to: 'owner@harbour.example',
      subject,
      text,
    })

  beforeAll(async () => {
    base = await findFreeBase()
    const dataDirectory = scratchDirectory('mail')
    for (const part of ['logs', 'run']) mkdirSync(join(dataDirectory, part))
    const env = {
      DIRECTORY: join(dataDirectory, 'mail'),
      SMTP_PORT: String(base),
      PORT: String(base + 1),
      SIGNALBOX_URL: 'http://127.0.0.1:4000',
    }
    server = new ManagedProcess(
      { name: 'mail', script: join(import.meta.dirname, 'mail.ts'), env },
      { dataDirectory, log: () => {} },
    )
    await server.start()
  })
  afterAll(() => server.stop())

  it('shows what it received, newest first, also after a restart', async () => {
    await send('Grüße', 'Your code is 123456')
    await send('<b>bold</b>', 'second')
    await server.stop()
    await server.start()
    const messages = (await (await inbox('/api/messages')).json()) as Record<string, string>[]
    expect(messages.map(({ to, subject, text }) => ({ to, subject, text: text!.trim() }))).toEqual([
      { to: 'owner@harbour.example', subject: '<b>bold</b>', text: 'second' },
      { to: 'owner@harbour.example', subject: 'Grüße', text: 'Your code is 123456' },
    ])
    const page = await (await inbox('/')).text()
    expect(page).toContain('<output>123456</output>')
    expect(page).toContain('&lt;b&gt;bold')
    expect(page).not.toContain('<b>bold')
  })

  it('forgets all on DELETE', async () => {
    await send('one more', 'text')
    expect((await inbox('/api/messages', { method: 'DELETE' })).status).toBe(204)
    expect(await (await inbox('/api/messages')).json()).toEqual([])
  })

  it('does not answer under another name, which a foreign page could point here', async () => {
    const options = { port: base + 1, path: '/api/messages', headers: { host: 'evil.example' } }
    const status = await new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', ...options }, (response) => resolve(response.resume().statusCode)).on('error', reject)
    })
    expect(status).toBe(403)
  })
})
