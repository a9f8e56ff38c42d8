import type { Session } from './session.ts'

/** One of each kind of trigger, of which none comes to start anything; and a delivery that failed. */
export async function triggersOf({ session, mark }: { session: Session; mark: string }): Promise<Record<string, string>> {
  const { createSchedule } = await session.expect(
    'mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { schedule { id } } }',
    { input: { workflow: 'triage', name: `${mark} yearly`, cron: '0 0 1 1 *', timeZone: 'UTC', input: { text: mark } } },
  )
  const { createWebhookTrigger } = await session.expect(
    'mutation ($input: CreateWebhookTriggerInput!) { createWebhookTrigger(input: $input) { address trigger { id } } }',
    { input: { workflow: 'triage', name: `${mark} hook`, requireSignature: false, mapping: { input: { text: 'body.text' } } } },
  )
  const { address, trigger } = createWebhookTrigger
  await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ mark }) })
  const { createRunEventTrigger } = await session.expect(
    'mutation ($input: CreateRunEventTriggerInput!) { createRunEventTrigger(input: $input) { trigger { id } } }',
    {
      input: {
        sourceWorkflow: 'triage',
        workflow: 'triage',
        name: `${mark} follow-up`,
        statuses: ['EXPIRED'],
        mapping: { input: 'run.input' },
      },
    },
  )
  const { triggers } = await session.expect('{ triggers { ... on WebhookTrigger { deliveries { nodes { id } } } } }')
  return {
    Schedule: createSchedule.schedule.id,
    WebhookTrigger: trigger.id,
    WebhookDelivery: triggers[0].deliveries.nodes[0].id,
    RunEventTrigger: createRunEventTrigger.trigger.id,
  }
}
