import { describe, expect, it } from '@jest/globals'
import { resumeAfter, type ResumablePayload } from './resume.ts'

const transitions =
  'subscription RunTransitions($runId: ID!, $after: Int) { runTransitions(runId: $runId, after: $after) { seq } }'
const changes = 'subscription RunsChanged($after: String) { runsChanged(after: $after) { cursor } }'

describe('a subscription that is cut', () => {
  it('goes on after the last transition, with its other variables as they were', () => {
    const payload: ResumablePayload = { query: transitions, variables: { runId: 'r1', after: 0 } }
    resumeAfter(payload, { data: { runTransitions: { seq: 7 } } })
    expect(payload.variables).toEqual({ runId: 'r1', after: 7 })
  })

  it('goes on after the last cursor of a list', () => {
    const payload: ResumablePayload = { query: changes }
    resumeAfter(payload, { data: { runsChanged: { cursor: 'c9' } } })
    expect(payload.variables).toEqual({ after: 'c9' })
  })

  it('is left alone when it does not take a position', () => {
    const payload: ResumablePayload = { query: 'subscription { runsChanged { cursor } }', variables: {} }
    resumeAfter(payload, { data: { runsChanged: { cursor: 'c9' } } })
    expect(payload.variables).toEqual({})
  })

  it('keeps its position when an event is an error', () => {
    const payload: ResumablePayload = { query: transitions, variables: { after: 3 } }
    resumeAfter(payload, { data: null })
    expect(payload.variables).toEqual({ after: 3 })
  })
})
