import { lacking } from './test/left-out.mjs';

/**
 * Tests run as CommonJS (jest's stable mode) on the pinned Node; sources stay ES modules with `.ts` imports. The script
 * keeps Node from stripping types: it does so by WebAssembly, anew in every thread, and V8 aborts now and then where
 * WebAssembly comes and goes (nodejs/node#64500). So the store's thread runs what was built.
 */
export default {
  testEnvironment: 'node',
  // Most of them wait for other processes: two to a core of the smallest machine keep it busy.
  maxWorkers: 4,
  workerGracefulExitTimeout: 10_000,
  globalSetup: '<rootDir>/test/run-folder.mjs',
  setupFilesAfterEnv: ['<rootDir>/test/begun-once.mjs'],
  testSequencer: '<rootDir>/test/sequencer.mjs',
  reporters: ['default', '<rootDir>/test/closing-line.mjs'],
  // Some steps wait twenty seconds for a run at work, as they do for users; a machine may be slow, and the disk busy.
  testTimeout: 180_000,
  testMatch: ['<rootDir>/{shared,server,zapier-app,n8n-node,make-app,client,packaging,test}/**/*.test.ts'],
  testPathIgnorePatterns: [
    ...['/node_modules/', '/dist/', '/build/', '\\.long\\.test\\.ts$'],
    ...lacking().map(({ pattern }) => pattern),
  ],
  modulePathIgnorePatterns: ['/dist/', '/build/', '<rootDir>/release'],
  transform: {
    '\\.[jt]s$|\\.mjs$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // It says how it is imported, and not how it is required.
  moduleNameMapper: {
    '^@octokit/webhooks-methods$': '<rootDir>/node_modules/@octokit/webhooks-methods/dist-node/index.js',
  },
  // Packages that ship ES modules only.
  transformIgnorePatterns: [
    '/node_modules/(?!(@noble/hashes|ai|@ai-sdk/[^/]+|@workflow/serde|zod|typebox|p-timeout|canonicalize|cookie|string-width|get-east-asian-width|strip-ansi|ansi-regex|@octokit/webhooks-examples|@octokit/webhooks-methods|syllable|flesch-kincaid)/)',
  ],
};
