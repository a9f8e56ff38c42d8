import type { ShippedWorkflow } from '../shipped.ts'

const quick = { maxAttempts: 3, initialMs: 250, factor: 2, maxMs: 5_000 }
/** The knowledge index or another company's server may be restarted: about a minute in all. */
const patient = { maxAttempts: 8, initialMs: 500, factor: 2, maxMs: 15_000 }

export const LEAD_BASE = 'lead-examples'

/** The reply as it is sent: as a person left it, else as it was drafted. */
const reply = 'review == null ? decide.reply : review.final.reply'
const twoDays = 2 * 24 * 3_600

/** Inputs to try lead qualification with; the follow-up comes after some seconds instead of two days. */
export const leadExamples = [
  {
    company: 'Keel Machine Works',
    website: 'https://keel.example',
    message:
      'We have 40 fitters who write their reports on paper. We want to start in May, the budget is approved. Can you send an offer for 40 seats?',
    email: 'purchasing@keel.example',
    followUpSeconds: 5,
  },
  {
    company: 'Marlow & Sons',
    message: 'I read your article about invoices and wonder how this would work for a small family business like ours.',
    email: 'tom@marlow.example',
    followUpSeconds: 5,
  },
  {
    company: 'Rankwell Media',
    message: 'We help companies like yours to get to the first page of search results. Do you have ten minutes this week?',
    email: 'sales@rankwell.example',
    followUpSeconds: 5,
  },
]

/** Judges who writes through the contact form: answers and follows up the promising, asks a person about the unsure. */
export const leadQualification: ShippedWorkflow = {
  slug: 'lead-qualification',
  name: 'Lead qualification',
  description:
    'Recognises what somebody who writes through the contact form is after, looks the company up, answers the promising and follows up once, and asks a person about the unsure.',
  definition: {
    input: {
      type: 'object',
      required: ['company', 'message', 'email'],
      additionalProperties: false,
      properties: {
        company: { type: 'string', title: 'Company', minLength: 1, maxLength: 200, pattern: '\\S' },
        website: { type: 'string', title: 'Website', format: 'uri', maxLength: 300 },
        message: { type: 'string', title: 'Message', minLength: 1, maxLength: 20_000, pattern: '\\S' },
        email: { type: 'string', title: 'E-mail', format: 'email', maxLength: 254 },
        followUpSeconds: {
          type: 'integer',
          title: 'Follow up after (seconds)',
          description: 'How long to wait for an answer; two days unless given.',
          minimum: 0,
          maximum: 30 * 24 * 3_600,
        },
      },
      examples: leadExamples,
    },
    output: {
      type: 'object',
      required: ['qualified', 'intent', 'score', 'outcome', 'automated'],
      properties: {
        qualified: { type: 'boolean', description: 'Whether the lead was answered.' },
        intent: { type: 'string', description: 'What they are after.' },
        score: { type: 'number', minimum: 0, maximum: 100 },
        outcome: { type: 'string', description: 'answered, followed-up or set-aside.' },
        automated: { type: 'boolean', description: 'Whether no person decided.' },
      },
    },
    constants: {
      followUpSeconds: twoDays,
      /** What an intent is worth, of 80. */
      weights: [
        { pattern: '^ready_to_buy$', value: 80 },
        { pattern: '^exploring$', value: 50 },
        { pattern: '^existing_customer$', value: 35 },
      ],
      found: 15,
      website: 5,
      qualified: 60,
      hopeless: 25,
    },
    knowledgeBases: [LEAD_BASE],
    agents: [
      { name: 'Planner', instructions: 'Find out what to look for.' },
      { name: 'Scout', instructions: 'Look the company up.', tools: ['lookup'] },
      { name: 'Researcher', instructions: 'Find leads like this one.', knowledgeBases: [LEAD_BASE] },
      {
        name: 'Qualifier',
        instructions:
          'Decide what the writer is after: ready_to_buy, exploring, existing_customer or not_a_lead (sellers, applicants, advertising). Say how sure you are.',
        knowledgeBases: [LEAD_BASE],
        redact: ['PHONE'],
      },
      {
        name: 'Reply writer',
        instructions:
          'Thank {{ input.company }}, answer what was asked in two or three sentences and suggest a call. Promise no price.',
      },
      { name: 'Messenger', instructions: 'Send what was decided, and tell the CRM.', tools: ['email', 'n8n'] },
    ],
    tools: ['lookup', 'email', 'n8n'],
    nodes: [
      {
        name: 'plan',
        kind: 'plan',
        agent: 'Planner',
        description: 'Reads the message and chooses where to look.',
        text: 'input.message',
        retry: quick,
      },
      {
        name: 'lookup',
        kind: 'act',
        agent: 'Scout',
        description: 'Asks the company register that you connected, if there is one.',
        calls: [{ tool: 'lookup', optional: true, arguments: { company: 'input.company' } }],
        retry: quick,
      },
      {
        name: 'retrieve',
        kind: 'retrieve',
        agent: 'Researcher',
        description: 'Finds similar leads and what became of them.',
        limit: 15,
        retry: patient,
      },
      {
        name: 'decide',
        kind: 'decide',
        agent: 'Qualifier',
        writer: 'Reply writer',
        description: 'Names what the writer is after, and drafts the reply.',
        join: 'all',
        text: 'input.message',
        evidence: 'retrieve.evidence',
        action: 'label == "not_a_lead" ? "set_aside" : "answer"',
        retry: quick,
      },
      {
        name: 'score',
        kind: 'transform',
        description: 'Weighs intent, certainty and what is known of the company, out of 100.',
        set: {
          value:
            'round((decide.intent == null ? 0.0 : first_match(decide.intent, constants.weights, 0) * decide.confidence) + (has(lookup.results.lookup) ? constants.found : 0) + (has(input.website) ? constants.website : 0), 0)',
        },
      },
      {
        name: 'route',
        kind: 'branch',
        description: 'Goes by the score, where the machine is sure of what it read.',
      },
      {
        name: 'review',
        kind: 'review',
        description: 'A person says whether the lead is worth an answer, and which.',
        reason: '{{ decide.personNeeded == null ? "The score is neither high nor low." : decide.personNeeded }}',
        question:
          'Is {{ input.company }} worth an answer? It looks like "{{ decide.intent }}" and scores {{ score.value }} of 100.',
        proposal: { reply: 'decide.reply', intent: 'decide.intent', score: 'score.value', message: 'input.message' },
        evidence: 'retrieve.evidence',
        confidence: 'decide.confidence',
        responseSchema: {
          type: 'object',
          additionalProperties: false,
          properties: {
            intent: { type: 'string', minLength: 1, maxLength: 200, title: 'Intent' },
            reply: { type: 'string', minLength: 1, maxLength: 20_000, title: 'Reply' },
          },
        },
        dueHours: 8,
        remindHours: [2],
        onExpiry: { afterHours: 72, action: 'REJECT' },
      },
      {
        name: 'answer',
        kind: 'act',
        agent: 'Messenger',
        description: 'Sends the reply and tells the CRM.',
        calls: [
          {
            tool: 'email',
            optional: true,
            arguments: { to: 'input.email', subject: '"Your message to us, " + input.company', text: reply },
          },
          {
            tool: 'n8n',
            optional: true,
            arguments: { company: 'input.company', email: 'input.email', intent: 'decide.intent', score: 'score.value', reply },
          },
        ],
        retry: patient,
      },
      {
        name: 'pause',
        kind: 'wait',
        description: 'Gives them time; goes on at once when they answer.',
        event: { name: 'lead.answered', key: 'input.email' },
        seconds: 'has(input.followUpSeconds) ? input.followUpSeconds : constants.followUpSeconds',
      },
      {
        name: 'follow_up',
        kind: 'act',
        agent: 'Messenger',
        description: 'Asks once more, kindly.',
        calls: [
          {
            tool: 'email',
            optional: true,
            arguments: {
              to: 'input.email',
              subject: '"Still here for you, " + input.company',
              text: '"You wrote to us some days ago. Is there anything that we can answer? A short line is enough, and a call is easily found."',
            },
          },
        ],
        retry: patient,
      },
      {
        name: 'outcome',
        kind: 'reflect',
        description: 'Says what became of the lead.',
        checks: [
          { when: 'follow_up != null', outcome: 'followed-up', reason: 'Answered; nothing came back, so we asked once more.' },
          { when: 'answer != null', outcome: 'answered', reason: 'Answered, and they wrote back.' },
          { when: 'review != null', outcome: 'set-aside', reason: 'A person set this lead aside.' },
          { outcome: 'set-aside', reason: 'Scores {{ score.value }} of 100: nothing to do.' },
        ],
      },
    ],
    edges: [
      { from: '__start__', to: 'plan' },
      { from: 'plan', to: 'lookup' },
      { from: 'plan', to: 'retrieve' },
      { from: 'lookup', to: 'decide' },
      { from: 'retrieve', to: 'decide' },
      { from: 'decide', to: 'score' },
      { from: 'score', to: 'route' },
      {
        from: 'route',
        to: 'outcome',
        when: 'score.value < constants.hopeless && decide.personNeeded == null',
        label: 'nothing for us',
      },
      {
        from: 'route',
        to: 'answer',
        when: 'score.value >= constants.qualified && decide.personNeeded == null',
        label: 'promising',
      },
      { from: 'route', to: 'review', label: 'unsure' },
      { from: 'review', to: 'outcome', when: 'review.action == "REJECT"', label: 'not worth it' },
      { from: 'review', to: 'answer', label: 'worth an answer' },
      { from: 'answer', to: 'pause' },
      { from: 'pause', to: 'follow_up', when: 'pause.timedOut', label: 'no answer' },
      { from: 'pause', to: 'outcome', label: 'they answered' },
      { from: 'follow_up', to: 'outcome' },
      { from: 'outcome', to: '__end__' },
    ],
    result: {
      qualified: 'answer != null',
      intent: 'decide.intent',
      score: 'score.value',
      outcome: 'outcome.outcome',
      automated: 'review == null',
    },
    policy: { review: { confidence: { threshold: 0.8 } } },
    limits: { key: 'input.email', perMinute: 5 },
  },
}
