/** The house's walls. A subgraph never imports another; shared imports none; the web and the CLI know only the public endpoint. */
const no = (name, from, to, comment) => ({ name, severity: 'error', comment, from: { path: from }, to: { path: to } })

const TESTS = ['[.]test[.]ts$', '/testing/', 'testkit', '/egress/canary[.]ts$', '[.]d[.]ts$']
/** The guard; calls between our own services; the object store; and what only asks whether a text is an IP address. */
const WAYS_OUT = [
  '^subgraphs/shared/src/egress([.]ts$|/)',
  '^subgraphs/shared/src/service-call[.]ts$',
  '^subgraphs/workflow/src/artifacts/artifact-store[.]ts$',
  '^subgraphs/shared/src/masking[.]ts$',
  '^subgraphs/auth/src/challenges/client-address[.]ts$',
]

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(virtual:|@graphql-typed-document-node/core)' },
    },
    no('auth-alone', '^subgraphs/auth', '^subgraphs/(workflow|telemetry)', 'a subgraph never imports another'),
    no('workflow-alone', '^subgraphs/workflow', '^subgraphs/(auth|telemetry)', 'a subgraph never imports another'),
    no('telemetry-alone', '^subgraphs/telemetry', '^subgraphs/(auth|workflow)', 'a subgraph never imports another'),
    no('shared-below', '^subgraphs/shared', '^(subgraphs/(auth|workflow|telemetry)|gateway|web)', 'shared imports no subgraph'),
    no(
      'gateway-has-no-rules',
      '^gateway',
      '^(subgraphs/(auth|workflow|telemetry)|web)',
      'the gateway reaches subgraphs by GraphQL only',
    ),
    no('gateway-has-no-database', '^gateway/src/(?!e2e)', 'node_modules/(pg|@mikro-orm)/', 'the gateway touches no database'),
    no('web-alone', '^web/src', '^(gateway|subgraphs|infra)/', 'the dashboard calls nothing but the gateway'),
    no(
      'cli-is-a-client',
      '^gateway/src/cli',
      '^gateway/src/(?!cli)',
      'the command-line client uses the public endpoint like any other',
    ),
    {
      name: 'one-way-out',
      severity: 'error',
      comment:
        'a subgraph reaches the outside through shared/src/egress.ts only; the exceptions are what the operator alone addresses',
      from: { path: '^subgraphs/.*[.]ts$', pathNot: [...TESTS, ...WAYS_OUT] },
      to: {
        path: '^((node:)?(http|https|http2|net|tls|dgram)$|.*node_modules/(undici|ws|axios|got|node-fetch)/)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'web-features-alone',
      severity: 'error',
      comment: 'a feature of the dashboard uses another only through ui/',
      from: { path: '^web/src/features/([^/]+)/' },
      to: { path: '^web/src/features/([^/]+)/', pathNot: '^web/src/features/$1/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|dist-types)/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
}
