import { isDeepStrictEqual } from 'node:util'
import type { Pool } from 'pg'
import { noViolations, type Violations } from './messages.ts'
import type { Answered } from './people.ts'
import type { Sink } from './sink.ts'
import type { Decided, Job } from './workloads.ts'

interface RunRow {
  id: string
  label: string
  status: string
  output: unknown
  failure: unknown
  last_seq: number
  parent_run_id: string | null
  lease_owner: string | null
}

interface ReviewRow {
  id: string
  run_id: string
  label: string
  node: string
  status: string
  decision_action: string
  decision_value: { note?: string } | null
}

interface TransitionRow {
  run_id: string
  seq: number
  kind: string
  node: string | null
  status: string
  written_by: string
}

/** What is left in the database and at the sink once all is over. */
export interface Remains {
  jobs: Job[]
  runs: RunRow[]
  reviews: ReviewRow[]
  log: Map<string, TransitionRow[]>
  /** How often each transition is in the outbox, by `run:seq`. */
  events: Map<string, number>
  answered: Answered[]
  sink: Sink
}

export async function readRemains(pool: Pool, jobs: Job[], answered: Answered[], sink: Sink): Promise<Remains> {
  const ask = async <R extends object>(sql: string) => (await pool.query<R>(sql)).rows
  const log = await ask<TransitionRow>(
    'select run_id, seq, kind, node, status, written_by from workflow.run_transitions order by run_id, seq',
  )
  const events = await ask<{ key: string; n: number }>(
    `select payload ->> 'runId' || ':' || (t ->> 'seq') as key, count(*)::int as n
     from events.outbox, jsonb_array_elements(payload -> 'transitions') as t where type = 'run.advanced' group by 1`,
  )
  return {
    jobs,
    runs: await ask(
      `select id, input ->> 'label' as label, status, output, failure, last_seq, parent_run_id, lease_owner from workflow.runs order by id`,
    ),
    reviews: await ask(
      `select v.id, v.run_id, r.input ->> 'label' as label, v.node, v.status, v.decision_action, v.decision_value
       from workflow.reviews v join workflow.runs r on r.organization_id = v.organization_id and r.id = v.run_id`,
    ),
    log: Map.groupBy(log, ({ run_id }) => run_id),
    events: new Map(events.map(({ key, n }) => [key, n])),
    answered,
    sink,
  }
}

/** Everything that does not hold. */
export function violationsOf(remains: Remains): Violations {
  const found = noViolations()
  for (const job of remains.jobs) checkJob(job, remains, found)
  for (const run of remains.runs) checkLog(run, remains, found)
  checkDecisions(remains, found)
  checkEffects(remains, found)
  return found
}

function checkJob({ label, status, output, children }: Job, remains: Remains, { lostRuns }: Violations) {
  const [run, ...more] = remains.runs.filter((one) => one.label === label)
  if (run === undefined || more.length > 0) {
    lostRuns.push(`${label} has ${more.length + 1} runs`)
    return
  }
  const decided = (node: string) => decidedIn(remains, label, node)
  const started = remains.runs.filter(({ parent_run_id }) => parent_run_id === run.id).length
  if (run.status !== status) lostRuns.push(`${label} is ${run.status}: ${JSON.stringify(run.failure)}`)
  else if (output !== null && !isDeepStrictEqual(run.output, output(decided)))
    lostRuns.push(`${label} gave ${JSON.stringify(run.output)}, not ${JSON.stringify(output(decided))}`)
  if (started !== children) lostRuns.push(`${label} started ${started} runs, not ${children}`)
}

/** @param place a node, or `<child>/<node>` */
function decidedIn({ reviews }: Remains, label: string, place: string): Decided {
  const [node, ...children] = place.split('/').reverse()
  const owner = [label, ...children].join(':')
  const review = reviews.find((one) => one.label === owner && one.node === node)
  return { action: review?.decision_action ?? 'none', note: review?.decision_value?.note ?? 'proposed' }
}

function checkDecisions({ reviews, answered, log }: Remains, { lostDecisions }: Violations) {
  for (const { reviewId, action } of answered) {
    const review = reviews.find(({ id }) => id === reviewId)
    if (review?.status !== 'DECIDED' || review.decision_action !== action)
      lostDecisions.push(`${review?.label}: ${action} was answered OK, and it is ${review?.decision_action}`)
  }
  for (const { id, run_id, label, status } of reviews) {
    const oks = answered.filter(({ reviewId }) => reviewId === id).length
    if (oks > 1) lostDecisions.push(`${label}: ${oks} decisions of one review were answered OK`)
    if (status !== 'DECIDED') lostDecisions.push(`${label}: a review is ${status}`)
    for (const kind of ['REVIEW_REQUESTED', 'REVIEW_DECIDED']) {
      const told = (log.get(run_id) ?? []).filter((one) => one.kind === kind).length
      const asked = reviews.filter((one) => one.run_id === run_id).length
      if (told !== asked) lostDecisions.push(`${label}: ${kind} is told ${told} times of ${asked} reviews`)
    }
  }
}

function checkEffects(remains: Remains, { duplicateEffects }: Violations) {
  const { jobs, sink } = remains
  const expected = jobs.flatMap(({ effects }) =>
    effects.map((identity) => {
      const owner = identity.replace(':<ask>', '')
      return identity.replace('<ask>', decidedIn(remains, owner, 'ask').action)
    }),
  )
  for (const identity of expected) {
    const entry = sink.entries.get(identity)
    if (entry?.applied !== 1 || entry.keys.size !== 1)
      duplicateEffects.push(`${identity} was applied ${entry?.applied ?? 0} times under ${entry?.keys.size ?? 0} keys`)
  }
  for (const identity of sink.entries.keys())
    if (!expected.includes(identity)) duplicateEffects.push(`${identity} should never have been applied`)
}

const TAKEN = ['STARTED', 'RESUMED', 'RECOVERED']
const ENDS = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED']
/** What people and the clock write, beside the worker that holds the run. */
const BESIDE = ['QUEUED', 'REVIEW_DECIDED']

function checkLog({ id, label, status, last_seq, lease_owner }: RunRow, { log, events }: Remains, found: Violations) {
  const rows = log.get(id) ?? []
  const wrong = (what: string) => found.staleWrites.push(`${label}: ${what}`)
  if (rows.some(({ seq }, index) => seq !== index + 1) || rows.length !== last_seq) wrong('the log has gaps')
  const ends = rows.filter(({ kind }) => ENDS.includes(kind))
  if (ENDS.includes(status) && (ends.length !== 1 || rows.at(-1) !== ends[0])) wrong(`it ended ${ends.length} times`)
  if (ENDS.includes(status) && lease_owner !== null) wrong('it ended and is still held')
  let holder: string | null = null
  for (const { seq, kind, written_by, status: stands } of rows) {
    if (TAKEN.includes(kind)) holder = written_by
    else if (written_by !== holder && !BESIDE.includes(kind)) wrong(`${kind} (${seq}) is by ${written_by}; ${holder} held it`)
    if (!['RUNNING', 'RETRYING'].includes(stands)) holder = null
  }
  for (const { seq } of rows) {
    const told = events.get(`${id}:${seq}`) ?? 0
    if (told !== 1) found.lostEvents.push(`${label}: transition ${seq} is ${told} times in the outbox`)
  }
}
