import { z } from 'zod'
import { REDACTION_KINDS } from '../reasoning/redaction.ts'
import { budgets, expression, hours, limits, names, retention, reviewPolicy } from './definition-settings.ts'

/**
 * A workflow version as data: what `publishWorkflow` takes, and `schema/workflow-definition.schema.json` publishes. Values between steps are
 * written as expressions (CEL; `expressions/`) over `input`, each step's result under its name (null before it ran), `visits` (how often
 * each step ran), `constants` and, in the body of a parallel map, `item` and `index`.
 */

/** Kinds of steps; `engine/nodes/` has one file for each. */
export const NODE_KINDS = [
  'plan',
  'retrieve',
  'decide',
  'act',
  'reflect',
  'review',
  'branch',
  'map',
  'subworkflow',
  'wait',
  'transform',
] as const
export type NodeKind = (typeof NODE_KINDS)[number]

/** Names that expressions give another meaning. */
export const RESERVED_NAMES = [
  'input',
  'visits',
  'constants',
  'item',
  'index',
  'label',
  'final',
  'case',
  'results',
  'true',
  'false',
  'null',
  'in',
]

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,49}$/, 'must be lower-case letters, digits and _, at most 50, and begin with a letter')
const template = z.string().max(20_000).meta({ description: 'Text with expressions between {{ and }}.' })
/** As `reviews/review-roles.ts` ranks them. */
const role = z.enum(['CLIENT_VIEWER', 'CLIENT_REVIEWER', 'CLIENT_OWNER', 'AGENCY_OPERATOR', 'AGENCY_ADMIN'])
const values = z.record(z.string().min(1).max(100), expression).meta({ description: 'Values by name, each an expression.' })
const json = z.record(z.string(), z.unknown())
const jsonSchema = json.meta({ description: 'A JSON Schema (draft 2020-12) of an object.' })
const retry = z.strictObject({
  maxAttempts: z.int().min(1).max(20).meta({ description: 'Tries in all, those of an earlier worker included.' }),
  initialMs: z.number().min(1).max(3_600_000),
  factor: z.number().min(1).max(10),
  maxMs: z.number().min(1).max(3_600_000),
})

const base = {
  name,
  description: z.string().max(500).optional(),
  agent: z.string().optional().meta({ description: 'The agent that performs it.' }),
  retry: retry.optional(),
  timeoutMs: z.int().min(100).max(3_600_000).optional().meta({ description: 'For one try; 120 s unless given.' }),
  join: z.enum(['any', 'all']).optional().meta({ description: 'all: waits for every step that leads here.' }),
}

/** What the review policy judges: what is about to happen, what it is worth, and how sure the machine is. */
const facts = z.strictObject({ action: expression.optional(), amount: expression.optional(), confidence: expression.optional() })

const field = z.strictObject({
  name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,49}$/),
  type: z.enum(['text', 'number', 'date', 'boolean']),
  description: z.string().max(500).optional(),
  required: z.boolean().optional(),
  pattern: z
    .string()
    .max(500)
    .optional()
    .meta({ description: 'For the offline model: a regular expression (RE2) whose first group is the value.' }),
})

const call = z.strictObject({
  tool: z.string().min(1).max(100),
  arguments: values.default({}),
  optional: z.boolean().optional().meta({ description: 'Skipped where the tool is not configured.' }),
  onUnknown: z.enum(['retry', 'ask', 'fail']).optional().meta({
    description:
      'When a worker died during the call and nobody can tell whether it took effect. Unless given: retry where the other side recognises repetitions, else ask.',
  }),
})

const escalation = z.strictObject({
  afterHours: hours,
  role: role.optional(),
  assignee: z.string().max(200).optional(),
})

export const NODES = {
  plan: z.strictObject({
    ...base,
    kind: z.literal('plan'),
    text: expression.default('input.text').meta({ description: 'What the request says.' }),
    knowledgeBases: expression.optional().meta({ description: 'Names of the bases to look in; the workflow’s unless given.' }),
  }),
  retrieve: z.strictObject({
    ...base,
    kind: z.literal('retrieve'),
    query: expression.default('plan.query'),
    knowledgeBases: expression.optional(),
    limit: z.int().min(1).max(200).default(25),
    widen: z.boolean().default(false).meta({ description: 'Each further visit asks for twice as many passages.' }),
  }),
  decide: z.strictObject({
    ...base,
    kind: z.literal('decide'),
    text: expression.default('input.text'),
    evidence: expression.optional().meta({ description: 'Labelled passages to decide by: the label is the intent.' }),
    fields: z.array(field).max(50).optional().meta({ description: 'Reads these values out of the text instead.' }),
    action: expression.optional().meta({ description: 'The action that follows from `label`.' }),
    amount: expression.optional(),
    writer: z.string().optional().meta({ description: 'The agent that drafts the reply; none without it.' }),
  }),
  act: z.strictObject({
    ...base,
    kind: z.literal('act'),
    calls: z.array(call).max(20).default([]),
    choose: z
      .strictObject({ text: expression, evidence: expression.optional() })
      .optional()
      .meta({ description: 'The agent chooses one of its tools and what to call it with.' }),
    hold: expression.optional().meta({ description: 'Nothing is done while this is true.' }),
  }),
  reflect: z.strictObject({
    ...base,
    kind: z.literal('reflect'),
    checks: z
      .array(z.strictObject({ when: expression.optional(), outcome: z.string().min(1).max(50), reason: template }))
      .min(1)
      .max(20)
      .meta({ description: 'The first that holds gives the outcome.' }),
  }),
  review: z.strictObject({
    ...base,
    kind: z.literal('review'),
    question: template,
    reason: template.optional().meta({ description: 'Why a person must decide.' }),
    proposal: values,
    evidence: expression.optional(),
    confidence: expression.optional(),
    effect: expression.optional().meta({ description: 'What would be done outside: shown beside the proposal.' }),
    before: expression.optional().meta({ description: 'What stands now: shown as a difference to the proposal.' }),
    actions: z
      .array(z.enum(['APPROVE', 'EDIT', 'RESPOND', 'REJECT']))
      .min(1)
      .default(['APPROVE', 'EDIT', 'RESPOND', 'REJECT']),
    responseSchema: jsonSchema.optional(),
    derive: values.optional().meta({ description: 'Computed anew from `final`, the proposal as it was decided.' }),
    role: role.optional().meta({ description: 'Who may decide, and whoever is above; anybody with the right to unless given.' }),
    assignee: expression.optional(),
    dueHours: hours.default(24),
    remindHours: z.array(hours).max(10).default([]).meta({ description: 'Reminders, hours before it is due.' }),
    escalations: z.array(escalation).max(5).default([]),
    onExpiry: z
      .strictObject({ afterHours: hours, action: z.enum(['APPROVE', 'REJECT', 'FAIL']) })
      .optional()
      .meta({ description: 'What happens when nobody decides.' }),
    quorum: z
      .union([z.int().min(1).max(10), expression])
      .default(1)
      .meta({ description: 'How many people must agree.' }),
    selfApproval: z.boolean().default(true).meta({ description: 'Whether who started the run may decide.' }),
    notify: z.strictObject({ mail: z.boolean().optional(), n8n: z.boolean().optional() }).optional(),
  }),
  branch: z.strictObject({ ...base, kind: z.literal('branch'), policy: facts.optional() }),
  map: z.strictObject({
    ...base,
    kind: z.literal('map'),
    items: expression.meta({ description: 'A list; the body runs once for each of them, side by side.' }),
    each: name.meta({ description: 'The step that is the body.' }),
    maxItems: z.int().min(1).max(500).default(100),
  }),
  subworkflow: z.strictObject({
    ...base,
    kind: z.literal('subworkflow'),
    workflow: z.string().min(1).max(200),
    version: z.int().min(1).optional(),
    input: values,
  }),
  wait: z.strictObject({
    ...base,
    kind: z.literal('wait'),
    seconds: expression.optional(),
    until: expression.optional().meta({ description: 'A time, ISO 8601.' }),
    event: z
      .strictObject({ name: z.string().min(1).max(100), key: expression })
      .optional()
      .meta({ description: 'Goes on when `signalRuns` names this event and key.' }),
  }),
  transform: z.strictObject({ ...base, kind: z.literal('transform'), set: values }),
}

const node = z.discriminatedUnion('kind', [
  NODES.plan,
  NODES.retrieve,
  NODES.decide,
  NODES.act,
  NODES.reflect,
  NODES.review,
  NODES.branch,
  NODES.map,
  NODES.subworkflow,
  NODES.wait,
  NODES.transform,
])

const edge = z.strictObject({
  from: z.string().meta({ description: 'A step, or __start__.' }),
  to: z.string().meta({ description: 'A step, or __end__.' }),
  when: expression.optional().meta({
    description: 'Of several ways with conditions, the first that holds is taken; one without is the way that is left.',
  }),
  label: z.string().max(100).optional().meta({ description: 'The condition in words.' }),
})

const agent = z.strictObject({
  name: z.string().min(1).max(100),
  model: z
    .string()
    .max(300)
    .default('default')
    .meta({ description: 'default, offline, openai:<model>, anthropic:<model>, or several with > between them.' }),
  instructions: template,
  tools: names.default([]),
  knowledgeBases: names.default([]),
  redact: z.array(z.enum(REDACTION_KINDS)).default([]).meta({ description: 'Personal data that this agent’s model never sees.' }),
})

export const workflowDefinition = z.strictObject({
  $schema: z.string().optional(),
  input: jsonSchema,
  output: jsonSchema,
  constants: json.default({}),
  knowledgeBases: names.default([]),
  agents: z.array(agent).max(50).default([]),
  tools: names.default([]).meta({ description: 'Tools that steps and agents may use.' }),
  nodes: z.array(node).min(1).max(200),
  edges: z.array(edge).min(1).max(1_000),
  result: values.meta({ description: 'The output, from what the steps gave.' }),
  policy: z.strictObject({ review: reviewPolicy.prefault({}) }).prefault({}),
  budgets: budgets.prefault({}),
  limits: limits.default({}),
  retention: retention.prefault({}),
})

export type WorkflowDefinition = z.infer<typeof workflowDefinition>
export type NodeDefinition = { [K in NodeKind]: z.infer<(typeof NODES)[K]> }[NodeKind]
export type NodeOf<K extends NodeKind> = z.infer<(typeof NODES)[K]>
export type RetryPolicy = z.infer<typeof retry>
export type ReviewPolicy = z.infer<typeof reviewPolicy>
