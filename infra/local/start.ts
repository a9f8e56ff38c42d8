import { once } from 'node:events'
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { DEMO } from '@signalbox/shared/demo'
import { defaultDataDirectory } from './data-directory.ts'
import { LocalFault } from './fault.ts'
import { startPlatform, type Platform } from './platform.ts'
import { DEFAULT_PORT, parsePort } from './ports.ts'

/** `npm start`: the platform in the foreground, until Ctrl-C, a signal, or the end of the process that started us. */
async function main() {
  const { port } = readFlags()
  const startedAt = Date.now()
  const stopAsked = onceAskedToStop()
  const dataDirectory = defaultDataDirectory()
  const platform = await startPlatform({ dataDirectory, port, log: (line) => console.log(`• ${line}`), signal: stopAsked }).catch(
    (error: unknown) => {
      if (stopAsked.aborted) return undefined
      throw error
    },
  )
  if (platform === undefined) return
  banner(platform, dataDirectory, Date.now() - startedAt)
  if (!stopAsked.aborted) await once(stopAsked, 'abort')
  await platform.stop()
  console.log('• stopped; the data stays for the next start')
}

function readFlags(): { port: number } {
  try {
    const { values } = parseArgs({ options: { port: { type: 'string', default: String(DEFAULT_PORT) } } })
    return { port: parsePort(values.port) }
  } catch (error) {
    if (error instanceof LocalFault) throw error
    throw new LocalFault(`${(error as Error).message.split('. ')[0]}. Usage: npm start -- [--port N]`)
  }
}

/** Ctrl-C reaches us once from the terminal and once through npm: the first counts. */
function onceAskedToStop(): AbortSignal {
  const asked = new AbortController()
  const stop = () => {
    if (asked.signal.aborted) return
    asked.abort()
    console.log('\n• stopping')
  }
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.on(event, stop)
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  return asked.signal
}

function banner({ url, inboxUrl }: Platform, dataDirectory: string, milliseconds: number) {
  const data = relative(process.cwd(), dataDirectory).startsWith('..')
    ? dataDirectory
    : `${relative(process.cwd(), dataDirectory)}/`
  const { admin, owner, reviewer, viewer } = DEMO.users
  console.log(`
  Signalbox runs at  ${url}   (ready in ${(milliseconds / 1000).toFixed(1)} s)
  Mail inbox         ${inboxUrl}

  Sign in with one of these addresses; the code arrives in the inbox.
    ${owner}      owns ${DEMO.clientName}, a client
    ${reviewer}   decides its reviews
    ${viewer}     only looks
    ${admin}    runs ${DEMO.agencyName}, the agency

  Data and secrets   ${data}   logs in ${data.replace(/\/?$/, '/')}logs/
  Stop               Ctrl-C    (npm run reset empties the data)
`)
}

try {
  await main()
  process.exit(0)
} catch (error) {
  console.error(`✗ ${error instanceof LocalFault ? error.message : (error as Error).message.split('\n')[0]}`)
  process.exit(1)
}
