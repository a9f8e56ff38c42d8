/** Stops a test's server, by its pid then, when the test run is interrupted, as Jest then calls no teardown. */
export function endWithProcess(server: number | (() => number | undefined), signal: NodeJS.Signals = 'SIGINT'): void {
  const end = () => {
    const pid = typeof server === 'number' ? server : server()
    try {
      if (pid !== undefined) process.kill(pid, signal)
    } catch {
      // It has ended already.
    }
  }
  process.once('exit', end)
  for (const [event, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(event, () => process.exit(code))
}
