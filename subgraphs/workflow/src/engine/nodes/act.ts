import { holds } from '../../expressions/expression.ts'
import type { KnowledgeHit } from '../../knowledge/knowledge-hit.ts'
import type { TokenUsageData } from '../../reasoning/reasoning-model.ts'
import { as, StepError } from '../failures.ts'
import { laterAnswer, performEffect, type Effect } from '../effects.ts'
import type { ToolDescription } from '../session.ts'
import { agentOf, evaluated, listOf, textOf, valuesIn, type Step, type StepContext } from './node.ts'

interface PlannedCall {
  tool: string
  arguments: Record<string, unknown>
  onUnknown?: 'retry' | 'ask' | 'fail' | undefined
}

/**
 * Does what was decided: calls tools, each an effect that happens once. Which tools it may call is the definition's to say, whatever a
 * text or a model says, and those that the policy names only after a person approved.
 */
export const act: Step<'act'> = async (context) => {
  const { node, values } = context
  const { hold } = node
  if (hold !== undefined && evaluated(node.name, () => holds(hold, values))) {
    return {
      result: { done: false, held: true, results: {}, tool: null },
      summary: 'Held back: what was found does not carry it.',
    }
  }
  const names = [...node.calls.map(({ tool }) => tool), ...(node.choose === undefined ? [] : agentOf(context).tools)]
  const described = await describe(context, [...new Set(names)])
  const chosen = node.choose === undefined ? null : await choose(context, described)
  const calls = [...(await planned(context, described)), ...(chosen?.call == null ? [] : [chosen.call])]
  for (const { tool } of calls) checkRights(context, tool)
  const results: Record<string, unknown> = {}
  for (const [index, call] of calls.entries()) {
    const effect = effectOf(context, call, described.get(call.tool)!, index)
    const result = await performEffect(context, effect)
    const until = result['awaitsAnswerUntil']
    results[call.tool] = typeof until === 'string' ? { ...result, answer: laterAnswer(context, effect, until) } : result
  }
  const did = calls.map(({ tool }) => tool).join(', ')
  return {
    result: { done: true, held: false, results, tool: chosen?.call?.tool ?? null },
    summary: did === '' ? 'There was nothing to do.' : `Done with ${did}.`,
    usage: chosen?.usage ?? null,
  }
}

async function describe({ session }: StepContext, names: string[]): Promise<Map<string, ToolDescription>> {
  const found = await as('TOOL', 'The tools could not be looked up.', () =>
    session.tools.tools.describe(session.leased.organizationId, names),
  )
  return new Map(found.map((tool) => [tool.name, tool]))
}

async function planned(context: StepContext<'act'>, described: Map<string, ToolDescription>): Promise<PlannedCall[]> {
  return context.node.calls.flatMap(({ tool, optional, onUnknown, ...call }) => {
    if (described.has(tool)) return [{ tool, onUnknown, arguments: valuesIn(context, call.arguments) }]
    if (optional === true) return []
    throw new StepError('TOOL', `The tool "${tool}" is not set up.`, false)
  })
}

interface Choice {
  tool: string | null
  arguments: Record<string, unknown>
  usage: TokenUsageData
}

/** Kept as an effect is, so that another try does not choose otherwise. */
async function choose(context: StepContext<'act'>, described: Map<string, ToolDescription>) {
  const { model, instructions, tools: own } = agentOf(context)
  const { text, evidence = '[]' } = context.node.choose!
  const ask = () =>
    model.chooseTool({
      text: textOf(context, text),
      instructions,
      tools: own.flatMap((name) => described.get(name) ?? []),
      evidence: listOf<KnowledgeHit>(context, evidence),
      signal: context.signal,
    })
  const choice = (await performEffect(context, {
    key: 'choice',
    kind: 'model',
    title: 'choose a tool',
    onUnknown: 'retry',
    perform: async () => ({ ...(await as('MODEL', 'The model could not choose what to do.', ask)) }),
  })) as unknown as Choice
  const call: PlannedCall | null = choice.tool === null ? null : { tool: choice.tool, arguments: choice.arguments }
  return { call, usage: choice.usage }
}

/** @throws {StepError} POLICY */
function checkRights({ definition, values, node }: StepContext<'act'>, tool: string) {
  if (!definition.tools.includes(tool)) throw new StepError('POLICY', `The workflow may not use the tool "${tool}".`, false)
  if (!definition.policy.review.tools.includes(tool)) return
  const approved = definition.nodes.some(
    ({ name, kind }) =>
      kind === 'review' && ['APPROVE', 'EDIT', 'RESPOND'].includes((values[name] as { action?: string } | null)?.action ?? ''),
  )
  if (!approved)
    throw new StepError('POLICY', `The step "${node.name}" may use "${tool}" only after a person approved it.`, false)
}

function effectOf(context: StepContext, call: PlannedCall, tool: ToolDescription, index: number): Effect {
  const { session, node, signal } = context
  const { organizationId, runId } = session.leased
  return {
    key: `${index}:${call.tool}`,
    kind: call.tool,
    title: `use ${call.tool}`,
    onUnknown: call.onUnknown ?? (tool.idempotent ? 'retry' : 'ask'),
    perform: async (idempotencyKey) => {
      try {
        const { result } = await session.tools.tools.call({
          organizationId,
          runId,
          node: node.name,
          tool: call.tool,
          arguments: call.arguments,
          idempotencyKey,
          signal,
        })
        return result
      } catch (error) {
        throw toStepError(call.tool, error)
      }
    },
  }
}

interface ToolFault {
  message?: string
  retryable?: boolean
  unknown?: boolean
}

function toStepError(tool: string, error: unknown): StepError {
  const { retryable, unknown, message = '' } = error as ToolFault
  // Our own words; an error that says nothing of itself may hold anything.
  const why = retryable === undefined ? '' : ` ${message}`
  const known = new StepError('TOOL', `The tool "${tool}" did not do it.${why}`, retryable !== false, { cause: error })
  return Object.assign(known, { unknown: unknown === true })
}
