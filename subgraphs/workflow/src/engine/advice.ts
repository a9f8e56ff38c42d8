import type { FailureCode } from './failures.ts'

/** What would help: where trying again can, and where something must change first. */
const ADVICE: Record<FailureCode, { retryable: string; final: string }> = {
  INPUT: {
    retryable: 'Run it again with a corrected request.',
    final: 'Run it again with a corrected request; this one fails every time.',
  },
  KNOWLEDGE: {
    retryable: 'Try again in a while; if it goes on, see whether the knowledge base can be searched.',
    final: 'Create the knowledge base, or name another one in the workflow, then try again.',
  },
  MODEL: {
    retryable: 'Try again in a while; if it goes on, check the connection to the model.',
    final: 'Check the model that the workflow uses, then try again.',
  },
  TOOL: {
    retryable: 'Try again; if it goes on, check the connected system. What is done already is not repeated.',
    final: 'Set up or correct the connected system first, then try again. What is done already is not repeated.',
  },
  POLICY: {
    retryable: 'Have a person approve it, or change the workflow’s rules.',
    final: 'Change the workflow’s rules or let it ask a person first, then run it again.',
  },
  BUDGET: {
    retryable: 'Try again later, or give the workflow a larger budget.',
    final: 'Publish the workflow with a larger budget, or make the request smaller, then run it again.',
  },
  TIMEOUT: {
    retryable: 'Try again; if it happens often, give the step more time.',
    final: 'Try again, and have somebody decide in time.',
  },
  PLATFORM: {
    retryable: 'Try again; if it goes on, tell support the number of this run.',
    final: 'The workflow must be corrected and published, then run it again.',
  },
}

export const adviceOn = (code: FailureCode, retryable: boolean): string => ADVICE[code][retryable ? 'retryable' : 'final']
