import type { Logger } from './logger.ts'

/**
 * The life of a service's process: starts what `start` returns, stops it once on SIGINT, SIGTERM or when the parent's IPC channel
 * closes, and ends with exit code 0; a failure to start is one log line and exit code 1.
 */
export async function runService(log: Logger, start: () => Promise<AsyncDisposable>): Promise<void> {
  let stopping = false
  let service: AsyncDisposable | undefined
  const stop = async (reason: string) => {
    if (stopping) return
    stopping = true
    log.info({ reason }, 'stopping')
    const forced = setTimeout(() => process.exit(1), 20_000)
    await service?.[Symbol.asyncDispose]()
    clearTimeout(forced)
    process.exit(0)
  }
  process.on('SIGINT', () => void stop('SIGINT'))
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('disconnect', () => void stop('parent is gone'))
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'))
  try {
    service = await start()
    log.info('started')
    process.send?.('started')
  } catch (error) {
    log.fatal({ err: error }, `could not start: ${(error as Error).message}`)
    process.exit(1)
  }
}
