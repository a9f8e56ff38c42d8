import type { BulkAction } from '../../gql/graphql.ts'

interface Words {
  /** On the button and in the title: `Cancel`. */
  verb: string
  /** What it does to them. */
  meaning: string
  /** Of those that it was done to: `cancelled`. */
  done: string
}

export const bulkWords: Record<BulkAction, Words> = {
  RETRY: {
    verb: 'Retry',
    meaning: 'Each goes on from its failed step. What was done outside already is not repeated.',
    done: 'queued again',
  },
  RETRY_FROM_START: {
    verb: 'Retry from the start',
    meaning: 'Each begins again. What was done outside already is not repeated.',
    done: 'queued again',
  },
  PAUSE: { verb: 'Pause', meaning: 'Each stops after the step under way, until somebody resumes it.', done: 'being paused' },
  RESUME: { verb: 'Resume', meaning: 'Each goes on where it was paused.', done: 'resumed' },
  REPLAY: {
    verb: 'Run again',
    meaning: 'A new run does each request once more, also outside. The new runs do not count towards the value.',
    done: 'run again',
  },
  CANCEL: { verb: 'Cancel', meaning: 'Each stops for good. What it already did outside stays done.', done: 'cancelled' },
}

export const bulkActions = Object.keys(bulkWords) as BulkAction[]

export const runsWord = (count: number): string => (count === 1 ? 'one run' : `${count.toLocaleString('en')} runs`)
