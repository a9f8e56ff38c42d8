import type { WorkflowDefinition } from '../workflows/definition.ts'
import type { TokenUsageData } from '../reasoning/reasoning-model.ts'
import { StepError } from './failures.ts'
import type { LeasedRun } from './lease.ts'

export type Usage = Pick<TokenUsageData, 'inputTokens' | 'outputTokens' | 'costUsd'>

/** @throws {StepError} BUDGET when the run has used up what its definition allows; no step begins any more */
export function checkBudgets(
  { budgets }: Pick<WorkflowDefinition, 'budgets'>,
  { spent, queuedAt }: Pick<LeasedRun, 'spent' | 'queuedAt'>,
  node: string,
  visit: number,
): void {
  const refuse = (message: string) => {
    throw new StepError('BUDGET', message, false)
  }
  if (budgets.tokens !== undefined && spent.tokens >= budgets.tokens)
    refuse(`The run has used ${spent.tokens} tokens; ${budgets.tokens} are allowed.`)
  if (budgets.costUsd !== undefined && spent.costUsd >= budgets.costUsd)
    refuse(`The run has cost $${spent.costUsd.toFixed(4)}; $${budgets.costUsd} is allowed.`)
  if (Date.now() - queuedAt.getTime() > budgets.wallHours * 3_600_000)
    refuse(`The run has taken longer than ${budgets.wallHours} hours.`)
  if (visit > budgets.visits) refuse(`The step "${node}" was reached ${visit} times; ${budgets.visits} are allowed.`)
}
