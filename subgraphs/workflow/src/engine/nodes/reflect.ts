import { holds } from '../../expressions/expression.ts'
import { StepError } from '../failures.ts'
import { evaluated, rendered, type Step } from './node.ts'

/** Looks at what came out: the first check that holds says how it goes on. */
export const reflect: Step<'reflect'> = async (context) => {
  const { node, values } = context
  const check = node.checks.find(({ when }) => when === undefined || evaluated(node.name, () => holds(when, values)))
  if (check === undefined) throw new StepError('PLATFORM', `None of the checks of the step "${node.name}" holds.`, false)
  const reason = rendered(context, check.reason)
  return { result: { outcome: check.outcome, reason }, summary: reason || `Checked: ${check.outcome}.` }
}
