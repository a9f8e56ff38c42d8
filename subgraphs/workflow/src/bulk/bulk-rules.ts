import { ENDED, RunStatus } from '../runs/run-status.ts'
import { BulkAction } from './bulk.types.ts'

const { QUEUED, RUNNING, RETRYING, WAITING, WAITING_FOR_REVIEW, PAUSED, FAILED, EXPIRED } = RunStatus
const MOVING = [QUEUED, RUNNING, RETRYING, WAITING, WAITING_FOR_REVIEW]

/** How a run must stand for an action. */
export const POSSIBLE: Record<BulkAction, readonly RunStatus[]> = {
  CANCEL: [...MOVING, PAUSED],
  PAUSE: MOVING,
  RESUME: [PAUSED],
  RETRY: [FAILED, EXPIRED],
  RETRY_FROM_START: [FAILED, EXPIRED],
  REPLAY: ENDED,
}

/** Why an action is not possible for runs that stand so: `4 runs: already ended`. */
export function refusalOf(action: BulkAction, status: RunStatus): string {
  if (action === BulkAction.RETRY || action === BulkAction.RETRY_FROM_START) return 'did not fail'
  if (action === BulkAction.RESUME) return 'not paused'
  if (action === BulkAction.REPLAY) return 'not ended yet'
  return status === PAUSED ? 'already paused' : 'already ended'
}
