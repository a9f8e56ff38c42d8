import { DriverException } from '@mikro-orm/core'

/** Codes of sockets, and of Postgres where it refuses or ends connections (classes 08 and 57P). */
const CODES = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EHOSTUNREACH|08...|57P0[1-3])$/
const MESSAGES = /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i

/**
 * Whether the database went away, as opposed to having refused a statement. A transaction that cannot begin throws the socket's own
 * error, not the ORM's: any connection that could not be made, and that no service has named otherwise, counts as the database's.
 */
export function isDatabaseDown(error: unknown): boolean {
  // graphql-js wraps what comes from another realm (a test runner's).
  const { thrownValue = error } = (error ?? {}) as { thrownValue?: unknown }
  const { code, syscall, message } = (thrownValue ?? {}) as { code?: unknown; syscall?: string; message?: string }
  if (!(thrownValue instanceof DriverException) && syscall === undefined) return MESSAGES.test(message ?? '')
  return CODES.test(String(code)) || MESSAGES.test(message ?? '')
}
