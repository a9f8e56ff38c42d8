import { describe, expect, it } from '@jest/globals'
import { createHmac, randomUUID } from 'node:crypto'
import { eventually, signIn, system, type Session } from './testkit/session.ts'

const CREATE = `mutation ($input: CreateWebhookTriggerInput!) {
  createWebhookTrigger(input: $input) { address secret trigger { id requireSignature } }
}`
const body = JSON.stringify({ question: 'You charged me twice, I want a refund for the second payment' })

/** From the outside to a run, by the address that is handed out. */
describe('a webhook', () => {
  const send = (address: string, headers: Record<string, string>, text = body) =>
    fetch(address, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } })
  const signed = (secret: string, id = randomUUID() as string, at = Math.floor(Date.now() / 1000)) => {
    const signature = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
      .update(`${id}.${at}.${body}`)
      .digest('base64')
    return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` }
  }
  const create = async (owner: Session) => {
    const input = { workflow: 'support-triage', name: `Shop ${randomUUID()}`, mapping: { input: { text: 'body.question' } } }
    return (await owner.expect(CREATE, { input })).createWebhookTrigger as {
      address: string
      secret: string
      trigger: { id: string }
    }
  }

  it('starts a run for whoever signs, once, whatever else is sent along', async () => {
    const owner = await signIn('owner@harbour.example')
    const { address, secret, trigger } = await create(owner)
    expect(address.startsWith(`${system.url}/hooks/in/`)).toBe(true)
    const headers = signed(secret)
    const first = await send(address, { ...headers, authorization: 'Basic c2VuZGVyOnNlY3JldA==' })
    expect(first.status).toBe(202)
    const { runId, created } = (await first.json()) as { runId: string; created: boolean }
    expect(created).toBe(true)
    expect(await (await send(address, headers)).json()).toEqual({ runId, created: false })
    await eventually(async () => {
      const { run } = await owner.expect(
        'query ($id: ID!) { run(id: $id) { trigger input status startedBy { ... on SystemActor { id name } } } }',
        { id: runId },
      )
      expect(run).toMatchObject({
        trigger: 'WEBHOOK',
        input: JSON.parse(body.replace('question', 'text')),
        startedBy: { name: 'Webhook' },
      })
      expect(run.status).toBe('WAITING_FOR_REVIEW')
    })
    await owner.expect(
      'mutation ($input: DeleteWebhookTriggerInput!) { deleteWebhookTrigger(input: $input) { trigger { id } } }',
      {
        input: { id: trigger.id },
      },
    )
    expect((await send(address, signed(secret))).status).toBe(404)
  })

  it('starts a run that another one follows when it ends', async () => {
    const owner = await signIn('owner@harbour.example')
    const { address, secret } = await create(owner)
    const { runId } = (await (await send(address, signed(secret))).json()) as { runId: string }
    const input = {
      sourceWorkflow: 'support-triage',
      workflow: 'support-triage',
      name: 'After it',
      statuses: ['CANCELLED'],
      condition: `run.id == "${runId}"`,
      mapping: { input: { text: '"Follow up: " + run.input.text' } },
    }
    const { createRunEventTrigger } = await owner.expect(
      'mutation ($input: CreateRunEventTriggerInput!) { createRunEventTrigger(input: $input) { trigger { id } } }',
      { input },
    )
    await owner.expect('mutation ($input: CancelRunInput!) { cancelRun(input: $input) { run { status } } }', { input: { runId } })
    await eventually(async () => {
      const { trigger } = await owner.expect(
        'query ($id: ID!) { trigger(id: $id) { ... on RunEventTrigger { firings { nodes { outcome run { trigger input } } } } } }',
        createRunEventTrigger.trigger,
      )
      const text = `Follow up: ${JSON.parse(body).question}`
      expect(trigger.firings.nodes).toEqual([{ outcome: 'STARTED', run: { trigger: 'RUN', input: { text } } }])
    })
  })

  it('turns the others away in JSON', async () => {
    const owner = await signIn('owner@harbour.example')
    const { address, secret } = await create(owner)
    const cases: [number, string, () => Promise<Response>][] = [
      [401, 'UNAUTHENTICATED', () => send(address, {})],
      [401, 'UNAUTHENTICATED', () => send(address, signed(secret, 'old', Math.floor(Date.now() / 1000) - 600))],
      [413, 'PAYLOAD_TOO_LARGE', () => send(address, {}, JSON.stringify({ text: 'x'.repeat(300_000) }))],
      [404, 'NOT_FOUND', () => send(`${system.url}/hooks/in/${'x'.repeat(32)}`, {})],
      [404, 'NOT_FOUND', () => send(`${system.url}/hooks/elsewhere`, {})],
    ]
    for (const [status, code, ask] of cases) {
      const response = await ask()
      expect({ status: response.status, body: await response.json() }).toMatchObject({
        status,
        body: { errors: [{ extensions: { code } }] },
      })
    }
  })
})
