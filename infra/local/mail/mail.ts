import fastify from 'fastify'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { runStore, setting } from '../store-process.ts'
import { inboxPage, mailList } from './inbox-page.ts'
import { MailStore } from './mail-store.ts'

export interface MailOptions {
  directory: string
  smtpPort: number
  inboxPort: number
  /** Where the inbox links to. */
  signalboxUrl: string
}

/** An SMTP server that accepts every mail and delivers none, and a web page that shows them. */
export async function startMail(options: MailOptions): Promise<AsyncDisposable> {
  const store = new MailStore(options.directory)
  const smtp = createSmtp(store)
  await new Promise<void>((resolve, reject) => {
    smtp.once('error', reject)
    smtp.listen(options.smtpPort, '127.0.0.1', resolve)
  })
  smtp.on('error', (error) => console.error(error.message))
  const inbox = createInbox(store, options)
  await inbox.listen({ port: options.inboxPort, host: '127.0.0.1' })
  return {
    async [Symbol.asyncDispose]() {
      await inbox.close()
      await new Promise<void>((resolve) => smtp.close(resolve))
    },
  }
}

const createSmtp = (store: MailStore) =>
  new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: (_auth, _session, done) => done(null, { user: 'anyone' }),
    size: 10 * 1024 ** 2,
    closeTimeout: 500,
    onData(stream, session, done) {
      simpleParser(stream, { skipImageLinks: true }).then(
        (mail) => {
          store.add({
            to: session.envelope.rcptTo.map(({ address }) => address).join(', '),
            from: mail.from?.text ?? '',
            subject: mail.subject ?? '(no subject)',
            text: mail.text ?? '',
          })
          done()
        },
        (error: Error) => done(error),
      )
    },
  })

const ONLY_US = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"

function createInbox(store: MailStore, { inboxPort, signalboxUrl }: MailOptions) {
  const app = fastify({ forceCloseConnections: true })
  // Another site's page must not read codes by a name that it points at 127.0.0.1 (DNS rebinding).
  app.addHook('onRequest', async (request, reply) => {
    const { hostname } = request
    void reply
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', ONLY_US)
    if (hostname === '127.0.0.1' || hostname === 'localhost') return
    await reply.code(403).send(`The inbox is at http://127.0.0.1:${inboxPort}\n`)
  })
  app.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(inboxPage(store.list(), signalboxUrl)))
  app.get('/list', async (_request, reply) => reply.type('text/html; charset=utf-8').send(mailList(store.list())))
  app.get('/api/messages', async () => store.list())
  app.delete('/api/messages', async (_request, reply) => {
    store.clear()
    return reply.code(204).send()
  })
  return app
}

if (import.meta.main) {
  await runStore(() =>
    startMail({
      directory: setting('DIRECTORY'),
      smtpPort: Number(setting('SMTP_PORT')),
      inboxPort: Number(setting('PORT')),
      signalboxUrl: setting('SIGNALBOX_URL'),
    }),
  )
}
