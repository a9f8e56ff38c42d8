import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino'
import { maskValue } from './masking.ts'

export type { Logger }

/**
 * Structured logs, one event a line, on standard output. Whatever a line holds – fields, messages, errors with their causes and stacks,
 * bindings of children – goes through `maskValue` before it is written: nobody has to remember to.
 * @param destination for tests: where the lines go instead
 */
export function createLogger(name: string, level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    name,
    level,
    base: { service: name },
    redact: { paths: ['req.headers', 'req.rawHeaders'], remove: true },
    hooks: { streamWrite: maskLine },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** The serialised line is read back, so that no path around the masks is left. */
function maskLine(line: string): string {
  try {
    return `${JSON.stringify(maskValue(JSON.parse(line)))}\n`
  } catch {
    return `${JSON.stringify({ level: 50, msg: 'a log line that is no JSON was left out' })}\n`
  }
}
