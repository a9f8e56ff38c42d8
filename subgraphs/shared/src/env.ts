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
  ...identityEnv,
}

/**
 * Reads and checks the environment once, at boot. `X_FILE` names a file that holds `X` (a mounted secret); giving both is an error.
 * An empty variable counts as absent.
 * @throws {EnvError} naming every variable that is wrong
 */
export function readEnv<T extends z.ZodRawShape>(
  shape: T,
  source: Record<string, string | undefined> = process.env,
): z.infer<z.ZodObject<T>> {
  const values: Record<string, string> = {}
  const faults: string[] = []
  for (const name of Object.keys(shape)) {
    const direct = source[name] || undefined
    const file = source[`${name}_FILE`] || undefined
    if (direct !== undefined && file !== undefined) faults.push(`${name}: set it or ${name}_FILE, not both`)
    else if (direct !== undefined) values[name] = direct
    else if (file !== undefined) {
      try {
        values[name] = readFileSync(file, 'utf8').trim()
      } catch (error) {
        faults.push(`${name}_FILE: cannot read ${file} (${(error as NodeJS.ErrnoException).code})`)
      }
    }
  }
  const result = z.object(shape).safeParse(values)
  if (!result.success) faults.push(...result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  if (faults.length > 0 || !result.success) throw new EnvError(`The environment is not complete:\n  ${faults.join('\n  ')}`)
  return result.data
}
