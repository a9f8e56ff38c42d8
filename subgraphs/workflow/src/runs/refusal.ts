import { ConflictError } from '@signalbox/shared/errors'

/** What the database refuses because of how a run stands (SB002), as the caller is told. @throws {ConflictError} with the run's status */
export async function refusable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code, message, detail } = rootOf(error)
    if (code === 'SB002') throw new ConflictError(message, { status: detail ?? null })
    throw error
  }
}

interface DatabaseError {
  code?: string
  message: string
  detail?: string
}

/** The ORM wraps the driver's error. */
function rootOf(error: unknown): DatabaseError {
  const { cause } = error as { cause?: unknown }
  return (error as DatabaseError).code === undefined && cause !== undefined ? rootOf(cause) : (error as DatabaseError)
}
