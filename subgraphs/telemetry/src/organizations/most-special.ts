import type { Scope } from './scope.ts'

/**
 * Of rows that hold for one workflow or for a whole organisation, the one that a scope's figure rests on: the workflow's, else the
 * organisation's; without a workflow the other way round. Null where several would do (an agency's clients, or workflows side by
 * side): they cannot be added up.
 */
export function mostSpecial<T extends { workflow: string | null }>(rows: T[], { workflow }: Scope): T | null {
  const special = rows.filter((row) => row.workflow !== null && (workflow === null || row.workflow === workflow.slug))
  const general = rows.filter((row) => row.workflow === null)
  const [first, second] = workflow === null ? [general, special] : [special, general]
  const candidates = first.length > 0 ? first : second
  return candidates.length === 1 ? candidates[0]! : null
}
