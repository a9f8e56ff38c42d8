/** Fixed ids of the demo that the first start seeds, so that each subgraph seeds its own part of it. */
export const DEMO = {
  agencyId: '0190a000-0000-7000-8000-000000000001',
  agencyName: 'Northwind Automation',
  clientId: '0190a000-0000-7000-8000-000000000002',
  clientName: 'Harbour Bank',
  /** Service client of the command line: its OAuth client id. */
  cliClientId: 'signalbox-cli',
  users: {
    admin: 'admin@northwind.example',
    owner: 'owner@harbour.example',
    reviewer: 'reviewer@harbour.example',
    viewer: 'viewer@harbour.example',
  },
  workflowSlug: 'support-triage',
  knowledgeBase: 'support-examples',
} as const
