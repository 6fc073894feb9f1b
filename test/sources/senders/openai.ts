import type { Examples } from './examples.ts';

const body = {
  id: 'evt_685343a1381c819085d44c354e1b330e',
  object: 'event',
  created_at: 1_750_287_018,
  type: 'response.completed',
  data: { id: 'resp_abc123' },
};
const headers = {
  'webhook-id': 'wh_685342e6c53c8190a1be43f081506c52',
  'webhook-timestamp': '1750287078',
  'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  'user-agent': 'OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)',
};

export const openai: Examples = {
  source: 'openai',
  events: [
    {
      first: { headers, body },
      again: {
        headers: { ...headers, 'webhook-timestamp': '1750290678', 'webhook-signature': 'v1,AAAA' },
        body,
      },
      other: {
        headers: { ...headers, 'webhook-id': 'wh_685342e6c53c8190a1be43f081506c53' },
        body: { ...body, id: 'evt_685343a1381c819085d44c354e1b330f' },
      },
    },
    // Without headers, as a native trigger hands it over.
    {
      first: { body },
      again: { headers, body },
      other: { body: { ...body, id: 'evt_685343a1381c819085d44c354e1b330f' } },
    },
  ],
};
