import type { ClockTask } from '../clock.ts'
import { inTransaction } from '../tenant.ts'
import type { FiringParts } from './due.ts'
import { fireRunEvents } from './run-events/fire-run-events.ts'
import { fireDueSchedules } from './schedules/fire-schedules.ts'

/** What every worker's clock does for triggers. */
export const triggerTasks = (parts: FiringParts): ClockTask[] => [
  { name: 'schedules', everyMs: 1_000, run: () => fireDueSchedules(parts) },
  { name: 'run-events', everyMs: 1_000, run: () => fireRunEvents(parts) },
  { name: 'old-deliveries', everyMs: 3_600_000, run: () => forgetDeliveries(parts) },
]

/** What was sent may be personal: it is kept for 30 days. */
export async function forgetDeliveries({ orm }: Pick<FiringParts, 'orm'>): Promise<void> {
  await inTransaction(orm.em.fork(), ({ query }) => query('select workflow.forget_deliveries()'))
}
