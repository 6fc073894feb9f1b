import type { Examples } from './examples.ts';

const body = {
  base: { id: 'app00000000000000' },
  webhook: { id: 'ach00000000000000' },
  timestamp: '2022-02-01T21:25:05.663Z',
};

export const airtable: Examples = {
  source: 'airtable',
  events: [],
  refused: [{ body, says: 'List the webhook’s payloads by its cursor' }],
};
