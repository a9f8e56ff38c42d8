import type { ShippedWorkflow } from '../shipped.ts'
import { invoiceExamples } from './invoice-examples.ts'

const quick = { maxAttempts: 3, initialMs: 250, factor: 2, maxMs: 5_000 }
/** The object store or n8n may be restarted: about a minute in all. */
const patient = { maxAttempts: 8, initialMs: 500, factor: 2, maxMs: 15_000 }

const reviewed = 'review != null'
/** The invoices as they are paid: as a person left them, else as they were read. */
const invoices = `${reviewed} ? review.final.invoices : totals.invoices`
const total = `${reviewed} ? review.final.total : totals.total`
const batch = {
  invoices,
  total,
  currency: 'totals.currency',
  approvedByPerson: reviewed,
}

/** Reads a batch of invoices, adds them up, and asks people before much money is paid: one above 1,000, two above 10,000. */
export const invoiceIntake: ShippedWorkflow = {
  slug: 'invoice-intake',
  name: 'Invoice intake',
  description:
    'Reads supplier, number, date, total and IBAN from a batch of invoices, adds them up, and asks one person above 1,000 and two above 10,000 before it passes them on for payment.',
  definition: {
    input: {
      type: 'object',
      required: ['documents'],
      additionalProperties: false,
      properties: {
        documents: {
          type: 'array',
          title: 'Invoices',
          description: 'The text of each invoice and the name of its file.',
          minItems: 1,
          maxItems: 50,
          items: {
            type: 'object',
            required: ['name', 'text'],
            additionalProperties: false,
            properties: {
              name: { type: 'string', title: 'File', minLength: 1, maxLength: 200 },
              text: { type: 'string', title: 'Text', minLength: 1, maxLength: 50_000, pattern: '\\S' },
            },
          },
        },
      },
      examples: invoiceExamples,
    },
    output: {
      type: 'object',
      required: ['status', 'invoices', 'total', 'currency', 'automated'],
      properties: {
        status: { type: 'string', description: 'booked, or rejected when a person rejected the batch.' },
        invoices: { type: 'array', items: { type: 'object' }, description: 'What was read, as people left it.' },
        total: { type: 'number' },
        currency: { type: 'string' },
        automated: { type: 'boolean', description: 'Whether no person decided.' },
      },
    },
    agents: [
      {
        name: 'Invoice reader',
        instructions:
          'Read the values from the invoice exactly as they stand there. Leave out what the invoice does not say; never guess a number.',
        redact: ['EMAIL', 'PHONE'],
      },
      { name: 'Bookkeeper', instructions: 'Keep the batch and hand it on for payment.', tools: ['artifact', 'n8n'] },
    ],
    tools: ['artifact', 'n8n'],
    nodes: [
      {
        name: 'each_invoice',
        kind: 'map',
        description: 'Takes the invoices apart, all at the same time.',
        items: 'input.documents',
        each: 'extract',
        maxItems: 50,
      },
      {
        name: 'extract',
        kind: 'decide',
        agent: 'Invoice reader',
        description: 'Reads supplier, number, date, total, currency and IBAN from one invoice.',
        text: 'item.text',
        fields: [
          {
            name: 'supplier',
            type: 'text',
            required: true,
            description: 'Who sends the invoice.',
            pattern: '(?i)\\A\\s*(?:invoice\\s+)?(?:(?:from|supplier|seller):[ \\t]*)?(\\S[^\\n]*\\S)',
          },
          {
            name: 'number',
            type: 'text',
            required: true,
            description: 'The number of the invoice.',
            pattern: '(?i)(?:invoice|rechnungs?)[ \\t-]*(?:number|nummer|no|nr|#)[ \\t.:#]*([A-Z0-9][A-Z0-9/_-]*)',
          },
          {
            name: 'date',
            type: 'date',
            required: true,
            description: 'The date of the invoice.',
            pattern:
              '(?i)(?:invoice date|date of issue|rechnungsdatum|date|datum)[ \\t:]*(\\d{4}-\\d{2}-\\d{2}|\\d{1,2}[./]\\d{1,2}[./]\\d{4})',
          },
          {
            name: 'total',
            type: 'number',
            required: true,
            description: 'What is to be paid, taxes included.',
            pattern:
              '(?i)\\b(?:total due|amount due|grand total|gesamtbetrag|zu zahlen|total)[ \\t]*[:=]?[ \\t]*(?:EUR|USD|GBP|CHF|[€$£])?[ \\t]*(\\d[\\d.,]*\\d)',
          },
          {
            name: 'currency',
            type: 'text',
            required: true,
            description: 'Three letters, ISO 4217.',
            pattern: '\\b(EUR|USD|GBP|CHF)\\b',
          },
          {
            name: 'iban',
            type: 'text',
            description: 'The account to pay to.',
            pattern: '\\b([A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\\b',
          },
        ],
        retry: quick,
      },
      {
        name: 'totals',
        kind: 'transform',
        description: 'Adds the batch up and counts what could not be read.',
        set: {
          invoices: 'extract.map(one, one.values)',
          count: 'size(extract)',
          total: 'round(sum(extract.map(one, one.values.?total.orValue(0))), 2)',
          currency: '(extract.map(one, one.values.?currency.orValue("")).filter(one, one != null && one != "") + ["EUR"])[0]',
          incomplete: 'size(extract.filter(one, size(one.missing) > 0))',
          mixed: 'extract.exists(one, one.values.?currency.orValue("") != extract[0].values.?currency.orValue(""))',
        },
      },
      {
        name: 'check',
        kind: 'branch',
        description: 'Holds the total against the limits for payments.',
        policy: { action: '"pay"', amount: 'totals.total' },
      },
      {
        name: 'review',
        kind: 'review',
        description: 'People approve, correct or reject the batch; nobody their own.',
        reason:
          '{{ totals.incomplete > 0 ? string(totals.incomplete) + " of " + string(totals.count) + " invoices could not be read in full." : (totals.mixed ? "The invoices are in different currencies." : check.personNeeded) }}',
        question:
          'Shall we pay {{ totals.count == 1 ? "this invoice" : "these " + string(totals.count) + " invoices" }} of {{ totals.total }} {{ totals.currency }} in all?',
        proposal: { invoices: 'totals.invoices', total: 'totals.total', currency: 'totals.currency' },
        effect: '{"pay": totals.total, "currency": totals.currency, "invoices": totals.count}',
        actions: ['APPROVE', 'EDIT', 'REJECT'],
        responseSchema: {
          type: 'object',
          additionalProperties: false,
          properties: {
            invoices: { type: 'array', title: 'Invoices', items: { type: 'object' }, maxItems: 50 },
            total: { type: 'number', title: 'Total', minimum: 0 },
          },
        },
        quorum: 'check.quorum == 0 ? 1 : check.quorum',
        selfApproval: false,
        dueHours: 24,
        remindHours: [4],
        escalations: [{ afterHours: 36, role: 'CLIENT_OWNER' }],
        onExpiry: { afterHours: 72, action: 'REJECT' },
        notify: { mail: true },
      },
      {
        name: 'book',
        kind: 'act',
        agent: 'Bookkeeper',
        description: 'Keeps the batch and hands it to n8n for payment.',
        calls: [
          {
            tool: 'artifact',
            arguments: {
              name: '"invoices.json"',
              content: `{"invoices": ${invoices}, "total": ${total}, "currency": totals.currency, "approvedByPerson": ${reviewed}}`,
            },
          },
          { tool: 'n8n', optional: true, arguments: batch },
        ],
        retry: patient,
      },
    ],
    edges: [
      { from: '__start__', to: 'each_invoice' },
      { from: 'extract', to: 'totals' },
      { from: 'totals', to: 'check' },
      {
        from: 'check',
        to: 'review',
        when: 'check.personNeeded != null || totals.incomplete > 0 || totals.mixed',
        label: 'much money, or not all was read',
      },
      { from: 'check', to: 'book', label: 'small and complete' },
      { from: 'review', to: '__end__', when: 'review.action == "REJECT"', label: 'rejected' },
      { from: 'review', to: 'book', label: 'approved or corrected' },
      { from: 'book', to: '__end__' },
    ],
    result: {
      status: 'book == null ? "rejected" : "booked"',
      invoices,
      total,
      currency: 'totals.currency',
      automated: 'review == null',
    },
    policy: {
      review: {
        amounts: [
          { above: 1_000, quorum: 1 },
          { above: 10_000, quorum: 2 },
        ],
      },
    },
    limits: { perMinute: 120 },
  },
}
