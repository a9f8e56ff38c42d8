/**
 * `npm run check`: everything that a tool can judge without running the product. Each check is a line; the exit code is the number of
 * checks that failed. The closing line is "checks: N passed, N failed".
 */
import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const bin = join(root, 'node_modules/.bin')
// The tools run on the Node that the project brings, whichever one started us.
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` }

const checks: [name: string, command: string, ...flags: string[]][] = [
  ['types', 'tsc', '-b'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings', '--quiet'],
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['boundaries', 'depcruise', '--config', '.dependency-cruiser.cjs', 'gateway/src', 'subgraphs', 'web/src', 'web/e2e', 'infra'],
  ['schema is generated', 'node', 'infra/checks/schema.ts', '--check'],
  ['operations are generated', 'graphql-codegen', '--config', 'codegen.ts', '--check'],
]

let failed = 0
for (const [name, command, ...flags] of checks) {
  const started = performance.now()
  const cwd = command === 'graphql-codegen' ? join(root, 'web') : root
  const { status, stdout, stderr } = spawnSync(join(bin, command), flags, { cwd, env, encoding: 'utf8' })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  if (status === 0) continue
  failed += 1
  console.log(`${stdout}${stderr}`.trim().slice(0, 8_000))
}
console.log(`checks: ${checks.length - failed} passed, ${failed} failed`)
process.exitCode = failed
