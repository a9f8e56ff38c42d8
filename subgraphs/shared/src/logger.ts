import { pino, type Logger } from 'pino'

export type { Logger }

/** Structured logs, one event a line, on standard output. Paths that may hold a secret or an address are removed. */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    base: { service: name },
    redact: {
      paths: [
        '*.authorization',
        '*.cookie',
        '*.password',
        '*.token',
        '*.code',
        '*.secret',
        '*.email',
        '*.address',
        'req.headers',
      ],
      remove: true,
    },
  })
}
