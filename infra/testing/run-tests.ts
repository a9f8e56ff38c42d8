import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryPath } from '../local/data-directory.ts'
import { ensureProgram } from './debian.ts'

/** What a step counts: checks one each, tests one each, a build one. */
interface Tally {
  passed: number
  failed: number
}

interface Step {
  name: string
  title: string
  run(): Promise<Tally>
  /** A step whose failure makes the later ones pointless. */
  required?: boolean
}

/** A step takes 1 to 5 minutes on two quiet cores; machines of a third of that speed were seen. What hangs still ends. */
const STEP_MS = 20 * 60_000
const scratch = mkdtempSync(join(tmpdir(), 'signalbox-tests-'))
const bin = (name: string) => repositoryPath('node_modules/.bin', name)

/**
 * `npm test`: everything, one step after the other, each of which goes on after a failure in another. The last line is
 * "N passed, N failed"; the exit code is 1 when anything failed. `npm test -- unit life` runs the named steps only.
 */
const STEPS: Step[] = [
  { name: 'check', title: 'Types, lint, format, boundaries, generated files', run: runChecks },
  { name: 'unit', title: 'Unit and database tests', run: runUnit },
  { name: 'build', title: 'Build', run: runBuild, required: true },
  { name: 'system', title: 'Whole system and browser', run: () => runJest('system', ['system', 'browser'], ['--runInBand']) },
  { name: 'life', title: 'Start, stop and recovery of npm start', run: () => runJest('life', ['life'], ['--runInBand']) },
]

async function main(wanted: string[]) {
  const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name))
  if (unknown.length > 0)
    throw new Error(`There is no step ${unknown.join(', ')}; there are ${STEPS.map((step) => step.name).join(', ')}.`)
  const total: Tally = { passed: 0, failed: 0 }
  const lines: string[] = []
  let pointless = false
  for (const step of STEPS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    console.log(`\n━━ ${step.title}\n`)
    const startedAt = Date.now()
    const tally = pointless ? { passed: 0, failed: 1 } : await step.run()
    if (pointless) console.log('not run: the build failed')
    if (step.required === true && tally.failed > 0) pointless = true
    total.passed += tally.passed
    total.failed += tally.failed
    lines.push(
      `  ${step.title}: ${tally.passed} passed, ${tally.failed} failed (${Math.round((Date.now() - startedAt) / 1000)} s)`,
    )
  }
  console.log(`\n━━ Result\n\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0
}

async function runChecks(): Promise<Tally> {
  const { code, output } = await runProgram(process.execPath, [repositoryPath('infra/checks/check.ts')])
  const closing = /checks: (\d+) passed, (\d+) failed/.exec(output)
  if (closing === null) return { passed: 0, failed: 1 }
  const [passed = 0, failed = 0] = closing.slice(1).map(Number)
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1) }
}

/** nginx and docker-compose are asked about our own configuration; where they cannot be had, those tests are skipped. */
function runUnit(): Promise<Tally> {
  for (const [program, name] of [
    ['/usr/sbin/nginx', 'nginx-light'],
    ['/usr/bin/openssl', 'openssl'],
    ['/usr/bin/docker-compose', 'docker-compose'],
  ] as const) {
    if (!ensureProgram(program, name)) console.log(`without ${name}: its tests are skipped`)
  }
  return runJest('unit', ['unit'], ['--maxWorkers=2'])
}

async function runBuild(): Promise<Tally> {
  const compiled = await runProgram(bin('tsc'), ['-b'])
  const bundled =
    compiled.code === 0
      ? await runProgram('npm', ['run', 'build', '--silent', '-w', 'web', '--', '--logLevel', 'warn'])
      : compiled
  return bundled.code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

interface JestReport {
  numPassedTests: number
  numFailedTests: number
  numRuntimeErrorTestSuites: number
  numTotalTests: number
}

/** A test file that does not load, and a run that finds nothing or breaks off, count as a failure. */
async function runJest(name: string, projects: string[], flags: string[]): Promise<Tally> {
  const report = join(scratch, `${name}.json`)
  const jest = repositoryPath('node_modules/jest/bin/jest.js')
  const all = ['--selectProjects', ...projects, '--ci', '--json', `--outputFile=${report}`, ...flags]
  const { code } = await runProgram(
    process.execPath,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, ...all],
    true,
  )
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8')) as JestReport
  const failed = numFailedTests + numRuntimeErrorTestSuites
  return { passed: numPassedTests, failed: code === 0 && numPassedTests > 0 ? failed : Math.max(failed, 1) }
}

/** Runs a program in the repository, shows what it says, and ends it when it takes too long. */
function runProgram(program: string, args: string[], quietOutput = false): Promise<{ code: number | null; output: string }> {
  const child = spawn(program, args, {
    cwd: repositoryPath(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const late = setTimeout(() => {
    console.log(`ended after ${STEP_MS / 60_000} minutes`)
    child.kill('SIGTERM')
  }, STEP_MS)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    if (!quietOutput) process.stdout.write(chunk)
    output += chunk.toString()
  })
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code) => {
      clearTimeout(late)
      resolve({ code, output })
    })
  })
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1
} catch (error) {
  console.error(`✗ ${(error as Error).message}`)
  process.exitCode = 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
  process.disconnect?.()
}
