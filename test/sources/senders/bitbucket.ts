import type { Examples } from './examples.ts';

const headersOf = (request: string, attempt = '1') => ({
  'X-Event-Key': 'repo:push',
  'X-Hook-UUID': '8a2',
  'X-Request-UUID': request,
  'X-Attempt-Number': attempt,
});
const body = { repository: { full_name: 'acme/shop' }, push: { changes: [] } };

export const bitbucket: Examples = {
  source: 'bitbucket',
  events: [
    {
      first: { headers: headersOf('r1'), body },
      again: { headers: headersOf('r1', '2'), body },
      other: { headers: headersOf('r2'), body },
    },
  ],
  refused: [
    {
      headers: { 'X-Event-Key': 'diagnostics:ping', 'X-Request-Id': 'r3' },
      body: { test: true },
      says: 'is a ping of Bitbucket',
    },
  ],
};
