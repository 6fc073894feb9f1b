import type { Examples } from './examples.ts';

const body = {
  id: '367cba44-b6f3-4c92-81e7-6a2e9659efd4',
  timestamp: '2026-11-25T09:00:00.000Z',
  subscription_id: '29d75c0d-5546-4414-8459-7b7a92f1fc4b',
  integration_id: '0ef2e755-4912-8096-91c1-00376a88a5ca',
  type: 'page.content_updated',
  attempt_number: 1,
  entity: { id: '153104cd-477e-809d-8dc4-ff2d96ae3090', type: 'page' },
};

export const notion: Examples = {
  source: 'notion',
  events: [
    {
      first: { body },
      again: { body: { ...body, attempt_number: 2 } },
      other: { body: { ...body, id: '367cba44-b6f3-4c92-81e7-6a2e9659efd5' } },
    },
  ],
  refused: [{ body: { verification_token: 'secret_tMrl' }, says: 'by which Notion checks the address' }],
};
