const open = { type: 'object' }

/** A workflow that asks people whether an invoice is paid: two of them above 100. As the database keeps a published version. */
export const invoiceApproval = {
  definition: {
    input: open,
    output: open,
    constants: {},
    knowledgeBases: [],
    agents: [],
    tools: [],
    nodes: [
      {
        name: 'approve',
        kind: 'review',
        question: 'Pay {{ input.payee }} {{ string(input.amount) }}?',
        reason: 'Payments are approved by people.',
        proposal: { payee: 'input.payee', amount: 'input.amount', note: 'input.note', lines: 'input.lines' },
        before: '{"note": "Pay at once.", "amount": 0}',
        effect: '{"transfer": input.amount, "to": input.payee}',
        actions: ['APPROVE', 'EDIT', 'REJECT'],
        dueHours: 24,
        remindHours: [],
        escalations: [],
        onExpiry: { afterHours: 48, action: 'REJECT' },
        quorum: 'input.amount > 100 ? 2 : 1',
        selfApproval: true,
        notify: { mail: true },
      },
    ],
    edges: [
      { from: '__start__', to: 'approve' },
      { from: 'approve', to: '__end__' },
    ],
    result: { action: 'approve.action' },
    policy: { review: { actions: [], tools: [], amounts: [], sampleRate: 0 } },
    budgets: { wallHours: 720, visits: 25, steps: 500 },
    limits: {},
    retention: { checkpointDays: 30 },
  },
  /** In the organisation of the demo that has people; `$1` is the definition. */
  sql: `with flow as (
      insert into workflow.workflows (organization_id, slug, name, description)
      select organization_id, 'invoice-approval', 'Invoice approval', 'Asks whether an invoice is paid.' from workflow.workflows
      where slug = 'support-triage' and organization_id in (
        select m.organization_id from auth.memberships m join auth.users u on u.id = m.user_id where u.email = 'owner@harbour.example')
      returning organization_id, id
    ), version as (
      insert into workflow.workflow_versions (organization_id, workflow_id, number, definition, published_at)
      select organization_id, id, 1, $1::jsonb, now() from flow returning organization_id, workflow_id, id
    )
    select * from version`,
}
