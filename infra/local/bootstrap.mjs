/**
 * The way in: `npm start`, `npm test`, `npm run reset`. Plain JavaScript without dependencies, for any Node from 20 up. It installs what
 * is missing, builds what is stale, and hands over to the Node that the project brings.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const at = (...parts) => join(root, ...parts)
const [command = '', ...flags] = process.argv.slice(2)
const scripts = { start: 'infra/local/start.ts', test: 'infra/testing/run-tests.ts', reset: 'infra/local/reset.ts' }

if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node 20 or newer is needed; this is ${process.version}.`)
if (!(command in scripts)) fail(`unknown command "${command}"`)

install()
if (command === 'start') build()
await handOver(at(scripts[command]), flags)

function install() {
  const stamp = at('node_modules/.signalbox-install')
  const wanted = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  step('Installing (a minute or two the first time)')
  // Not `npm ci`: the lock file names the optional packages of Linux only, and `ci` wants those of every platform.
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'])
  if (!existsSync(at('node_modules/.bin/node'))) fail('npm installed no Node 24: run "npm rebuild node" and see what it says.')
  writeFileSync(stamp, wanted)
}

/** `tsc` knows itself what is stale; the dashboard is built again when one of its sources is newer. */
function build() {
  step('Building')
  run(node(), [at('node_modules/typescript/bin/tsc'), '-b'])
  if (webIsStale()) run('npm', ['run', 'build', '--silent', '-w', 'web', '--', '--logLevel', 'warn'])
}

function webIsStale() {
  const built = changedAt(at('web/dist/index.html'))
  const sources = ['web/index.html', 'web/vite.config.ts', 'package-lock.json', ...listing('web/src'), ...listing('web/public')]
  return sources.some((file) => changedAt(at(file)) > built)
}

const listing = (folder) =>
  existsSync(at(folder)) ? readdirSync(at(folder), { recursive: true }).map((name) => join(folder, name)) : []
const changedAt = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0)

/** Runs a script with our own Node. Ctrl-C reaches it too (it is in our process group); we wait until it has stopped everything. */
function handOver(script, flags) {
  const child = spawn(node(), ['--disable-warning=ExperimentalWarning', script, ...flags], { stdio: 'inherit', cwd: root })
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise(() => {
    child.on('exit', (code) => process.exit(code ?? 1))
  })
}

function run(program, args) {
  const result = spawnSync(program, args, {
    stdio: 'inherit',
    cwd: root,
    shell: process.platform === 'win32' && program === 'npm',
  })
  if (result.signal) process.exit(130)
  if (result.status !== 0) fail(`"${[program, ...args].join(' ')}" failed.`)
}

function node() {
  return realpathSync(at('node_modules/.bin/node'))
}

function step(text) {
  console.log(`• ${text}`)
}

function fail(text) {
  console.error(`✗ ${text}`)
  process.exit(1)
}
