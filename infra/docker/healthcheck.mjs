/**
 * Exit code 0 when this container's service is well: it answers `/health`, or, for the worker, which listens nowhere, its process is
 * there and the kernel does not hold it stopped or dead.
 */
import { readdirSync, readFileSync } from 'node:fs'

const isWell = process.env.PORT ? await answers(process.env.PORT) : readdirSync('/proc').some(isLiveWorker)
process.exit(isWell ? 0 : 1)

async function answers(port) {
  const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined)
  return answer?.ok === true
}

function isLiveWorker(pid) {
  if (!/^\d+$/.test(pid)) return false
  try {
    const isWorker = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('dist/worker.main.js')
    return isWorker && !/^State:\s+[TZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
