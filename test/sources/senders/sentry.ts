import type { Examples } from './examples.ts';

const headersOf = (id: string) => ({ 'Request-ID': id, 'Sentry-Hook-Resource': 'issue' });
const body = { action: 'resolved', data: { issue: { id: '1170820242' } }, actor: { type: 'user', id: 1 } };

export const sentry: Examples = {
  source: 'sentry',
  events: [
    {
      first: { headers: headersOf('4e8f29c3'), body },
      again: { headers: headersOf('4e8f29c3'), body },
      // Resolved again, after it came back.
      other: { headers: headersOf('5f9a30d4'), body },
    },
  ],
};
