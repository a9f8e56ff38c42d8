import { exportAudit } from './audit.command.ts'
import { HELP, parseCommand, type Command } from './arguments.ts'
import { runBatch } from './batch.command.ts'
import { describeBatch } from './batch-summary.ts'
import { evaluateBase } from './evaluate.command.ts'
import { describeEvaluation } from './evaluation-summary.ts'
import { RefusedError } from './endpoint.ts'
import { readCliEnv, resolvePath } from './env.ts'
import { CliFault } from './fault.ts'
import { importExamples } from './import.command.ts'
import { describeImport } from './import-summary.ts'
import { RETRY } from './retry.ts'
import { openSession, type Session } from './session.ts'
import { describeChange, watchRuns } from './watch.command.ts'

/** Exit code after Ctrl-C, as shells have it: 128 + SIGINT. */
const INTERRUPTED = 130

/** A platform that is not there at all is told at once; one that goes away later is waited for. */
const FIRST_CONTACT = { ...RETRY, attempts: 3 }

const print = (value: unknown, json: boolean, describe: () => string) => console.log(json ? JSON.stringify(value) : describe())

async function runCommand(command: Exclude<Command, { name: 'help' }>, session: Session): Promise<number> {
  if (command.name === 'audit') {
    const { entries, fault } = await exportAudit(session, command, (line) => process.stdout.write(`${line}\n`))
    const verdict = fault ?? `${entries} entries; each hash was computed again and fits.`
    session.screen.write(`${verdict}\n`)
    return fault === null ? 0 : 1
  }
  if (command.name === 'watch') {
    if (session.screen.isTTY) session.screen.write('Following the runs; Ctrl-C stops.\n')
    await watchRuns(session, command.workflow, (change) => print(change, command.json, () => describeChange(change, new Date())))
    return 0
  }
  const file = resolvePath(command.file)
  if (command.name === 'batch') {
    const summary = await runBatch(session, { ...command, file })
    print(summary, command.json, () => describeBatch(summary))
    if (summary.interrupted) return INTERRUPTED
    return summary.leftOut + summary.failed > 0 ? 1 : 0
  }
  if (command.name === 'evaluate') {
    const summary = await evaluateBase(session, { ...command, file })
    print(summary, command.json, () => describeEvaluation(summary))
    if (summary.interrupted) return INTERRUPTED
    return summary.leftOut > 0 ? 1 : 0
  }
  const summary = await importExamples(session, { ...command, file })
  print(summary, command.json, () => describeImport(summary))
  if (summary.interrupted) return INTERRUPTED
  return summary.leftOut > 0 ? 1 : 0
}

async function main(words: string[]): Promise<number> {
  const command = parseCommand(words)
  if (command.name === 'help') {
    console.log(HELP)
    return 0
  }
  const interruption = new AbortController()
  const interrupt = () => {
    // The second time somebody means it.
    if (interruption.signal.aborted) process.exit(INTERRUPTED)
    interruption.abort(new Error('interrupted'))
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  const session = openSession(readCliEnv(command), { signal: interruption.signal, screen: process.stderr })
  await session.tokens.current(FIRST_CONTACT)
  return runCommand(command, session)
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever read the output has left (`| head`).
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof CliFault || error instanceof RefusedError)) throw error
  console.error(`signalbox: ${error.message}`)
  process.exitCode = error instanceof CliFault ? error.exitCode : 1
}
