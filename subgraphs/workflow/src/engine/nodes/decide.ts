import type { WorkflowDefinition } from '../../workflows/definition.ts'
import type { ModelDecision } from '../../reasoning/reasoning-model.ts'
import { as } from '../failures.ts'
import { sumUsage } from '../session.ts'
import { textOf, type Decision } from '../state.ts'
import { instructionsOf, type Step } from './node.ts'

/** Decides what the request is about and what to do, and drafts the reply, so that a person who must decide sees all of it. */
export const decide: Step = async (state, context) => {
  const { definition, session } = context
  const { model } = session.tools
  const text = textOf(state)
  const base = await session.tools.knowledgeBase(session.leased.organizationId, state.approach!.knowledgeBases[0]!)
  const calibration = base?.calibration ?? null
  const found = await as('MODEL', 'The model could not decide.', () =>
    model.decide({ text, instructions: instructionsOf(context), evidence: state.evidence, calibration }),
  )
  const drafted = await as('MODEL', 'The model could not draft a reply.', () =>
    model.draft({
      text,
      label: found.label,
      instructions: instructionsOf(context, context.node.writer),
      evidence: state.evidence,
    }),
  )
  const threshold = definition.policy.threshold ?? calibration?.threshold ?? null
  const decision = judge(definition, found, threshold)
  const sure = `${Math.round(decision.confidence * 100)} % sure`
  return {
    update: { decision, draft: drafted.text.trim() },
    summary: `Takes it for "${decision.intent}" (${sure}) and proposes to ${decision.action}. ${decision.personNeeded ?? 'Sure enough to go on alone.'}`,
    usage: sumUsage(found.usage, drafted.usage),
  }
}

/** The action of a label, by the first rule that it matches. */
export function actionFor({ actions }: Pick<WorkflowDefinition, 'actions'>, label: string): string {
  return actions.rules.find(({ pattern }) => new RegExp(pattern, 'i').test(label))?.action ?? actions.default
}

function judge(
  definition: WorkflowDefinition,
  { label, confidence, rationale }: ModelDecision,
  threshold: number | null,
): Decision {
  const action = actionFor(definition, label)
  return {
    intent: label,
    action,
    confidence,
    threshold,
    rationale,
    personNeeded: whyPerson(definition, label, action, confidence, threshold),
  }
}

function whyPerson(
  { policy }: WorkflowDefinition,
  label: string,
  action: string,
  confidence: number,
  threshold: number | null,
): string | null {
  if (label === '') return 'A person must decide: nothing that is known fits the request.'
  if (policy.reviewActions.includes(action)) return `A person must decide: the policy asks for one before "${action}".`
  if (threshold === null) return 'A person must decide: the knowledge base is not calibrated yet.'
  if (confidence < threshold) return `A person must decide: below the ${Math.round(threshold * 100)} % that the policy asks for.`
  return null
}
