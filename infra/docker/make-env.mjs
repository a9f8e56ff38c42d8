/** Writes `.env` from `.env.example` with a generated secret for every one that the compose file demands. Never overwrites. */
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const target = process.argv[2] ?? join(root, '.env')
const demanded = new Set(
  [...readFileSync(join(root, 'docker-compose.yml'), 'utf8').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name),
)

const filled = readFileSync(join(root, '.env.example'), 'utf8').replace(/^(\w+)=$/gm, (line, name) =>
  demanded.has(name) ? `${name}=${randomBytes(24).toString('hex')}` : line,
)
try {
  writeFileSync(target, filled, { flag: 'wx', mode: 0o600 })
  console.log(`${target} written; look it through.`)
} catch (error) {
  console.error(error.code === 'EEXIST' ? `${target} is there already; nothing was changed.` : error.message)
  process.exitCode = 1
}
