import { StepError } from '../failures.ts'
import { listOf, type Step } from './node.ts'

/** Spreads a list: its body runs once for each item. */
export const map: Step<'map'> = async (context) => {
  const { node } = context
  const items = listOf(context, node.items)
  if (items.length > node.maxItems) {
    throw new StepError(
      'INPUT',
      `There are ${items.length} items for the step "${node.name}"; at most ${node.maxItems} are allowed.`,
      false,
    )
  }
  const count = items.length === 1 ? 'one item' : `${items.length} items`
  return { result: { items, count: items.length }, summary: `Works on ${count} side by side.` }
}
