/** The direction of imports: platforms and server know `shared`, nobody else; `test` may know all. */
const PLATFORMS = ['zapier-app', 'n8n-node', 'make-app'];

const only = (from, allowed) => ({
  name: `${from}-imports-only-shared`,
  severity: 'error',
  from: { path: `^${from}/(src|nodes|credentials)/` },
  to: {
    path: '^(shared|server|zapier-app|n8n-node|make-app|client|packaging|test)/',
    pathNot: `^(${[from, ...allowed].join('|')})(/|$)`,
  },
});

export default {
  forbidden: [
    ...[...PLATFORMS, 'server'].map((each) => only(each, ['shared'])),
    only('shared', []),
    only('client', [
      'shared',
      'server/src/(claims|store)',
      'server/src/(chore|clock).ts',
      'server/src/http/(answers|outcomes).ts',
    ]),
    {
      name: 'the-dashboard-is-a-client',
      comment: 'The dashboard runs in browsers: it knows the server by its HTTP API alone.',
      severity: 'error',
      from: { path: '^server/dashboard/' },
      to: { pathNot: ['^server/dashboard/', '^node_modules/preact/'] },
    },
    {
      name: 'the-server-serves-the-dashboard-as-files',
      severity: 'error',
      from: { path: '^(server/src|shared)/' },
      to: { path: '^server/dashboard/' },
    },
    {
      name: 'shared-is-bundled-everywhere',
      comment:
        'shared runs inside Zapier, n8n and Node: of Node it may use crypto and Buffer only, of packages small ones.',
      severity: 'error',
      from: { path: '^shared/src/' },
      to: { pathNot: ['^shared/src/', '^(node:)?(crypto|buffer)$', '^node_modules/canonicalize/'] },
    },
    {
      name: 'claims-know-nothing-of-the-server',
      comment:
        'What a claim is, and what it comes to, is told in one folder: programs may embed it without a server.',
      severity: 'error',
      from: { path: '^server/src/claims/' },
      to: { pathNot: ['^server/src/claims/', '^shared/src/', '^node:crypto$', '^crypto$'] },
    },
    {
      name: 'stores-know-nothing-of-http',
      comment: 'Programs may embed a store: what it needs is loaded, and no web server.',
      severity: 'error',
      from: { path: '^server/src/store/' },
      to: {
        path: ['^server/src/(http|cli|mcp|metrics|tracing)/', '^node_modules/(fastify|@fastify)/'],
        reachable: true,
      },
    },
    {
      name: 'no-circles',
      comment: 'A circle of types counts: whoever reads one of its files has to read them all.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/', '/build/'] },
    exclude: { path: ['/dist/', '/build/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
