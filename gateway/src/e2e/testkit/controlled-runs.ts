import { eventually, type Session } from './session.ts'

/** A run that failed: the base that it names does not exist. */
export async function failureOf({ session, mark }: { session: Session; mark: string }): Promise<Record<string, string>> {
  const input = { text: `Where is it ${mark}`, knowledgeBase: 'no such base' }
  await session.expect('mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } } }', {
    input: { workflow: 'triage', input, tags: [mark] },
  })
  return eventually(async () => {
    const { deadLetters } = await session.expect('{ deadLetters { id } }')
    if (deadLetters.length === 0) throw new Error(`no run of ${mark} has failed`)
    return { FailureGroup: deadLetters[0].id as string }
  })
}

/** The run that waits was paused with others like it, and waits again. */
export async function bulkOf({ session, ids }: { session: Session; ids: Record<string, string> }): Promise<string> {
  const { bulkRuns } = await session.expect(
    'mutation ($input: BulkRunsInput!) { bulkRuns(input: $input) { operation { id } } }',
    {
      input: { action: 'PAUSE', filter: { ids: [ids['Run']] }, expectedCount: 1 },
    },
  )
  const { id } = bulkRuns.operation as { id: string }
  await eventually(async () => {
    const { bulkOperation } = await session.expect('query ($id: ID!) { bulkOperation(id: $id) { finishedAt } }', { id })
    if (bulkOperation.finishedAt === null) throw new Error('the bulk operation goes on')
  })
  await session.expect('mutation ($input: ResumeRunInput!) { resumeRun(input: $input) { run { id } } }', {
    input: { runId: ids['Run'] },
  })
  return id
}
