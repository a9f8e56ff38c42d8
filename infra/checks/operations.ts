/**
 * Types the dashboard's operations from the API schema: `node infra/checks/operations.ts` writes `web/src/gql`, with `--check` it only says
 * whether that is what stands there.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const flags = ['--config', 'codegen.ts', ...(process.argv.includes('--check') ? ['--check'] : [])]
const { status } = spawnSync(join(root, 'node_modules/.bin/graphql-codegen'), flags, { cwd: join(root, 'web'), stdio: 'inherit' })
process.exitCode = status ?? 1
