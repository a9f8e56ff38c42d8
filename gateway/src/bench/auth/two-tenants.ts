import { randomUUID } from 'node:crypto'
import { signIn, type Person } from './person.ts'

/** A client organisation whose every text carries a mark. */
export interface Tenant {
  mark: string
  owner: Person
}

export interface Interleaved {
  requests: number
  /** Answers in which anything of the other tenant stands. */
  foreign: number
  /** Answers with an error, or without the caller's own mark. */
  failed: number
  perSecond: number
}

/** One a subgraph; each answer carries the mark of the tenant that it is for. */
const QUESTIONS = [
  '{ viewer { organization { id name members { nodes { user { displayName email } } } invitations { email } } } }',
  '{ knowledgeBases { id name } runs(first: 5) { totalCount nodes { id caseId } } }',
  '{ kpis(range: { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" }) { turnaround { n baseline { id window } } } }',
]
/** Requests at the same time: many times the connections that there are. */
const AT_ONCE = 48

/** Two clients of one agency, made for this. */
export async function createTenants(url: string, inboxUrl: string): Promise<[Tenant, Tenant]> {
  const admin = await signIn(url, inboxUrl, 'admin@northwind.example')
  return [await createTenant(url, inboxUrl, admin, 'red'), await createTenant(url, inboxUrl, admin, 'blue')]
}

async function createTenant(url: string, inboxUrl: string, admin: Person, name: string): Promise<Tenant> {
  const mark = `${name}${randomUUID().slice(0, 8)}`
  const ownerEmail = `owner@${mark}.example`
  await admin.expect(
    'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }',
    {
      input: { name: `${mark} client`, ownerEmail },
    },
  )
  const owner = await signIn(url, inboxUrl, ownerEmail)
  await owner.expect('mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }', {
    input: { email: `invited@${mark}.example`, role: 'CLIENT_VIEWER' },
  })
  await owner.expect(
    'mutation ($input: CreateKnowledgeBaseInput!) { createKnowledgeBase(input: $input) { knowledgeBase { id } } }',
    {
      input: { name: `${mark} base` },
    },
  )
  await owner.expect('mutation ($input: SetBaselineInput!) { setBaseline(input: $input) { created } }', {
    input: { kpi: 'TURNAROUND', median: 20, n: 40, source: 'ESTIMATED', window: `${mark} window` },
  })
  return { mark, owner }
}

/** Asks for both tenants in turn, many at a time, and looks at every answer for what is the other one's. */
export async function interleave(tenants: [Tenant, Tenant], requests: number): Promise<Interleaved> {
  const counted = { requests, foreign: 0, failed: 0 }
  let next = 0
  const startedAt = performance.now()
  const work = async () => {
    for (let index = next++; index < requests; index = next++) {
      const [mine, other] = index % 2 === 0 ? tenants : [tenants[1], tenants[0]]
      const { text, errors } = await mine.owner.ask(QUESTIONS[Math.floor(index / 2) % QUESTIONS.length]!)
      if (text.includes(other.mark)) counted.foreign += 1
      if (errors !== undefined || !text.includes(mine.mark)) counted.failed += 1
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return { ...counted, perSecond: requests / ((performance.now() - startedAt) / 1000) }
}
