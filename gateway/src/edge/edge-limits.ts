/** Sizes in bytes, times in milliseconds. */
export const EDGE_LIMITS = {
  body: 1024 * 1024,
  headers: 16 * 1024,
  message: 256 * 1024,
  requestTimeout: 300_000,
  headersTimeout: 15_000,
  /** Longer than nginx keeps its own connections, so that it is never the gateway that ends one. */
  keepAlive: 75_000,
  closing: 1_000,
}
