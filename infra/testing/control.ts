import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PartName, Platform } from '../local/platform.ts'

/**
 * Lets a test, which runs in another context than the platform, change parts of it: `POST /kill/worker?signal=SIGKILL`,
 * `POST /stop/telemetry`, `POST /start/telemetry`. The answer comes when it is done: 204, or 500 with the reason.
 */
export async function startControl(platform: Platform): Promise<AsyncDisposable & { url: string }> {
  const act = async (action: string, part: PartName, signal: NodeJS.Signals) => {
    if (action === 'kill') platform.kill(part, signal)
    else if (action === 'stop') await platform.stopService(part)
    else if (action === 'start') await platform.startService(part)
    else throw new Error(`no action ${action}`)
  }
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://control')
    const [, action = '', part = ''] = pathname.split('/')
    act(action, part as PartName, (searchParams.get('signal') ?? 'SIGKILL') as NodeJS.Signals).then(
      () => response.writeHead(204).end(),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
