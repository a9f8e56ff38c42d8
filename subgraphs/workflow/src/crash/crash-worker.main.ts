import 'reflect-metadata'
import pg from 'pg'
import { createLogger } from '@signalbox/shared/logger'
import { startEngine } from '../engine/engine.ts'
import type { ToolCall } from '../engine/session.ts'
import { createWorkflowOrm } from '../orm.ts'
import { startChildRun } from '../runs/child-runs.ts'
import { testTools } from '../testing/tools.ts'
import { dieAt } from './death.ts'
import type { FromWorker, SinkFault, ToWorker, WorkerSettings } from './messages.ts'

/** A worker process of the crash test: the product's engine, whose tools lead to the sink of the process that started it. */
const calls = new Map<number, PromiseWithResolvers<{ result: Record<string, unknown> }>>()
const tell = (message: FromWorker) => process.send!(message)

async function call({ tool, idempotencyKey, arguments: given, signal }: ToolCall) {
  signal.throwIfAborted()
  const waiting = Promise.withResolvers<{ result: Record<string, unknown> }>()
  const id = calls.size
  calls.set(id, waiting)
  tell({ type: 'call', id, call: { tool, key: idempotencyKey, identity: String(given['identity']) } })
  return waiting.promise
}

/** Ends what was started, so that this process can start again for another trial. */
let rest = async () => {}

async function start({ databaseUrl, death, ...options }: WorkerSettings) {
  const spare = death === null ? () => {} : dieAt(pg.Client, death)
  const orm = await createWorkflowOrm(databaseUrl, 2)
  const tools = {
    ...testTools(),
    tools: {
      describe: async (_organizationId: string, names: string[]) =>
        names.map((name) => ({ name, description: name, parameters: {}, idempotent: name !== 'letter' })),
      call,
    },
  }
  const engine = startEngine({
    databaseUrl,
    tools: async (_organizationId, notifier) => ({ ...tools, startRun: (child) => startChildRun(orm, notifier, child) }),
    log: createLogger('crash', process.argv[2] ?? 'silent'),
    drainMs: 50,
    ...options,
  })
  rest = async () => {
    spare()
    await engine[Symbol.asyncDispose]()
    await orm.close()
  }
}

process.on('SIGTERM', () => void rest().then(() => process.exit(0)))

process.on('message', (message: ToWorker) => {
  if (message.type === 'go') void start(message.settings)
  else if (message.type === 'rest') void rest().then(() => tell({ type: 'loaded' }))
  else if (message.result !== undefined) calls.get(message.id)!.resolve({ result: message.result })
  else calls.get(message.id)!.reject(failure(message.fault!))
})
process.on('disconnect', () => process.exit(0))
tell({ type: 'loaded' })

const failure = (fault: SinkFault) => Object.assign(new Error(fault.message), fault)
