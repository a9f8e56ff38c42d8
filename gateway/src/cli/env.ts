import { readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliFault } from './fault.ts'

export interface CliEnv {
  /** The platform's address, without a path. */
  url: string
  clientId: string
  clientSecret: string
}

type Source = Record<string, string | undefined>

const repository = fileURLToPath(new URL('../../../', import.meta.url))

/** The only reader of the client's environment; options of the command line come first. @throws {CliFault} naming what is missing */
export function readCliEnv(options: { url?: string; clientId?: string }, source: Source = process.env): CliEnv {
  const url = options.url ?? (source['SIGNALBOX_URL'] || 'http://127.0.0.1:4000')
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new CliFault(`"${url}" is not an http address.`, 2)
  const clientId = options.clientId ?? (source['SIGNALBOX_CLIENT_ID'] || 'signalbox-cli')
  return { url: url.replace(/\/+$/, ''), clientId, clientSecret: readSecret(source) }
}

/** npm runs scripts in the repository's root; a path on the command line counts from where the user stands. */
export const resolvePath = (path: string, source: Source = process.env) =>
  isAbsolute(path) ? path : resolve(source['INIT_CWD'] || process.cwd(), path)

function readSecret(source: Source): string {
  const named = source['SIGNALBOX_CLIENT_SECRET_FILE']
  if (source['SIGNALBOX_CLIENT_SECRET']) {
    if (named) throw new CliFault('Set SIGNALBOX_CLIENT_SECRET or SIGNALBOX_CLIENT_SECRET_FILE, not both.', 2)
    return source['SIGNALBOX_CLIENT_SECRET']
  }
  const file = named || join(source['SIGNALBOX_DATA_DIR'] || join(repository, '.data'), 'secrets/cli-client-secret')
  let secret: string
  try {
    secret = readFileSync(file, 'utf8').trim()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const advice = named ? '' : ' Run "npm start" once first, or set SIGNALBOX_CLIENT_SECRET.'
    throw new CliFault(`The client's secret cannot be read from ${file} (${code}).${advice}`)
  }
  if (secret === '') throw new CliFault(`The file ${file} is empty; it must hold the client's secret.`)
  return secret
}
