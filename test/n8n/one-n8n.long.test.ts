import { shareN8n } from './setting.ts';

/** One n8n, which takes half a minute to start; one suite after the other, each with workflows of its own. */
shareN8n();

describe.each([
  ...[
    'agent',
    'between',
    'editor',
    'empty-results',
    'failing',
    'finishing',
    'groups',
    'items',
    'key-from',
    'key-parts',
    'templates',
    'watch',
  ],
  ...['../recipes/editor', '../recipes/n8n', '../recipes/n8n-habits'],
])('%s', (name) => {
  jest.requireActual(`./${name}.suite.ts`);
});
