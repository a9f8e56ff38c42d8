/** The life of a store's process: like a service's, it says 'started' to its parent and stops once on a signal or when the parent is gone. */
export async function runStore(start: () => Promise<AsyncDisposable>): Promise<void> {
  let stopping = false
  let store: AsyncDisposable | undefined
  const stop = async () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), 15_000).unref()
    await store?.[Symbol.asyncDispose]()
    process.exit(0)
  }
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) process.on(event, () => void stop())
  try {
    store = await start()
    process.send?.('started')
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}

/** @throws when the launcher did not set the variable */
export function setting(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}
