const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@shareable", "@authenticated", "@requiresScopes"])
`

/** Small subgraphs of the platform's shape: who signs in, what runs, what it costs. */
export const AUTH_SDL = `${LINK}
type Query { viewer: User secret: Secret @authenticated closed: String @requiresScopes(scopes: []) members: [Member!]! me: Person }
type Mutation { requestOtp: String verifyOtp(code: String!): User refreshSession: User signOut: Boolean! }
type User @key(fields: "id") { id: ID! name: String! email: String @requiresScopes(scopes: [["org:admin"]]) }
type Secret @authenticated { text: String! }
interface Member { id: ID! note: String }
type Person implements Member { id: ID! note: String @requiresScopes(scopes: [["org:admin"], ["audit:read", "wrm:read"]]) }
type Robot implements Member { id: ID! note: String }
`

export const WORKFLOW_SDL = `${LINK}
type Query { run(id: ID!): Run @requiresScopes(scopes: [["wrm:read"]]) runs: [Run!]! @requiresScopes(scopes: [["wrm:read"]]) history(first: Int, last: Int): History! broken: String fails: String limited: String }
type Mutation { startRun(input: StartRunInput!): Run @requiresScopes(scopes: [["wrm:write"]]) }
input StartRunInput { text: String! tags: [String!] }
type Subscription {
  runTransitions(runId: ID!, after: Int): RunTransition! @requiresScopes(scopes: [["wrm:read"]])
  ticks: Int!
  pages: Page!
}
type History { nodes: [Run!]! }
type Page { seq: Int! text: String! }
type RunTransition { seq: Int! run: Run! }
type Run @key(fields: "id") { id: ID! status: String! startedBy: User history(first: Int): History }
type User @key(fields: "id", resolvable: false) { id: ID! }
`

export const TELEMETRY_SDL = `${LINK}
type Query { kpis: Int! @requiresScopes(scopes: [["kpi:read"]]) }
type Run @key(fields: "id") { id: ID! cost: Cost asOfSeq: Int }
type Cost { total: Float! }
`
