import { z } from 'zod'

/** Kinds of steps that a definition may use; `engine/nodes/` has one file for each. */
export const NODE_KINDS = ['plan', 'retrieve', 'decide', 'review', 'act', 'reflect'] as const
export type NodeKind = (typeof NODE_KINDS)[number]

/** Conditions that an edge may name; `engine/conditions.ts` says what each means. */
export const CONDITIONS = [
  'needs-person',
  'decided-automatically',
  'accepted',
  'rejected',
  'done',
  'search-wider',
  'give-to-person',
] as const
export type Condition = (typeof CONDITIONS)[number]

const retry = z.object({
  /** Tries in all, those of an earlier worker included. */
  maxAttempts: z.int().min(1).max(20),
  initialMs: z.number().min(1),
  factor: z.number().min(1),
  maxMs: z.number().min(1),
})

const node = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  kind: z.enum(NODE_KINDS),
  agent: z.string().optional(),
  /** The agent that drafts the reply, for a step that decides. */
  writer: z.string().optional(),
  description: z.string().optional(),
  retry: retry.optional(),
})

const edge = z.object({ from: z.string(), to: z.string(), when: z.enum(CONDITIONS).optional() })

const agent = z.object({
  name: z.string(),
  model: z.string().default('default'),
  instructions: z.string(),
  tools: z.array(z.string()).default([]),
  knowledgeBases: z.array(z.string()).default([]),
})

const policy = z.object({
  /** Share of automatic decisions that must be right; the knowledge base's calibration turns it into a threshold. */
  targetPrecision: z.number().min(0).max(1),
  /** Confidence from which no person is needed. Null: the calibration's; without one, a person decides everything. */
  threshold: z.number().min(0).max(1).nullable(),
  /** Actions that always need a person. */
  reviewActions: z.array(z.string()),
  /** Share of the reply's words that the evidence or the request must contain. */
  minGrounding: z.number().min(0).max(1),
  /** How often reflection may send the run back to a wider search before it asks a person. */
  maxWiderSearches: z.int().min(0).max(10),
  /** Hours until an open review is due. */
  reviewHours: z.number().positive(),
})

/** The action that follows from a label: the first rule whose pattern the label matches, else the default. */
const actions = z.object({ rules: z.array(z.object({ pattern: z.string(), action: z.string() })), default: z.string() })

export const workflowDefinition = z.object({
  input: z.record(z.string(), z.unknown()),
  output: z.record(z.string(), z.unknown()),
  knowledgeBases: z.array(z.string()).min(1),
  /** Passages that a first search asks for; each wider one doubles it. */
  evidence: z.int().min(1).max(200),
  agents: z.array(agent),
  nodes: z.array(node).min(1),
  edges: z.array(edge).min(1),
  actions,
  policy,
})

export type WorkflowDefinition = z.infer<typeof workflowDefinition>
export type NodeDefinition = WorkflowDefinition['nodes'][number]
export type RetryPolicy = z.infer<typeof retry>
