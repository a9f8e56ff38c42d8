import { parseArgs } from 'node:util'
import { CliFault } from './fault.ts'

export type Command =
  | { name: 'help' }
  | { name: 'import'; file: string; knowledge: string; precision: number; json: boolean; url?: string; clientId?: string }
  | { name: 'batch'; file: string; workflow: string; knowledge?: string; json: boolean; url?: string; clientId?: string }
  | { name: 'evaluate'; file: string; knowledge: string; k: number; json: boolean; url?: string; clientId?: string }
  | { name: 'watch'; workflow?: string; json: boolean; url?: string; clientId?: string }
  | ({ name: 'audit'; url?: string; clientId?: string } & AuditExport)

/** Which entries of the trail, and how they are written. Times in ISO 8601. */
export interface AuditExport {
  format: 'jsonl' | 'csv'
  from?: string
  to?: string
}

export const HELP = `signalbox: files in, supervised runs out

  npm run signalbox -- import <csv> --knowledge <name>    fills a knowledge base with labelled examples
  npm run signalbox -- evaluate <csv> --knowledge <name>  measures how well a base answers labelled questions
  npm run signalbox -- batch <csv> --workflow <slug>      starts a run for each row and tells how they ended
  npm run signalbox -- watch                              follows the runs as they change
  npm run signalbox -- audit export                       writes the audit trail, and verifies its chain
  npm run signalbox -- help

Columns   import: text and category (or label); title and key are optional
          evaluate: text and category (or label), of questions that the base does not hold
          batch:  text; category (or label) makes it measure accuracy; key (or id) names a row for good

Options   --url <address>       of the platform (SIGNALBOX_URL, else http://127.0.0.1:4000)
          --client <id>         service client (SIGNALBOX_CLIENT_ID, else signalbox-cli)
          --knowledge <name>    import: the base to fill, made when it is missing; batch: the base to look in (the workflow's own);
                                evaluate: the base to ask
          --workflow <slug>     batch: what to run; watch: only its runs
          --precision <share>   import: of automatic decisions that must be right (0.95)
          --k <number>          evaluate: passages that count for recall and rank, 1 to 50 (10)
          --from, --to <time>   audit: from this time on, and before that one (2026-01-31, 2026-01-31T09:00:00Z)
          --format jsonl|csv    audit: how entries are written (jsonl); the client needs the scope audit:read
          --json                the result as JSON on standard output

The client's secret is read from SIGNALBOX_CLIENT_SECRET, the file SIGNALBOX_CLIENT_SECRET_FILE, or what "npm start" keeps in .data/.
A row that cannot be read is reported with its line and the rest goes on. Ctrl-C stops; the same command again goes on where it was.
Exit code: 0 done; 1 rows or runs failed; 2 wrong usage; 130 interrupted.`

const OPTIONS = {
  url: { type: 'string' },
  client: { type: 'string' },
  knowledge: { type: 'string' },
  workflow: { type: 'string' },
  precision: { type: 'string' },
  k: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  format: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Which options a command takes beside those that all take. */
const TAKES: Record<string, string[]> = {
  import: ['knowledge', 'precision'],
  evaluate: ['knowledge', 'k'],
  batch: ['workflow', 'knowledge'],
  watch: ['workflow'],
  audit: ['from', 'to', 'format'],
}
const ALL_TAKE = ['url', 'client', 'json', 'help']

/** @throws {CliFault} that says what is wrong with the words given */
export function parseCommand(words: string[]): Command {
  const { values, positionals } = parse(words)
  const [name = 'help', file, ...rest] = positionals
  if (values.help || name === 'help') return { name: 'help' }
  const takes = TAKES[name]
  if (takes === undefined) throw usage(`There is no command "${name}".`)
  const foreign = Object.keys(values).find((option) => !takes.includes(option) && !ALL_TAKE.includes(option))
  if (foreign !== undefined) throw usage(`"${name}" takes no --${foreign}.`)
  const common = { json: values.json, url: values.url, clientId: values.client }
  if (name === 'audit') {
    if (file !== 'export' || rest.length > 0) throw usage('"audit" wants the word "export".')
    return { name, ...auditExportOf(values), url: values.url, clientId: values.client }
  }
  if (name === 'watch') {
    if (file !== undefined) throw usage(`"watch" takes no file.`)
    return { name, workflow: values.workflow, ...common }
  }
  if (file === undefined) throw usage(`"${name}" wants the path of a CSV file.`)
  if (rest.length > 0) throw usage(`"${name}" takes one file; put quotes around a path with spaces.`)
  if (name === 'batch') {
    return { name, file, workflow: required(values.workflow, 'workflow', name), knowledge: values.knowledge, ...common }
  }
  if (name === 'evaluate')
    return { name, file, knowledge: required(values.knowledge, 'knowledge', name), k: countOf(values.k ?? '10'), ...common }
  const precision = shareOf(values.precision ?? '0.95')
  return { name: 'import', file, knowledge: required(values.knowledge, 'knowledge', name), precision, ...common }
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw usage((error as Error).message.split('. ')[0]! + '.')
  }
}

function required(value: string | undefined, option: string, command: string): string {
  if (value === undefined || value.trim() === '') throw usage(`"${command}" wants --${option}.`)
  return value
}

function shareOf(text: string): number {
  const share = Number(text)
  if (!(share > 0 && share < 1)) throw usage(`--precision wants a share between 0 and 1, not "${text}".`)
  return share
}

function countOf(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > 50) throw usage(`--k wants a whole number from 1 to 50, not "${text}".`)
  return count
}

function auditExportOf({ from, to, format = 'jsonl' }: { from?: string; to?: string; format?: string }): AuditExport {
  if (format !== 'jsonl' && format !== 'csv') throw usage(`--format is jsonl or csv, not "${format}".`)
  return { format, ...(from && { from: timeOf(from, 'from') }), ...(to && { to: timeOf(to, 'to') }) }
}

function timeOf(text: string, option: string): string {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw usage(`--${option} wants a time such as 2026-01-31, not "${text}".`)
  return time.toISOString()
}

const usage = (message: string) => new CliFault(`${message} See: npm run signalbox -- help`, 2)
