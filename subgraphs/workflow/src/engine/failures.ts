import type { RunFailure } from '../runs/run-failure.ts'

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

/** Runs a step's part and tells what kind of failure its errors are. */
export async function as<T>(code: FailureCode, message: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StepError) throw error
    const retryable = (error as { retryable?: boolean }).retryable !== false
    throw new StepError(code, message, retryable, { cause: error })
  }
}

const CONSEQUENCE = 'The request has not been answered; it needs a person or another try.'

export function failureOf(error: unknown, node: string | null, attempt: number | null): RunFailure {
  const known = error instanceof StepError ? error : new StepError('PLATFORM', 'Something went wrong on our side.', true)
  return { code: known.code, reason: known.message, node, attempt, retryable: known.retryable, consequence: CONSEQUENCE }
}
