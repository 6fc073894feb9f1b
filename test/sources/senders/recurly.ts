import type { Examples } from './examples.ts';

const body = {
  id: 'q3k9s1',
  object_type: 'subscription',
  site_id: 'mp5k2',
  event_type: 'renewed',
  event_time: '2026-11-25T09:00:00Z',
};

export const recurly: Examples = {
  source: 'recurly',
  events: [
    {
      first: { headers: { 'recurly-signature': '1764060000,a0' }, body },
      again: { headers: { 'recurly-signature': '1764063600,b1' }, body },
      other: { body: { ...body, event_time: '2026-12-25T09:00:00Z' } },
    },
  ],
};
