import { DEMO } from '@signalbox/shared/demo'
import type { ShippedWorkflow } from './shipped.ts'

const quick = { maxAttempts: 3, initialMs: 250, factor: 2, maxMs: 5_000 }
/** The knowledge index and the object store may be restarted: about a minute in all. */
const patient = { maxAttempts: 8, initialMs: 500, factor: 2, maxMs: 15_000 }

const rejected = 'review != null && review.action == "REJECT"'

/** Takes a customer's message, says what it is about and what to do, and drafts the reply. */
export const supportTriage: ShippedWorkflow = {
  slug: DEMO.workflowSlug,
  name: 'Support triage',
  description:
    'Recognises what a customer writes about, drafts the reply, and asks a person where it is not sure or where money moves.',
  definition: {
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
    constants: {
      actions: [
        { pattern: '^refund_request$', value: 'refund' },
        { pattern: '^close_account$', value: 'close_account' },
        { pattern: '^lost_or_stolen_card$', value: 'block_card' },
      ],
      /** Share of the reply's words that the evidence or the request must contain. */
      minGrounding: 0.1,
    },
    knowledgeBases: [DEMO.knowledgeBase],
    agents: [
      { name: 'Planner', instructions: 'Find out what to look for.' },
      {
        name: 'Researcher',
        instructions: 'Find what is known about requests like this one.',
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
    tools: ['artifact', 'n8n'],
    nodes: [
      {
        name: 'plan',
        kind: 'plan',
        agent: 'Planner',
        description: 'Reads the request and chooses where to look.',
        knowledgeBases: `has(input.knowledgeBase) ? [input.knowledgeBase] : ["${DEMO.knowledgeBase}"]`,
        retry: quick,
      },
      {
        name: 'retrieve',
        kind: 'retrieve',
        agent: 'Researcher',
        description: 'Finds similar requests in the knowledge base.',
        limit: 25,
        widen: true,
        retry: patient,
      },
      {
        name: 'decide',
        kind: 'decide',
        agent: 'Triage agent',
        writer: 'Reply writer',
        description: 'Names the intent and the action, and drafts the reply.',
        evidence: 'retrieve.evidence',
        action: 'first_match(label, constants.actions, "reply")',
        retry: quick,
      },
      {
        name: 'review',
        kind: 'review',
        description: 'A person approves, edits, answers or rejects.',
        reason: '{{ reflect != null && reflect.outcome == "give-to-person" ? reflect.reason : decide.personNeeded }}',
        question:
          'Shall we {{ decide.action == "reply" ? "send this reply" : "do \\"" + decide.action + "\\" and send this reply" }}? The request looks like "{{ decide.intent }}".',
        proposal: {
          intent: 'decide.intent',
          action: 'decide.action',
          reply: 'decide.reply',
          confidence: 'decide.confidence',
          threshold: 'decide.threshold',
          text: 'input.text',
        },
        evidence: 'retrieve.evidence',
        confidence: 'decide.confidence',
        responseSchema: {
          type: 'object',
          properties: {
            intent: { type: 'string', minLength: 1, maxLength: 200, title: 'Intent' },
            reply: { type: 'string', minLength: 1, maxLength: 20_000, title: 'Reply' },
          },
          additionalProperties: false,
        },
        derive: {
          action: 'final.intent == decide.intent ? decide.action : first_match(final.intent, constants.actions, "reply")',
        },
      },
      {
        name: 'act',
        kind: 'act',
        agent: 'Dispatcher',
        description: 'Stores the outcome and tells n8n.',
        hold: 'review == null && grounding(decide.reply, input.text, retrieve.evidence) < constants.minGrounding',
        calls: [
          {
            tool: 'artifact',
            arguments: {
              name: '"decision.json"',
              content:
                '{"request": input, "evidence": retrieve.evidence, "intent": review == null ? decide.intent : review.final.intent, "action": review == null ? decide.action : review.final.action, "reply": review == null ? decide.reply : review.final.reply, "confidence": decide.confidence, "automated": review == null}',
            },
          },
          {
            tool: 'n8n',
            optional: true,
            arguments: {
              request: 'input',
              intent: 'review == null ? decide.intent : review.final.intent',
              action: 'review == null ? decide.action : review.final.action',
              reply: 'review == null ? decide.reply : review.final.reply',
              confidence: 'decide.confidence',
              automated: 'review == null',
            },
          },
        ],
        retry: patient,
      },
      {
        name: 'reflect',
        kind: 'reflect',
        agent: 'Quality checker',
        description: 'Checks what came out; may send the run back.',
        checks: [
          { when: rejected, outcome: 'done', reason: 'A person rejected the proposal; there is nothing left to do.' },
          { when: 'act != null && act.done', outcome: 'done', reason: 'The reply is in place and rests on what was found.' },
          {
            when: 'visits.retrieve < 3',
            outcome: 'search-wider',
            reason:
              '{{ size(retrieve.evidence) == 0 ? "Nothing was found" : "The reply does not rest on what was found" }}: searching wider.',
          },
          {
            outcome: 'give-to-person',
            reason:
              '{{ size(retrieve.evidence) == 0 ? "Nothing was found" : "The reply does not rest on what was found" }}, also after searching wider: a person must decide.',
          },
        ],
        retry: quick,
      },
    ],
    edges: [
      { from: '__start__', to: 'plan' },
      { from: 'plan', to: 'retrieve' },
      { from: 'retrieve', to: 'decide' },
      { from: 'decide', to: 'review', when: 'decide.personNeeded != null', label: 'a person must decide' },
      { from: 'decide', to: 'act', label: 'sure enough' },
      { from: 'review', to: 'reflect', when: rejected, label: 'rejected' },
      { from: 'review', to: 'act', label: 'approved, edited or answered' },
      { from: 'act', to: 'reflect' },
      { from: 'reflect', to: '__end__', when: 'reflect.outcome == "done"', label: 'the reply holds' },
      {
        from: 'reflect',
        to: 'retrieve',
        when: 'reflect.outcome == "search-wider"',
        label: 'the reply is not grounded: search wider',
      },
      { from: 'reflect', to: 'review', label: 'still not grounded: ask a person' },
    ],
    result: {
      intent: 'review == null ? decide.intent : review.final.intent',
      confidence: 'decide.confidence',
      reply: `${rejected} ? "" : (review == null ? decide.reply : review.final.reply)`,
      action: `${rejected} ? "rejected" : (review == null ? decide.action : review.final.action)`,
      automated: 'review == null',
    },
    policy: { review: { actions: ['refund', 'close_account'], confidence: { target: 0.95 } } },
  },
}
