import type { FastifyInstance } from 'fastify'
import type { Dispatcher } from 'undici'
import type { Revocations } from '@signalbox/shared/revocations'
import { readiness } from '@signalbox/shared/server'

interface Part {
  name: string
  url: string
}

/**
 * `/health`: this process runs. `/ready`: every subgraph is ready and revocations are heard of; else 503, and the parts that are not are
 * named.
 */
export function healthRoutes(
  app: FastifyInstance,
  subgraphs: readonly Part[],
  dispatcher: Dispatcher,
  revocations?: Pick<Revocations, 'check'>,
) {
  app.get('/health', async () => ({ status: 'ok' }))
  const ask = async () => {
    const inner: Record<string, string> = {}
    const checks = subgraphs.map((part) => [part.name, () => askPart(part, dispatcher, inner)] as const)
    const own = revocations && { revocations: () => revocations.check() }
    const { status, parts } = await readiness({ ...Object.fromEntries(checks), ...own }, 2_500)
    return { status, parts: { ...parts, ...inner } }
  }
  // Open to everybody and never counted: however many ask at once, the parts are asked once.
  let asked: ReturnType<typeof ask> | undefined
  app.get('/ready', async (_request, reply) => {
    asked ??= ask().finally(() => (asked = undefined))
    const report = await asked
    return reply.code(report.status === 'ok' ? 200 : 503).send(report)
  })
}

/** A subgraph of somebody else may have no `/ready`: that it answers is enough. */
async function askPart({ name, url }: Part, dispatcher: Dispatcher, inner: Record<string, string>) {
  const { origin } = new URL(url)
  const { statusCode, body } = await dispatcher.request({ origin, path: '/ready', method: 'GET', headersTimeout: 2_500 })
  const text = await body.text()
  if (statusCode < 400 || statusCode === 404) return
  for (const [part, state] of Object.entries(partsIn(text))) if (state !== 'ok') inner[`${name}.${part}`] = String(state)
  throw new Error(`not ready, HTTP status ${statusCode}`)
}

function partsIn(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) as { parts?: Record<string, unknown> }).parts ?? {}
  } catch {
    return {}
  }
}
