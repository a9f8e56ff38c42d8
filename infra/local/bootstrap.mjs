/**
 * The way in: `npm start`, `npm test`, `npm run reset`. Plain JavaScript without dependencies, for any Node from 20 up. It installs what
 * is missing, builds what is stale, and hands over to the Node that the project brings.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const at = (...parts) => join(root, ...parts)
const [command = '', ...flags] = process.argv.slice(2)
const scripts = { start: 'infra/local/start.ts', test: 'infra/testing/run-tests.ts', reset: 'infra/local/reset.ts' }

if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node 20 or newer is needed; this is ${process.version}.`)
if (!(command in scripts)) fail(`unknown command "${command}"`)

install()
if (command === 'start') build()
handOver(at(scripts[command]), flags)

/** What was installed is remembered by the lock file's hash, so that the next start asks npm nothing. */
function install() {
  const stamp = at('node_modules/.signalbox-install')
  const wanted = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(at('node_modules/.bin/node'))) return
  step('installing packages (a minute or two the first time)')
  // Not `npm ci`: the lock file names the optional packages of Linux only, and `ci` wants those of every platform. `--no-save` keeps npm
  // from rewriting it.
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'])
  if (!existsSync(at('node_modules/.bin/node'))) fail('npm installed no Node 24: run "npm rebuild node" and see what it says.')
  writeFileSync(stamp, wanted)
}

/** `tsc` knows itself what is stale; the dashboard is built again when one of its sources is newer. */
function build() {
  step('building')
  run(node(), [at('node_modules/typescript/bin/tsc'), '-b'])
  if (!existsSync(at('web/index.html'))) step('there is no dashboard to build')
  else if (webIsStale()) run('npm', ['run', 'build', '--silent', '-w', 'web', '--', '--logLevel', 'warn'])
}

function webIsStale() {
  const built = changedAt(at('web/dist/index.html'))
  const sources = ['web/index.html', 'web/vite.config.ts', 'package-lock.json', ...listing('web/src'), ...listing('web/public')]
  return sources.some((file) => changedAt(at(file)) > built)
}

function listing(folder) {
  return existsSync(at(folder)) ? readdirSync(at(folder), { recursive: true }).map((name) => join(folder, name)) : []
}

function changedAt(file) {
  return existsSync(file) ? statSync(file).mtimeMs : 0
}

/**
 * Runs a script with our own Node and ends as it ends. Ctrl-C reaches the script too (it is in our process group), and npm's own signals
 * come through us: we only wait until it has stopped everything. When we are killed, the closing channel tells it.
 */
function handOver(script, scriptFlags) {
  const child = spawn(node(), [script, ...scriptFlags], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], cwd: root })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}

function run(program, args) {
  const result = spawnSync(program, args, {
    stdio: 'inherit',
    cwd: root,
    env: program === 'npm' ? { ...process.env, PATH: pathWithoutOurs() } : process.env,
    shell: process.platform === 'win32' && program === 'npm',
  })
  if (result.signal) process.exit(130)
  if (result.status !== 0) fail(`"${[program, ...args].join(' ')}" failed.`)
}

/** npm must not run on the Node that it is about to replace. */
function pathWithoutOurs() {
  const parts = (process.env['PATH'] ?? '').split(delimiter)
  return parts.filter((part) => !part.includes('node_modules')).join(delimiter)
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
