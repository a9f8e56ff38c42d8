import { afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { change } from './testkit/parts.ts'
import { eventually, Session, signIn, system } from './testkit/session.ts'

const START = 'mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } } }'
const RUN = 'query ($id: ID!) { run(id: $id) { status cost { asOfSeq } lastSeq failure { reason } } }'
const HOURS = { workflow: 'support-triage', input: { text: 'What are your opening hours?' } }

/** What is down is said in `/ready`, costs no more than it must, and is recovered from without a restart of anything else. */
describe('an outage', () => {
  let owner: Session

  beforeAll(async () => {
    owner = await signIn('owner@harbour.example')
  })
  afterEach(() => ready('ok'))

  it('of telemetry leaves the runs readable, their cost null, and loses no event', async () => {
    await change('stop', 'telemetry')
    const { startRun } = await owner.expect(START, { input: HOURS })
    const during = await owner.graphql(RUN, { id: startRun.run.id })
    expect(during.data.run).toMatchObject({ status: expect.any(String), cost: null })
    expect(during.errors![0]).toMatchObject({ path: ['run', 'cost'], extensions: { code: 'UNAVAILABLE', service: 'telemetry' } })
    expect(await ready()).toMatchObject({ status: 'degraded', parts: { telemetry: 'down' } })
    await change('start', 'telemetry')
    await eventually(async () => {
      const { run } = await owner.expect(RUN, { id: startRun.run.id })
      expect(run.cost.asOfSeq).toBe(run.lastSeq)
      expect(run.status).toBe('SUCCEEDED')
    })
  }, 60_000)

  it('of the worker leaves runs queued, and a killed one loses none', async () => {
    const ids: string[] = []
    for (let n = 0; n < 5; n += 1) ids.push((await owner.expect(START, { input: HOURS })).startRun.run.id)
    await change('kill', 'worker')
    ids.push((await owner.expect(START, { input: HOURS })).startRun.run.id)
    for (const id of ids) {
      await eventually(async () => expect((await owner.expect(RUN, { id })).run.status).toBe('SUCCEEDED'), 60_000)
    }
  }, 90_000)

  it('of the mail server is said to whoever asks for a code', async () => {
    await change('stop', 'mail')
    const answer = await new Session(system.url).graphql(
      'mutation { requestOtp(input: { channel: EMAIL, address: "viewer@harbour.example" }) { challengeId } }',
    )
    expect(answer.errors![0]!.extensions).toMatchObject({ code: 'UNAVAILABLE', service: 'mail' })
    expect((await ready()).parts).toMatchObject({ 'auth.mail': 'down' })
    await change('start', 'mail')
    await eventually(() => signIn('viewer@harbour.example'))
  }, 60_000)

  it('of the object store is retried until it is back', async () => {
    await change('stop', 'objects')
    const { startRun } = await owner.expect(START, { input: HOURS })
    await eventually(async () => expect((await ready()).parts['workflow.objects']).toBe('down'))
    await change('start', 'objects')
    await eventually(async () => expect((await owner.expect(RUN, { id: startRun.run.id })).run.status).toBe('SUCCEEDED'), 60_000)
  }, 90_000)

  it('of Postgres answers with errors, not with silence, and a subscription goes on after it', async () => {
    const socket = owner.socket({ retry: true })
    const changed = new Set<string>()
    socket.subscribe<{ runsChanged: { run: { id: string } } }>(
      { query: 'subscription { runsChanged { run { id } } }' },
      { next: ({ data }) => void (data && changed.add(data.runsChanged.run.id)), error: () => {}, complete: () => {} },
    )
    const { startRun } = await owner.expect(START, { input: HOURS })
    await eventually(async () => expect((await owner.expect(RUN, { id: startRun.run.id })).run.status).toBe('SUCCEEDED'))
    await change('stop', 'postgres')
    const during = await owner.graphql(RUN, { id: startRun.run.id })
    expect(during.errors![0]!.extensions['code']).toBe('UNAVAILABLE')
    expect((await ready()).status).toBe('degraded')
    await change('start', 'postgres')
    await eventually(async () => expect((await owner.expect(RUN, { id: startRun.run.id })).run.status).toBe('SUCCEEDED'))
    const again = (await eventually(() => owner.expect(START, { input: HOURS }))).startRun.run.id
    await eventually(async () => expect((await owner.expect(RUN, { id: again })).run.status).toBe('SUCCEEDED'), 60_000)
    await eventually(async () => expect([...changed]).toContain(again))
    await socket.dispose()
  }, 120_000)
})

interface Readiness {
  status: string
  parts: Record<string, string>
}

/** The gateway's readiness; with a state, once it has reached it. */
async function ready(wanted?: string): Promise<Readiness> {
  return eventually(async () => {
    const report = (await (await fetch(`${system.url}/ready`)).json()) as Readiness
    if (wanted !== undefined) expect(report).toMatchObject({ status: wanted })
    return report
  }, 60_000)
}
