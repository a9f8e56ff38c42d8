/**
 * Exit code 0 when this container's service is well: it answers `/health`, or, for the worker, which listens nowhere, its process is
 * there and the kernel does not hold it stopped or dead.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { get as getPlain } from 'node:http'
import { get as getOverTls } from 'node:https'

const isWell = process.env.PORT ? await answers(process.env.PORT) : readdirSync('/proc').some(isLiveWorker)
process.exit(isWell ? 0 : 1)

/** A subgraph with mutual TLS answers only who shows a certificate: its own will do. The gateway itself listens without. */
function answers(port) {
  const isGateway = process.env.SUBGRAPH_AUTH_URL !== undefined
  const tls = isGateway ? undefined : certificates()
  const options = { host: '127.0.0.1', port, path: '/health', timeout: 3_000, ...tls, checkServerIdentity: () => undefined }
  return new Promise((resolve) => {
    const request = (tls ? getOverTls : getPlain)(options, (answer) => resolve(answer.resume().statusCode === 200))
    request.on('timeout', () => request.destroy()).on('error', () => resolve(false))
  })
}

function certificates() {
  const [cert, key, ca] = ['TLS_CERT', 'TLS_KEY', 'TLS_CA'].map((name) => {
    const file = process.env[`${name}_FILE`]
    return process.env[name] || (file ? readFileSync(file, 'utf8') : undefined)
  })
  return cert && key && ca ? { cert, key, ca } : undefined
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
