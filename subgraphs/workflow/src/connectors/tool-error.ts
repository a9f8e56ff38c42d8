export interface ToolErrorOptions {
  /** Whether the same call may succeed later. */
  retryable: boolean
  /** It may have happened, and the other side could not tell a repetition: a person has to look. */
  unknown?: boolean
  /** Milliseconds until trying again makes sense. */
  retryAfterMs?: number | undefined
  cause?: unknown
}

/** A tool was not called, or its answer is a failure. The message is for the business and names no secret. */
export class ToolError extends Error {
  override name = 'ToolError'
  readonly retryable: boolean
  readonly unknown: boolean
  readonly retryAfterMs: number | null

  constructor(message: string, { retryable, unknown = false, retryAfterMs, cause }: ToolErrorOptions) {
    super(message, { cause })
    this.retryable = retryable
    this.unknown = unknown
    this.retryAfterMs = retryAfterMs ?? null
  }
}

/** By name: tests run modules in a realm of their own. */
export const isToolError = (error: unknown): error is ToolError => (error as Error | undefined)?.name === 'ToolError'
