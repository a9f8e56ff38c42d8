/** Stops a test's server when the test run is interrupted, as Jest then calls no teardown. */
export function endWithProcess(pid: number, signal: NodeJS.Signals = 'SIGINT'): void {
  const end = () => {
    try {
      process.kill(pid, signal)
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
