import { describe, expect, it } from '@jest/globals'
import { eventually, signIn, type Session } from './testkit/session.ts'

/** The story of the product, through the public endpoint only. */
describe('a supervised run', () => {
  it('goes from a sign-in to its value', async () => {
    const owner = await signIn('owner@harbour.example')
    const before = await kpis(owner)

    const { startRun } = await owner.expect(
      'mutation ($input: StartRunInput!) { startRun(input: $input) { created run { id caseId status } } }',
      { input: { workflow: 'support-triage', input: { text: 'You charged me twice, I want a refund for the second payment' } } },
    )
    expect(startRun.created).toBe(true)
    const { id: runId, caseId } = startRun.run

    const watched = watch(owner, runId)
    const review = await openReview(owner, runId)
    expect(review.evidence.length).toBeGreaterThan(0)

    const { decideReview } = await owner.expect(
      'mutation ($input: DecideReviewInput!) { decideReview(input: $input) { review { status decision { action decidedBy { __typename } } } run { id } } }',
      { input: { reviewId: review.id, checkpointId: review.checkpointId, action: 'APPROVE', comment: 'Looks right' } },
    )
    expect(decideReview.review).toMatchObject({
      status: 'DECIDED',
      decision: { action: 'APPROVE', decidedBy: { __typename: 'User' } },
    })

    const transitions = await watched
    expect(transitions.map((one) => one.seq)).toEqual(transitions.map((_, index) => index + 1))
    const kinds = transitions.map((one) => one.kind)
    expect(kinds.at(0)).toBe('QUEUED')
    expect(kinds.at(-1)).toBe('SUCCEEDED')
    expect(kinds).toEqual(
      expect.arrayContaining(['NODE_STARTED', 'NODE_FINISHED', 'REVIEW_REQUESTED', 'REVIEW_DECIDED', 'RESUMED']),
    )
    expect(transitions.at(-1)!.run).toMatchObject({ status: 'SUCCEEDED', workflow: { name: expect.any(String) } })

    await readArtifact(owner, runId)
    await recordOutcomes(owner, caseId)
    await eventually(async () => {
      const after = await kpis(owner)
      expect(after.turnaround.n).toBe(before.turnaround.n + 1)
      expect(after.effectiveness).toMatchObject({ n: before.effectiveness.n + 1, value: expect.any(Number) })
      expect(after.staffRelief.n).toBe(before.staffRelief.n + 1)
      expect(after.turnaround.baseline.source).toBe('ESTIMATED')
      const { run } = await owner.expect(
        'query ($id: ID!) { run(id: $id) { lastSeq cost { total { amount currency } asOfSeq } } }',
        { id: runId },
      )
      expect(run.cost.asOfSeq).toBe(run.lastSeq)
      expect(Number(run.cost.total.amount)).toBeGreaterThan(0)
    })
  })
})

interface Transition {
  seq: number
  kind: string
  run: { status: string; workflow: { name: string }; cost: { asOfSeq: number } | null }
}

/** Every transition of a run until it has ended. */
async function watch(session: Session, runId: string): Promise<Transition[]> {
  const socket = session.socket()
  const seen: Transition[] = []
  const query = `subscription ($runId: ID!) {
    runTransitions(runId: $runId, after: 0) { seq kind run { status workflow { name } cost { total { amount } asOfSeq } } }
  }`
  try {
    for await (const { data, errors } of socket.iterate<{ runTransitions: Transition }>({ query, variables: { runId } })) {
      if (errors !== undefined) throw new Error(JSON.stringify(errors))
      seen.push(data!.runTransitions)
      if (['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(seen.at(-1)!.kind)) break
    }
  } finally {
    await socket.dispose()
  }
  return seen
}

const openReview = (session: Session, runId: string) =>
  eventually(async () => {
    const { run } = await session.expect(
      'query ($id: ID!) { run(id: $id) { status reviews { id status question checkpointId evidence { text score } } } }',
      { id: runId },
    )
    expect(run.status).toBe('WAITING_FOR_REVIEW')
    return run.reviews[0] as { id: string; checkpointId: string; evidence: unknown[] }
  })

async function readArtifact(session: Session, runId: string) {
  const { run } = await session.expect(
    'query ($id: ID!) { run(id: $id) { artifacts { nodes { name url bytes } totalCount } } }',
    { id: runId },
  )
  const [artifact] = run.artifacts.nodes
  const response = await session.fetch(artifact.url)
  expect(response.status).toBe(200)
  expect((await response.arrayBuffer()).byteLength).toBe(artifact.bytes)
}

async function recordOutcomes(session: Session, caseId: string) {
  const outcomes = [
    { kind: 'GOAL_MET' },
    { kind: 'RATED', value: 5 },
    { kind: 'HUMAN_MINUTES', value: 2 },
    { kind: 'CASE_CLOSED' },
  ]
  for (const outcome of outcomes) {
    await session.expect('mutation ($input: RecordOutcomeInput!) { recordOutcome(input: $input) { created } }', {
      input: { key: `${caseId}-${outcome.kind}`, caseId, at: new Date().toISOString(), ...outcome },
    })
  }
}

async function kpis(session: Session) {
  const range = { from: new Date(Date.now() - 7 * 86_400_000).toISOString(), to: new Date(Date.now() + 3_600_000).toISOString() }
  const data = await session.expect(
    `query ($range: TimeRange!) { kpis(range: $range) {
      turnaround { value n baseline { source } } effectiveness { value n } staffRelief { value n } timeToBenefit { value n }
      customerExperience { value n note } } }`,
    { range },
  )
  return data.kpis
}
