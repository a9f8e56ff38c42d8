import type { ClockTask } from '../clock.ts'
import type { FiringParts } from './due.ts'
import { fireRunEvents } from './run-events/fire-run-events.ts'
import { fireDueSchedules } from './schedules/fire-schedules.ts'

/** What every worker's clock does for triggers. */
export const triggerTasks = (parts: FiringParts): ClockTask[] => [
  { name: 'schedules', everyMs: 1_000, run: () => fireDueSchedules(parts) },
  { name: 'run-events', everyMs: 1_000, run: () => fireRunEvents(parts) },
]
