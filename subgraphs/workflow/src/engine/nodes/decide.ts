import type { KnowledgeHit } from '../../knowledge/knowledge-hit.ts'
import { as } from '../failures.ts'
import { needOfPerson } from '../review-policy.ts'
import { sumUsage } from '../session.ts'
import { agentOf, listOf, textOf, valueOf, type Step, type StepContext } from './node.ts'

/**
 * Decides what a text is about, by labelled evidence, and drafts the reply, so that a person who must decide sees all of it; or, with
 * `fields`, reads values out of it.
 */
export const decide: Step<'decide'> = (context) =>
  context.node.fields === undefined ? classify(context) : extract(context, context.node.fields)

async function classify(context: StepContext<'decide'>) {
  const { node, definition, session, signal } = context
  const { model, instructions } = agentOf(context)
  const text = textOf(context, node.text)
  const evidence = listOf<KnowledgeHit>(context, node.evidence ?? '[]')
  const calibration = await calibrationOf(context)
  const found = await as('MODEL', 'The model could not decide.', () =>
    model.decide({ text, instructions, evidence, calibration, signal }),
  )
  const label = found.label
  const action = node.action === undefined ? null : textOf(context, node.action, { label })
  const amount = node.amount === undefined ? null : Number(valueOf(context, node.amount, { label }))
  const { confidence: rule } = definition.policy.review
  const threshold = rule === undefined ? null : (rule.threshold ?? calibration?.threshold ?? null)
  const facts = { label, action, amount, confidence: found.confidence, threshold }
  const need = needOfPerson(definition.policy.review, facts, `${session.leased.runId}:${context.task}`)
  const drafted = await draft(context, label, text, evidence)
  const sure = `${Math.round(found.confidence * 100)} % sure`
  const what = action === null ? '' : ` and proposes to ${action}`
  return {
    result: {
      intent: label,
      action,
      amount,
      confidence: found.confidence,
      threshold,
      rationale: found.rationale,
      reply: drafted?.text.trim() ?? '',
      ...need,
    },
    summary: `Takes it for "${label}" (${sure})${what}. ${need.personNeeded ?? 'Sure enough to go on alone.'}`,
    usage: drafted === null ? found.usage : sumUsage(found.usage, drafted.usage),
  }
}

async function draft(context: StepContext<'decide'>, label: string, text: string, evidence: KnowledgeHit[]) {
  const { node, signal } = context
  if (node.writer === undefined) return null
  const writer = agentOf(context, node.writer)
  return as('MODEL', 'The model could not draft a reply.', () =>
    writer.model.draft({ text, label, instructions: writer.instructions, evidence, signal }),
  )
}

/** That of the first base that was looked in. */
async function calibrationOf({ session, definition, values }: StepContext) {
  const planned = (values['plan'] as { knowledgeBases?: string[] } | null | undefined)?.knowledgeBases
  const [name] = planned ?? definition.knowledgeBases
  if (name === undefined) return null
  return (await session.tools.knowledgeBase(session.leased.organizationId, name))?.calibration ?? null
}

async function extract(context: StepContext<'decide'>, fields: NonNullable<StepContext<'decide'>['node']['fields']>) {
  const { node, definition, session, signal } = context
  const { model, instructions } = agentOf(context)
  const text = textOf(context, node.text)
  const found = await as('MODEL', 'The model could not read the document.', () =>
    model.extract({ text, instructions, fields, signal }),
  )
  const facts = {
    label: null,
    action: node.action === undefined ? null : textOf(context, node.action, { final: found.values }),
    amount: node.amount === undefined ? null : Number(valueOf(context, node.amount, { final: found.values })),
    confidence: found.confidence,
    threshold: definition.policy.review.confidence?.threshold ?? null,
  }
  const need = needOfPerson(definition.policy.review, facts, `${session.leased.runId}:${context.task}`)
  const read = `${fields.length - found.missing.length} of ${fields.length} values`
  return {
    result: {
      values: found.values,
      missing: found.missing,
      confidence: found.confidence,
      action: facts.action,
      amount: facts.amount,
      ...need,
    },
    summary: `Read ${read}${found.missing.length === 0 ? '' : `; not found: ${found.missing.join(', ')}`}.`,
    usage: found.usage,
  }
}
