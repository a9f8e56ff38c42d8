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

  it('cannot be asked for in another organisation’s name, nor read by who asks', async () => {
    await expect(notify('d', {}, randomUUID())).rejects.toThrow('must belong to the organisation')
    await workflow.query('rollback')
    await expect(workflow.query('select * from events.notifications')).rejects.toThrow('permission denied')
    await expect(workflow.query(`select * from events.claim_notifications(1, '1 second')`)).rejects.toThrow('permission denied')
  })
})
