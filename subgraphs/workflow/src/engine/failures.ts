import { ModelError } from '../reasoning/model-error.ts'
import type { RunFailure } from '../runs/run-failure.ts'
import { adviceOn } from './advice.ts'
import { consequenceOf } from './consequence.ts'
import type { LeasedRun } from './lease.ts'

/**
 * INPUT: the request cannot be worked with. KNOWLEDGE: a base is not there or cannot be searched. MODEL: no usable answer of a model. TOOL: a
 * connected system, or another workflow, did not do it. POLICY: a rule forbids it. BUDGET: what the definition allows is used up. TIMEOUT: it
 * took too long, or nobody came in time. PLATFORM: a fault of the definition or of ours.
 */
export type FailureCode = 'INPUT' | 'KNOWLEDGE' | 'MODEL' | 'TOOL' | 'POLICY' | 'BUDGET' | 'TIMEOUT' | 'PLATFORM'

/** A failure of a step that says what kind it is. */
export class StepError extends Error {
  override name = 'StepError'

  constructor(
    readonly code: FailureCode,
    /** A plain sentence for the business. */
    message: string,
    readonly retryable: boolean,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

/** What a model's adapter says of its failure is meant for people; other errors may hold anything. */
const ownWords = (error: unknown) => (error instanceof ModelError ? ` ${error.message}` : '')

/** Runs a step's part and tells what kind of failure its errors are. */
export async function as<T>(code: FailureCode, message: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StepError) throw error
    const retryable = (error as { retryable?: boolean }).retryable !== false
    throw new StepError(code, `${message}${ownWords(error)}`, retryable, { cause: error })
  }
}

/** What of a run says what its failure means. */
export type FailedRun = Pick<LeasedRun, 'effects' | 'definition'>

/** @param run as it stands: what it did outside makes the consequence */
export function failureOf(error: unknown, run: FailedRun, node: string | null = null, attempt: number | null = null): RunFailure {
  const { code, message, retryable } =
    error instanceof StepError ? error : new StepError('PLATFORM', 'Something went wrong on our side.', true)
  return {
    code,
    reason: message,
    node,
    attempt,
    retryable,
    consequence: consequenceOf(code, run, node),
    advice: adviceOn(code, retryable),
  }
}
