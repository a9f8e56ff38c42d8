/** The address will never take it: it does not exist, or it has blocked us. The message never names the address. */
export class UndeliverableError extends Error {
  override name = 'UndeliverableError'
}

/** The other side asks to come again later. */
export class DeferredError extends Error {
  override name = 'DeferredError'

  constructor(
    message: string,
    readonly retryAfterMs: number,
  ) {
    super(message)
  }
}
