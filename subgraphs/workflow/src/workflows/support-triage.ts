import { DEMO } from '@signalbox/shared/demo'
import { workflowDefinition, type WorkflowDefinition } from './definition.ts'

const quick = { maxAttempts: 3, initialMs: 250, factor: 2, maxMs: 5_000 }
/** The knowledge index and the object store may be restarted: about a minute in all. */
const patient = { maxAttempts: 8, initialMs: 500, factor: 2, maxMs: 15_000 }

/** The built-in workflow: takes a customer's message, says what it is about and what to do, and drafts the reply. */
export const supportTriage: { slug: string; name: string; description: string; definition: WorkflowDefinition } = {
  slug: DEMO.workflowSlug,
  name: 'Support triage',
  description:
    'Recognises what a customer writes about, drafts the reply, and asks a person where it is not sure or where money moves.',
  definition: workflowDefinition.parse({
    input: {
      type: 'object',
      required: ['text'],
      additionalProperties: false,
      properties: {
        text: {
          type: 'string',
          title: 'Message',
          description: "The customer's words.",
          minLength: 1,
          maxLength: 20_000,
          pattern: '\\S',
        },
        knowledgeBase: {
          type: 'string',
          title: 'Knowledge base',
          description: "Where to look instead of in the workflow's own base.",
          minLength: 1,
          maxLength: 200,
        },
      },
    },
    output: {
      type: 'object',
      required: ['intent', 'confidence', 'reply', 'action', 'automated'],
      properties: {
        intent: { type: 'string', description: 'What the message is about.' },
        confidence: { type: 'number', minimum: 0, maximum: 1 },
        reply: { type: 'string', description: 'What is answered; empty when a person rejected it.' },
        action: {
          type: 'string',
          description: 'reply, refund, close_account, block_card, or rejected when a person rejected it.',
        },
        automated: { type: 'boolean', description: 'Whether no person decided.' },
      },
    },
    knowledgeBases: [DEMO.knowledgeBase],
    evidence: 25,
    agents: [
      { name: 'Planner', instructions: 'Find out what to look for.' },
      {
        name: 'Researcher',
        instructions: 'Find what is known about requests like this one.',
        tools: ['search'],
        knowledgeBases: [DEMO.knowledgeBase],
      },
      {
        name: 'Triage agent',
        instructions: 'Decide which known intent the customer’s message has. Say how sure you are.',
        knowledgeBases: [DEMO.knowledgeBase],
      },
      { name: 'Reply writer', instructions: 'Answer the customer briefly and kindly, from what was found only.' },
      { name: 'Dispatcher', instructions: 'Store the outcome and hand it on.', tools: ['artifact', 'n8n'] },
      { name: 'Quality checker', instructions: 'Check that the reply rests on what was found.' },
    ],
    nodes: [
      { name: 'plan', kind: 'plan', agent: 'Planner', description: 'Reads the request and chooses where to look.', retry: quick },
      {
        name: 'retrieve',
        kind: 'retrieve',
        agent: 'Researcher',
        description: 'Finds similar requests in the knowledge base.',
        retry: patient,
      },
      {
        name: 'decide',
        kind: 'decide',
        agent: 'Triage agent',
        writer: 'Reply writer',
        description: 'Names the intent and the action, and drafts the reply.',
        retry: quick,
      },
      { name: 'review', kind: 'review', description: 'A person approves, edits, answers or rejects.' },
      { name: 'act', kind: 'act', agent: 'Dispatcher', description: 'Stores the outcome and tells n8n.', retry: patient },
      {
        name: 'reflect',
        kind: 'reflect',
        agent: 'Quality checker',
        description: 'Checks what came out; may send the run back.',
        retry: quick,
      },
    ],
    edges: [
      { from: '__start__', to: 'plan' },
      { from: 'plan', to: 'retrieve' },
      { from: 'retrieve', to: 'decide' },
      { from: 'decide', to: 'review', when: 'needs-person' },
      { from: 'decide', to: 'act', when: 'decided-automatically' },
      { from: 'review', to: 'act', when: 'accepted' },
      { from: 'review', to: 'reflect', when: 'rejected' },
      { from: 'act', to: 'reflect' },
      { from: 'reflect', to: '__end__', when: 'done' },
      { from: 'reflect', to: 'retrieve', when: 'search-wider' },
      { from: 'reflect', to: 'review', when: 'give-to-person' },
    ],
    actions: {
      rules: [
        { pattern: '^refund_request$', action: 'refund' },
        { pattern: '^close_account$', action: 'close_account' },
        { pattern: '^lost_or_stolen_card$', action: 'block_card' },
      ],
      default: 'reply',
    },
    policy: {
      targetPrecision: 0.95,
      threshold: null,
      reviewActions: ['refund', 'close_account'],
      minGrounding: 0.1,
      maxWiderSearches: 2,
      reviewHours: 24,
    },
  }),
}
