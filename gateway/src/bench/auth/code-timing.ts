import { randomUUID } from 'node:crypto'
import { REQUEST_CODE, type Person } from './person.ts'

export interface CodeTiming {
  /** Medians in milliseconds. */
  known: number
  unknown: number
  asked: number
  /** Answers that differ in status, in their headers' names or in their length. */
  telling: number
}

/** People whom a code could sign in: each is invited. */
export async function invitePeople(owner: Person, count: number): Promise<string[]> {
  const addresses = Array.from({ length: count }, () => `known-${randomUUID()}@people.example`)
  for (const email of addresses) {
    await owner.expect('mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }', {
      input: { email, role: 'CLIENT_VIEWER' },
    })
  }
  return addresses
}

/** Asks for codes for known and unknown addresses in turn, each address once, each kind as often before the other as after it. */
export async function measureCodes(url: string, known: string[]): Promise<CodeTiming> {
  const took = { known: [] as number[], unknown: [] as number[] }
  const shapes = new Set<string>()
  for (const [index, address] of known.entries()) {
    const pair = [
      ['known', address],
      ['unknown', address.replace('known', 'other')],
    ] as const
    for (const [kind, asked] of index % 2 === 0 ? pair : pair.toReversed()) {
      const startedAt = performance.now()
      const shape = await ask(url, asked)
      took[kind].push(performance.now() - startedAt)
      shapes.add(shape)
    }
  }
  return { known: median(took.known), unknown: median(took.unknown), asked: known.length * 2, telling: shapes.size - 1 }
}

/** @returns what an onlooker could tell answers apart by */
async function ask(url: string, address: string): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-signalbox-csrf': '1', origin: url },
    body: JSON.stringify({ query: REQUEST_CODE, variables: { input: { channel: 'EMAIL', address } } }),
  })
  const body = await response.text()
  if (!body.includes('challengeId')) throw new Error(`no code was sent: ${response.status} ${body.slice(0, 200)}`)
  return `${response.status} ${[...response.headers.keys()].sort().join()} ${body.length}`
}

function median(values: number[]): number {
  return values.sort((one, other) => one - other)[Math.floor(values.length / 2)]!
}
