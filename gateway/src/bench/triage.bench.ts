import { parseArgs } from 'node:util'
import { runBatch } from '../cli/batch.command.ts'
import { resolvePath } from '../cli/env.ts'
import { importExamples } from '../cli/import.command.ts'
import { openSession, type Session } from '../cli/session.ts'
import { figuresOf, table, type Measured } from './figures.ts'
import { measureList, percentile } from './list-latency.ts'
import { startLocalPlatform } from './local-platform.ts'

const USAGE = 'Usage: npm run bench:triage -- <train.csv> <dev.csv> [--port N] [--json]'
/** A base of its own, so that the file alone decides. */
const KNOWLEDGE = 'bench-train'
const WORKFLOW = 'support-triage'
const LOOK_EVERY_MS = 250

/** Imports, calibrates, runs the batch while it looks at the run list, and runs the batch again. */
async function measure(session: Session, train: string, dev: string): Promise<Measured> {
  const imported = await importExamples(session, { file: train, knowledge: KNOWLEDGE, precision: 0.95 })
  const looking = new AbortController()
  const looks = measureList(session.endpoint, LOOK_EVERY_MS, looking.signal)
  const first = await runBatch(session, { file: dev, workflow: WORKFLOW, knowledge: KNOWLEDGE }).finally(() => looking.abort())
  const latencies = await looks
  const second = await runBatch(session, { file: dev, workflow: WORKFLOW, knowledge: KNOWLEDGE })
  return { imported, first, second, listP95Ms: percentile(latencies, 0.95), listSamples: latencies.sorted.length }
}

async function main(words: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: words,
    options: { port: { type: 'string' }, json: { type: 'boolean' } },
    allowPositionals: true,
  })
  const [train, dev] = positionals.map((path) => resolvePath(path))
  if (train === undefined || dev === undefined || positionals.length > 2) {
    console.error(USAGE)
    return 2
  }
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort(new Error('interrupted')))
  console.error('starting a platform of its own')
  const platform = await startLocalPlatform(values.port === undefined ? undefined : Number(values.port))
  const env = { url: platform.url, clientId: 'signalbox-cli', clientSecret: platform.clientSecret }
  const session = openSession(env, { signal: interruption.signal, screen: process.stderr })
  const measured = await measure(session, train, dev).finally(() => platform[Symbol.asyncDispose]())
  if (interruption.signal.aborted) return 130
  const figures = figuresOf(measured)
  console.log(values.json ? JSON.stringify({ figures, ...measured }) : table(figures))
  return figures.some(({ met }) => met === false) ? 1 : 0
}

process.exitCode = await main(process.argv.slice(2)).catch((error: Error) => {
  console.error(`bench: ${error.message}`)
  return 1
})
