import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { EnvError } from './env-error.ts'
import { identityEnv } from './service-identity.ts'

export { EnvError }

/** Fields that every subgraph needs; spread them into the shape that it gives to `readEnv`. */
export const commonEnv = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535),
  /** What a browser calls the gateway, without a path: `http://127.0.0.1:4000`. */
  PUBLIC_URL: z.url(),
  ISSUER: z.url(),
  AUDIENCE: z.string().min(1).default('urn:signalbox:api'),
  JWKS_URL: z.url(),
  DATABASE_URL: z.url(),
  /** Connections to it at most, of what answers requests; 10 unless given. */
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(500).optional(),
  ...identityEnv,
}

/**
 * Reads and checks the environment once, at boot. `X_FILE` names a file that holds `X` (a mounted secret; line ends at its end do not
 * count); giving both is an error. An empty variable counts as absent, an empty file does not.
 * @throws {EnvError} naming every variable that is wrong
 */
export function readEnv<T extends z.ZodRawShape>(
  shape: T,
  source: Record<string, string | undefined> = process.env,
): z.infer<z.ZodObject<T>> {
  const values: Record<string, string> = {}
  const faults = new Map<string, string>()
  for (const name of Object.keys(shape)) {
    try {
      const value = valueOf(name, source)
      if (value !== undefined) values[name] = value
    } catch (error) {
      faults.set(name, (error as Error).message)
    }
  }
  const result = z.object(shape).safeParse(values)
  for (const { path, message } of result.error?.issues ?? []) {
    const name = String(path[0])
    const missing = `${name}: is not set; give it, or ${name}_FILE with the name of a file that holds it`
    if (!faults.has(name)) faults.set(name, name in values ? `${path.join('.')}: ${message}` : missing)
  }
  if (faults.size > 0 || !result.success)
    throw new EnvError(`The environment is not complete:\n  ${[...faults.values()].join('\n  ')}`)
  return result.data
}

/** @throws a fault, as one line that repeats nothing of the value */
function valueOf(name: string, source: Record<string, string | undefined>): string | undefined {
  const direct = source[name] || undefined
  const file = source[`${name}_FILE`] || undefined
  if (file === undefined) return direct
  if (direct !== undefined) throw new EnvError(`${name}: set it or ${name}_FILE, not both`)
  const text = contentOf(name, file).replace(/[\r\n]+$/, '')
  if (text.trim() === '') throw new EnvError(`${name}_FILE: ${file} is empty; it must hold the value of ${name}`)
  return text
}

function contentOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new EnvError(`${name}_FILE: cannot read ${file} (${(error as NodeJS.ErrnoException).code})`, { cause: error })
  }
}
