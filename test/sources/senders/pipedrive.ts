import type { Examples } from './examples.ts';

const meta = {
  action: 'change',
  entity: 'deal',
  entity_id: '35',
  company_id: '12345',
  user_id: '5',
  timestamp: '2026-11-25T08:58:00.000Z',
  id: '1f7c1b1c-0c1a-4a6e-8c0e-6d0a54d7d7a1',
  correlation_id: '6d0a54d7-8c0e-4a6e-0c1a-1f7c1b1c7a1f',
  webhook_id: '77',
  version: '2.0',
  attempt: 1,
};
const data = { id: 35, title: 'Deal', value: 4_200 };
const first = {
  v: 1,
  event: 'updated.deal',
  meta: {
    ...{ v: 1, action: 'updated', object: 'deal', id: 35, company_id: 12_345, webhook_id: '77' },
    timestamp_micro: 1_764_060_000_123_456,
    change_source: 'app',
  },
  retry: 0,
  current: data,
};

export const pipedrive: Examples = {
  source: 'pipedrive',
  events: [
    {
      first: { body: { meta, data, previous: {} } },
      again: { body: { meta: { ...meta, attempt: 2 }, data, previous: {} } },
      other: { body: { meta: { ...meta, id: '1f7c1b1c-0c1a-4a6e-8c0e-6d0a54d7d7a2' }, data, previous: {} } },
    },
    {
      first: { body: first },
      again: { body: { ...first, retry: 1 } },
      other: { body: { ...first, meta: { ...first.meta, timestamp_micro: 1_764_060_000_123_457 } } },
    },
  ],
};
