import type { WorkflowDefinition } from '../workflows/definition.ts'
import type { FailedRun, FailureCode } from './failures.ts'
import type { LedgerEntry } from './lease.ts'

/** What an effect of a tool is for the business: done, not done, and when nobody can tell. */
interface Words {
  done: string
  missing: string
  unknown: string
}

const KNOWN: Record<string, Words> = {
  artifact: {
    done: 'the result was stored',
    missing: 'the result was not stored',
    unknown: 'the result was stored',
  },
  n8n: { done: 'n8n was told', missing: 'n8n was not told', unknown: 'n8n was told' },
}

const wordsOf = (tool: string): Words =>
  KNOWN[tool] ?? { done: `${tool} was used`, missing: `${tool} was not used`, unknown: `${tool} did its part` }

/**
 * What a failure means for the business case: by what the run did outside, did not do, or may have done, and by the kind of failure. The ledger
 * holds what was tried; the definition, what the steps would have done.
 */
export function consequenceOf(code: FailureCode, { effects, definition }: FailedRun, node: string | null): string {
  const tried = effects.filter(({ key }) => key !== 'choice').map((entry) => ({ ...entry, tool: toolOf(entry) }))
  const tools = (state: LedgerEntry['state']) => [...new Set(tried.filter((one) => one.state === state).map(({ tool }) => tool))]
  const done = tools('SETTLED')
  const unknown = tools('RECORDED')
  const wanted = [...new Set([...tools('FAILED'), ...plannedTools(definition, node)])]
  const missing = wanted.filter((tool) => !done.includes(tool) && !unknown.includes(tool))
  const parts = [
    done.length > 0 && `${list(done.map((tool) => wordsOf(tool).done))}${but(missing)}.`,
    unknown.length > 0 && `Nobody can tell whether ${list(unknown.map((tool) => wordsOf(tool).unknown))}.`,
    done.length + unknown.length === 0 && 'Nothing was sent.',
    OPEN[code] ?? 'The request is not done; it needs a person or another try.',
  ].filter((part) => part !== false)
  return parts.map((part) => part[0]!.toUpperCase() + part.slice(1)).join(' ')
}

const OPEN: Partial<Record<FailureCode, string>> = {
  INPUT: 'The request cannot be worked on as it is.',
  POLICY: 'The rule was kept; the request needs a person.',
}

const but = (missing: string[]) => (missing.length === 0 ? '' : `, but ${list(missing.map((tool) => wordsOf(tool).missing))}`)

/** The ledger's keys are `<index>:<tool>`. */
const toolOf = ({ key }: LedgerEntry) => key.slice(key.indexOf(':') + 1)

/** What the failed step would have called; the others may lie on ways that the run does not take. */
function plannedTools({ nodes }: WorkflowDefinition, failed: string | null): string[] {
  return nodes.flatMap((node) =>
    node.kind === 'act' && node.name === failed ? node.calls.flatMap(({ tool, optional }) => (optional ? [] : [tool])) : [],
  )
}

function list(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
