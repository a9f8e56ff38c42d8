import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { AuthFixture } from '../testing/auth-fixture.ts'

describe('mails that other parts ask for', () => {
  let fixture: AuthFixture
  let workflow: pg.Client
  const organizationId = randomUUID()

  beforeAll(async () => {
    fixture = await AuthFixture.start()
    workflow = new pg.Client({ connectionString: fixture.database.url('workflow_app') })
    await workflow.connect()
  })
  afterAll(async () => {
    await workflow.end()
    await fixture[Symbol.asyncDispose]()
  })

  async function notify(key: string, mail: object, organization = organizationId) {
    await workflow.query('begin')
    await workflow.query(`select set_config('app.organization', $1, true)`, [organizationId])
    const { rows } = await workflow.query<{ notify: boolean }>('select events.notify($1, $2, $3)', [organization, key, mail])
    await workflow.query('commit')
    return rows[0]!.notify
  }
  const stored = async () =>
    (
      await fixture.superuser.query<{ key: string; mail: object | null }>(
        'select key, mail from events.notifications order by key',
      )
    ).rows

  it('are sent once a key, with nothing of their text as markup, and are forgotten but for the key', async () => {
    const mail = { to: 'ann@customer.example', subject: 'Your order', text: 'Dear <b>Ann</b>,\n\nit is "on" its way\n& well.' }
    expect(await notify('a', mail)).toBe(true)
    expect(await notify('a', { ...mail, to: 'eve@customer.example' })).toBe(false)
    const sent = await fixture.inbox.take('ann@customer.example')
    expect(sent).toMatchObject({ subject: 'Your order', messageId: expect.stringMatching(/^<[0-9a-f]{32}@signalbox>$/) })
    expect(sent.text).toBe('Dear <b>Ann</b>,\n\nit is "on" its way\n& well.\n')
    expect(sent.html).toContain('Dear &lt;b&gt;Ann&lt;/b&gt;,</p>')
    expect(sent.html).toContain('it is &quot;on&quot; its way<br>&amp; well.</p>')

    // The mail server is away, and the service with it: both come back.
    await fixture.restart(async () => {
      await fixture.inbox.close()
      await notify('b', { to: 'nobody', subject: 's', text: 't' })
      await notify('c', mail)
      await fixture.inbox.open()
    })
    await fixture.inbox.take('ann@customer.example')
    while ((await stored()).some((row) => row.mail !== null)) await new Promise((resolve) => setImmediate(resolve))
    expect(await stored()).toEqual(['a', 'b', 'c'].map((key) => ({ key, mail: null })))
  })

  it('reach one person by id, or all who may do something, as they are members now', async () => {
    const { rows } = await fixture.superuser.query<{ id: string; email: string; organization_id: string }>(
      `select u.id, u.email, m.organization_id from auth.users u join auth.memberships m on m.user_id = u.id
       where u.email in ('owner@harbour.example', 'reviewer@harbour.example')`,
    )
    const [owner, reviewer] = ['owner', 'reviewer'].map((name) => rows.find(({ email }) => email.startsWith(name))!)
    const harbour = owner!.organization_id
    const ask = async (key: string, to: object) => {
      await workflow.query('begin')
      await workflow.query(`select set_config('app.organization', $1, true)`, [harbour])
      await workflow.query('select events.notify($1, $2, $3)', [harbour, key, { to, subject: key, text: 't' }])
      await workflow.query('commit')
    }
    await ask('to-one', { userId: reviewer!.id })
    expect(await fixture.inbox.take(reviewer!.email)).toMatchObject({ subject: 'to-one' })
    await ask('to-deciders', { scope: 'hitl:decide', role: null })
    expect(await fixture.inbox.take(reviewer!.email)).toMatchObject({ subject: 'to-deciders' })
    expect(await fixture.inbox.take(owner!.email)).toMatchObject({ subject: 'to-deciders' })
    await ask('to-owners', { scope: 'hitl:decide', role: 'CLIENT_OWNER' })
    expect(await fixture.inbox.take(owner!.email)).toMatchObject({ subject: 'to-owners' })
    // Nobody of the client is that high: its agency.
    await ask('to-agency', { scope: 'hitl:decide', role: 'AGENCY_ADMIN' })
    expect(await fixture.inbox.take('admin@northwind.example')).toMatchObject({ subject: 'to-agency' })
  })

  it('cannot be asked for in another organisation’s name, nor read by who asks', async () => {
    await expect(notify('d', {}, randomUUID())).rejects.toThrow('must belong to the organisation')
    await workflow.query('rollback')
    await expect(workflow.query('select * from events.notifications')).rejects.toThrow('permission denied')
    await expect(workflow.query(`select * from events.claim_notifications(1, '1 second')`)).rejects.toThrow('permission denied')
  })
})
