export interface ModelErrorDetails {
  /** Wrong as it is set up (key, address, name, request): another model may answer, this one will not. */
  misconfigured?: boolean
  /** Milliseconds that the server asks to wait. */
  retryAfterMs?: number | undefined
  /** The server's, if it answered with another one than 200. */
  status?: number | undefined
}

/** The model's server refused, or answered what is no answer. The message is a plain sentence without anything secret. */
export class ModelError extends Error {
  override name = 'ModelError'
  readonly misconfigured: boolean
  readonly retryAfterMs: number | undefined
  readonly status: number | undefined

  constructor(
    message: string,
    /** The same call may succeed later. */
    readonly retryable: boolean,
    { misconfigured = false, retryAfterMs, status }: ModelErrorDetails = {},
  ) {
    super(message)
    this.misconfigured = misconfigured
    this.retryAfterMs = retryAfterMs
    this.status = status
  }
}

/** The answer does not follow its schema. The model can be told what was wrong; if it does so again, a later call may do better. */
export class SchemaFaultError extends ModelError {
  constructor(
    /** For the model: "confidence must be at most 1". */
    readonly fault: string,
  ) {
    super('The model’s answer does not follow the schema.', true)
  }
}

/** No answer this time: tried once more before anybody is told. */
export class TemporaryError extends ModelError {
  constructor(message: string, details: Pick<ModelErrorDetails, 'retryAfterMs' | 'status'> = {}) {
    super(message, true, details)
  }
}
